/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer's registers.
 */
#include "boards/digitizer.h"

#include <stddef.h>

#define CLEAR_NS     10	 /* a word of external memory */
#define BOOT_PORT    0x04 /* the DSP's: program words go in there */
#define BOOT_WORDS   768
#define DSP_RUNNING  0x4a000 /* reads 1 once a program was loaded */

/* Registers of the DSP and of the run exist once the logic is loaded. */
static bool loaded(const struct digitizer *d)
{
	return d->config == CONFIG_LOADED;
}

static uint32_t csr_get(const struct digitizer *d)
{
	uint32_t value = d->csr;

	if (d->csr & CSR_RUN)
		value |= CSR_RUN_ACTIVE;
	if (d->dsp_ready || (d->watermark &&
			     d->fifo.counts.level >= d->watermark))
		value |= CSR_WATERMARK;
	if (d->clearing_until > digitizer_now(d))
		value |= CSR_CLEARING;
	return value;
}

static uint32_t count_get(const struct digitizer *d, uint32_t offset)
{
	switch (offset) {
	case DIGITIZER_PRODUCED:
		return (uint32_t)d->snapshot.produced;
	case DIGITIZER_PRODUCED + 4:
		return (uint32_t)(d->snapshot.produced >> 32);
	case DIGITIZER_DELIVERED:
		return (uint32_t)d->snapshot.delivered;
	case DIGITIZER_DELIVERED + 4:
		return (uint32_t)(d->snapshot.delivered >> 32);
	case DIGITIZER_OVERFLOWED:
		return (uint32_t)d->snapshot.overflowed;
	case DIGITIZER_OVERFLOWED + 4:
		return (uint32_t)(d->snapshot.overflowed >> 32);
	case DIGITIZER_SNAPSHOT:
		return d->snapshots;
	default:
		return d->snapshot.level;
	}
}

/* What can be read although nothing was loaded. */
static uint32_t early_get(struct digitizer *d, uint32_t offset)
{
	switch (offset) {
	case DIGITIZER_CONFIG_CONTROL:
		return d->config_control;
	case DIGITIZER_CONFIG_STATUS:
		return d->config;
	case DIGITIZER_VERSION:
		return (uint32_t)d->set.revision;
	case DIGITIZER_LINE:
		return line_read(&d->line);
	case DIGITIZER_CARD:
		return (uint32_t)d->set.card;
	case DIGITIZER_SERIAL:
		return (uint32_t)d->set.serial;
	case DIGITIZER_FIRMWARE:
		return (uint32_t)d->set.firmware;
	case DIGITIZER_SCRATCH:
		return d->scratch;
	case DIGITIZER_DEPTH:
		return d->fifo.depth;
	case DIGITIZER_MISSED_EDGES:
		return (uint32_t)d->line.missed;
	default:
		return loaded(d) ? 0 : 0xffffffffu;
	}
}

uint32_t digitizer_get(void *board, uint32_t offset)
{
	struct digitizer *d = board;

	if (!loaded(d))
		return early_get(d, offset);
	switch (offset) {
	case DIGITIZER_CSR:
		return csr_get(d);
	case DIGITIZER_DSP_ADDRESS:
		return d->dsp.at;
	case DIGITIZER_DSP_DATA:
		return memory_get(&d->dsp);
	case DIGITIZER_DSP_DMA_CONTROL:
		return d->dsp_control;
	case DIGITIZER_LEVEL:
		return d->fifo.counts.level;
	case DIGITIZER_SNAPSHOT:
	case DIGITIZER_PRODUCED:
	case DIGITIZER_PRODUCED + 4:
	case DIGITIZER_DELIVERED:
	case DIGITIZER_DELIVERED + 4:
	case DIGITIZER_OVERFLOWED:
	case DIGITIZER_OVERFLOWED + 4:
	case DIGITIZER_SNAPSHOT_LEVEL:
		return count_get(d, offset);
	case DIGITIZER_ARMED:
		return d->armed;
	case DIGITIZER_INTERRUPT_LEVEL:
		return d->interrupt_level;
	case DIGITIZER_UNARMED:
		return d->unarmed;
	case DIGITIZER_UNDERFLOWS:
		return d->underflows;
	case DIGITIZER_RATE:
		return (uint32_t)d->fifo.rate;
	default:
		return early_get(d, offset);
	}
}

/*
 * Three groups of logic, a nibble each.  The control register clears a group
 * (1, 5, 5) and makes it ready (3, f, f); data then loads those that are; the
 * status tells which are cleared (1, 5, 5) and loaded (3, a, a).
 */
static void config_control(struct digitizer *d, uint32_t value)
{
	if ((value & 0xf) == 1)
		d->config = (d->config & ~0xfu) | 1;
	if ((value & 0xf0) == 0x50)
		d->config = (d->config & ~0xf0u) | 0x50;
	if ((value & 0xf00) == 0x500)
		d->config = (d->config & ~0xf00u) | 0x500;
	d->config_control = value;
}

