/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer as a plug-in: its options, its addresses, its interrupt.
 *
 * Nothing runs by itself here.  Whoever accesses the board brings its clock up
 * to the present first; an alarm is asked for only when somebody waits for a
 * level: an access that was held off, or whoever enabled LINTi#.
 */
#include "boards/digitizer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boards/lwords.h"
#include "boards/options.h"

#define DSP_WORDS     131072
#define DSP_SYSCON    0x00 /* what a reset leaves in two of its registers */
#define DSP_DMA10     0x1c
#define FIRST_SERIAL  1000
#define LATEST_SERIAL 1000000000

static int settings_parse(struct digitizer_settings *set,
			  const char *const *options, char *why,
			  size_t why_size)
{
	const struct board_option table[] = {
		{ "depth", 16, 1 << 26, &set->depth, NULL },
		{ "word_rate", 0, 1e9, &set->word_rate, NULL },
		{ "memory", 1024, 1 << 26, &set->memory, NULL },
		{ "card", 0, 31, &set->card, NULL },
		{ "crate", 0, 7, &set->crate, NULL },
		{ "serial", 0, LATEST_SERIAL, &set->serial, NULL },
		{ "revision", 10, 15, &set->revision, NULL },
		{ "firmware", 0, 0xffffffff, &set->firmware, NULL },
		{ "linti", 0, 1 << 26, &set->linti, NULL },
		{ "arm", 0, 1, &set->arm, NULL },
		{ "boot", 0, 1, &set->boot, NULL },
		{ "seed", 0, 0xffffffff, &set->seed, NULL },
		{ "reads", 0, 1000, &set->reads, NULL },
		{ NULL, 0, 0, NULL, NULL },
	};

	*set = (struct digitizer_settings){
		.depth = 131072,
		.word_rate = 1000000,
		.memory = 524288,
		.card = 2, /* the first slot of a crate that isn't its
			    * controller's */
		.crate = 1,
		.serial = LATEST_SERIAL + 1,
		.revision = 15,
		.firmware = 0x00010000,
		.arm = 1,
		.boot = 1,
		.reads = 1,
	};
	return board_options(options, table, why, why_size);
}

/* The module's description, as far as the host's software reads it. */
static void describe(struct digitizer *d)
{
	uint8_t *eeprom = d->line.eeprom;

	d->line.port = (uint8_t)(d->set.card << 3 | d->set.crate);
	eeprom[0] = (uint8_t)d->set.serial;
	eeprom[1] = (uint8_t)(d->set.serial >> 8);
	eeprom[2] = (uint8_t)d->set.revision;
	eeprom[99] = 12;   /* bits of the converters */
	eeprom[100] = 250; /* and their MHz, 16 bits */
	eeprom[101] = 0;
}

static int digitizer_open(const struct plxdma_board_host *host,
			  const char *const *options, void **board, char *why,
			  size_t why_size)
{
	struct digitizer *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return -ENOMEM;
	d->host = host;
	ret = settings_parse(&d->set, options, why, why_size);
	if (ret)
		goto out_free;
	if (d->set.serial > LATEST_SERIAL)
		d->set.serial = FIRST_SERIAL + d->set.card;
	ret = fifo_open(&d->fifo, (uint32_t)d->set.depth,
			(uint32_t)d->set.card);
	if (ret)
		goto out_free;
	ret = memory_open(&d->external, (uint32_t)d->set.memory);
	if (ret)
		goto out_fifo;
	ret = memory_open(&d->dsp, DSP_WORDS);
	if (ret)
		goto out_external;
	memory_fill(&d->external, (uint32_t)d->set.seed);
	digitizer_reset(d);
	d->config = d->set.boot ? CONFIG_LOADED : 0;
	*board = d;
	return 0;

out_external:
	memory_close(&d->external);
out_fifo:
	fifo_close(&d->fifo);
out_free:
	free(d);
	return ret;
}

static void digitizer_close(void *board)
{
	struct digitizer *d = board;

	memory_close(&d->dsp);
	memory_close(&d->external);
	fifo_close(&d->fifo);
	free(d);
}