static void config_data(struct digitizer *d)
{
	if ((d->config_control & 0xf) == 3 && (d->config & 0xf) == 1)
		d->config |= 0x3;
	if ((d->config_control & 0xf0) == 0xf0 && (d->config & 0xf0) == 0x50)
		d->config ^= 0xf0;
	if ((d->config_control & 0xf00) == 0xf00 &&
	    (d->config & 0xf00) == 0x500)
		d->config ^= 0xf00;
}

/* Its program is gone, and so is the word that told of it. */
void dsp_reset(struct digitizer *d)
{
	d->dsp_loaded = 0;
	d->dsp.words[DSP_RUNNING & (d->dsp.size - 1)] = 0;
}

static void csr_set(struct digitizer *d, uint32_t value)
{
	uint32_t changed = d->csr ^ value;

	d->csr = value & CSR_WRITABLE & ~(CSR_DSP_RESET | CSR_WATERMARK);
	if (changed & CSR_RUN)
		fifo_run(&d->fifo, value & CSR_RUN, digitizer_now(d));
	if (value & CSR_DSP_RESET)
		dsp_reset(d);
}

/* Words for the DSP's boot port are its program. */
static void dsp_data(struct digitizer *d, uint32_t value)
{
	if (d->dsp.at != BOOT_PORT) {
		memory_put(&d->dsp, value);
		return;
	}
	if (++d->dsp_loaded == BOOT_WORDS)
		d->dsp.words[DSP_RUNNING & (d->dsp.size - 1)] = 1;
}

static void dsp_read(struct digitizer *d)
{
	d->dsp_ready = d->dsp_control == DSP_DMA_GO;
	d->dsp_left = d->dsp_ready ? d->dsp_count : 0;
	memory_seek(&d->dsp, d->dsp_index);
}

static void arm(struct digitizer *d, uint32_t words)
{
	d->armed = words;
	d->dsp_ready = false;
}

static void snapshot(struct digitizer *d)
{
	d->snapshot = d->fifo.counts;
	d->snapshots++;
}

static void early_set(struct digitizer *d, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case DIGITIZER_CONFIG_DATA:
		config_data(d);
		break;
	case DIGITIZER_CONFIG_CONTROL:
		config_control(d, value);
		break;
	case DIGITIZER_LINE:
		line_write(&d->line, value);
		break;
	case DIGITIZER_SCRATCH:
		d->scratch = value;
		break;
	default:
		break;
	}
}

static void memory_set(struct digitizer *d, uint32_t offset, uint32_t value)
{
	if (!(d->csr & CSR_PCI_ACTIVE))
		return;
	if (offset == DIGITIZER_MEMORY_ADDRESS) {
		memory_seek(&d->external, value);
	} else if (offset == DIGITIZER_MEMORY_READ) {
		memory_rewind(&d->external);
	} else {
		memory_clear(&d->external, value);
		d->clearing_until = digitizer_now(d) +
				    CLEAR_NS * (uint64_t)value;
	}
}

static void dsp_set(struct digitizer *d, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case DIGITIZER_DSP_ADDRESS:
		memory_seek(&d->dsp, value);
		break;
	case DIGITIZER_DSP_DATA:
		dsp_data(d, value);
		break;
	case DIGITIZER_DSP_DMA_CONTROL:
		d->dsp_control = value;
		d->dsp_ready = d->dsp_ready && value == DSP_DMA_GO;
		break;
	case DIGITIZER_DSP_DMA_INDEX:
		d->dsp_index = value;
		break;
	case DIGITIZER_DSP_DMA_COUNT:
		d->dsp_count = value;
		break;
	default:
		dsp_read(d);
		break;
	}
}

void digitizer_set(void *board, uint32_t offset, uint32_t value)
{
	struct digitizer *d = board;

	if (!loaded(d)) {
		early_set(d, offset, value);
		return;
	}
	switch (offset) {
	case DIGITIZER_CSR:
		csr_set(d, value);
		break;
	case DIGITIZER_MEMORY_ADDRESS:
	case DIGITIZER_MEMORY_READ:
	case DIGITIZER_MEMORY_CLEAR:
		memory_set(d, offset, value);
		break;
	case DIGITIZER_DSP_ADDRESS:
	case DIGITIZER_DSP_DATA:
	case DIGITIZER_DSP_DMA_CONTROL:
	case DIGITIZER_DSP_DMA_INDEX:
	case DIGITIZER_DSP_DMA_COUNT:
	case DIGITIZER_DSP_READ:
		dsp_set(d, offset, value);
		break;
	case DIGITIZER_ARM:
		arm(d, value);
		break;
	case DIGITIZER_LEVEL:
		d->watermark = value;
		break;
	case DIGITIZER_FIFO_CLEAR:
		fifo_clear(&d->fifo);
		d->armed = 0;
		break;
	case DIGITIZER_SNAPSHOT:
		snapshot(d);
		break;
	case DIGITIZER_INTERRUPT_LEVEL:
		d->interrupt_level = value;
		break;
	case DIGITIZER_RATE:
		fifo_set_rate(&d->fifo, value, digitizer_now(d));
		break;
	default:
		early_set(d, offset, value);
		break;
	}
}