/* LRESETo# takes the logic that was loaded, and the run with it. */
void digitizer_reset(void *board)
{
	struct digitizer *d = board;

	d->fifo.running = false;
	fifo_clear(&d->fifo);
	d->fifo.rate = d->set.word_rate;
	line_open(&d->line, (unsigned int)d->set.reads);
	describe(d);
	memory_seek(&d->external, 0);
	memory_seek(&d->dsp, 0);
	d->dsp.words[DSP_SYSCON] = 0x10;
	d->dsp.words[DSP_DMA10] = 0xa1;
	d->csr = d->config = d->config_control = 0;
	d->watermark = d->armed = d->wanted = 0;
	d->unarmed = d->underflows = d->scratch = d->snapshots = 0;
	d->snapshot = (struct fifo_counts){ 0 };
	d->clearing_until = 0;
	d->dsp_control = d->dsp_count = d->dsp_left = 0;
	dsp_reset(d);
	d->dsp_ready = false;
	d->interrupt_level = (uint32_t)d->set.linti;
	digitizer_settle(d);
}

uint64_t digitizer_now(const struct digitizer *d)
{
	return d->host->now(d->host->card);
}

void digitizer_advance(struct digitizer *d)
{
	fifo_advance(&d->fifo, digitizer_now(d));
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* LINTi# by the level, and an alarm for whoever waits for one. */
void digitizer_settle(struct digitizer *d)
{
	uint32_t level = d->fifo.counts.level;
	bool linti = d->interrupt_level && level >= d->interrupt_level;
	uint64_t alarm = 0;

	if (linti != d->linti)
		d->host->linti(d->host->card, linti);
	d->linti = linti;
	if (d->interrupt_level && !linti)
		alarm = fifo_when(&d->fifo, d->interrupt_level);
	if (d->wanted)
		alarm = earlier(alarm, fifo_when(&d->fifo, d->wanted));
	if (alarm != d->alarm)
		d->host->alarm(d->host->card, alarm);
	d->alarm = alarm;
}

/* A level was reached that somebody waits for. */
static uint64_t digitizer_time(void *board, uint64_t now)
{
	struct digitizer *d = board;

	d->alarm = 0;
	fifo_advance(&d->fifo, now);
	if (d->wanted && d->fifo.counts.level >= d->wanted)
		d->wanted = 0;
	digitizer_settle(d);
	return d->alarm;
}

static size_t digitizer_read(void *board, uint32_t address, void *data,
			     size_t size,
			     const struct plxdma_board_access *access)
{
	struct digitizer *d = board;
	size_t got = size;

	digitizer_advance(d);
	if (port_is(address))
		got = port_read(d, address, data, size, access);
	else if (address < DIGITIZER_REGISTERS_SIZE)
		lwords_read(d, address, data, size, digitizer_get);
	else
		memset(data, 0xff, size);
	digitizer_settle(d);
	return got;
}

static size_t digitizer_write(void *board, uint32_t address, const void *data,
			      size_t size,
			      const struct plxdma_board_access *access)
{
	struct digitizer *d = board;
	const uint8_t *from = data;

	(void)access;
	digitizer_advance(d);
	if (address < DIGITIZER_REGISTERS_SIZE)
		lwords_write(d, address, from, size, digitizer_get,
			     digitizer_set);
	else
		port_write(d, address, from, size);
	digitizer_settle(d);
	return size;
}

/* BAR2 shows registers and ports; the EEPROM of that module leaves BAR3 off. */
static const struct plxdma_board_identity digitizer_identity = {
	.class_revision = 0x0680000b,
	.space = { { .local = 0, .size = 0x00800000, .width = 32 } },
};

static const struct plxdma_board_ops digitizer_ops = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "digitizer",
	.open = digitizer_open,
	.close = digitizer_close,
	.reset = digitizer_reset,
	.read = digitizer_read,
	.write = digitizer_write,
	.time = digitizer_time,
	.identity = &digitizer_identity,
};

const struct plxdma_board_ops *plxdma_board(void)
{
	return &digitizer_ops;
}
