/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer's ports: its event FIFO, its external memory, its DSP.
 */
#include "boards/digitizer.h"

#include <string.h>

#include "boards/lwords.h"

/* For a burst that will be complete so soon the channel is held off, or it
 * would come for each handful of words. */
#define SOON_NS 20000

static bool held_off(struct digitizer *d, uint32_t words,
		     const struct plxdma_board_access *access)
{
	uint64_t now = digitizer_now(d);

	if (access->channel == PLXDMA_BOARD_HOST ||
	    d->fifo.counts.level >= words)
		return false;
	return fifo_when(&d->fifo, words) - now <= SOON_NS;
}

/*
 * The FIFO's port.  Words that were armed for come when they are there, until
 * then READY# holds the channel off; what nobody armed for isn't driven.
 */
static size_t fifo_port(struct digitizer *d, uint8_t *to, size_t words,
			const struct plxdma_board_access *access)
{
	size_t n = words;

	d->wanted = 0;
	if (d->set.arm && !d->armed) {
		d->unarmed += (uint32_t)words;
		memset(to, 0xff, 4 * words);
		return words;
	}
	if (d->set.arm && d->armed < n)
		n = d->armed;
	if (held_off(d, (uint32_t)n, access)) {
		d->wanted = (uint32_t)n;
		return 0;
	}
	n = fifo_pop(&d->fifo, to, n);
	if (d->set.arm)
		d->armed -= (uint32_t)n;
	if (n)
		return n;
	if (access->channel != PLXDMA_BOARD_HOST) {
		d->wanted = d->armed && d->armed < words ? d->armed :
							   (uint32_t)words;
		if (d->wanted > d->fifo.depth)
			d->wanted = d->fifo.depth;
		return 0;
	}
	d->underflows++;
	return 0;
}

/* Nobody else gets at the external memory while PCI isn't announced. */
static size_t memory_port(struct digitizer *d, uint8_t *to, size_t words)
{
	for (size_t i = 0; i < words; i++)
		lword_store(to + 4 * i, d->csr & CSR_PCI_ACTIVE ?
						memory_get(&d->external) :
						0xffffffffu);
	return words;
}

/* What the DSP's own DMA feeds into the short FIFO. */
static size_t dsp_port(struct digitizer *d, uint8_t *to, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		uint32_t value = 0xffffffffu;

		if (d->dsp_ready && d->dsp_left) {
			d->dsp_left--;
			value = memory_get(&d->dsp);
		}
		lword_store(to + 4 * i, value);
	}
	return words;
}

static size_t port_words(struct digitizer *d, uint32_t port, uint8_t *to,
			 size_t words,
			 const struct plxdma_board_access *access)
{
	switch (port) {
	case DIGITIZER_FIFO_PORT:
		return fifo_port(d, to, words, access);
	case DIGITIZER_MEMORY:
		return memory_port(d, to, words);
	default:
		return dsp_port(d, to, words);
	}
}

/* A part of an Lword takes a whole one. */
size_t port_read(struct digitizer *d, uint32_t address, uint8_t *to,
		 size_t size, const struct plxdma_board_access *access)
{
	uint32_t port = address & ~(DIGITIZER_PORT_SIZE - 1);
	size_t lead = address % 4, room = 4 - lead;
	uint8_t part[4];

	if (!lead && size >= 4)
		return 4 * port_words(d, port, to, size / 4, access);
	size = size < room ? size : room;
	if (!port_words(d, port, part, 1, access))
		return 0;
	memcpy(to, part + lead, size);
	return size;
}

bool port_is(uint32_t address)
{
	uint32_t port = address & ~(DIGITIZER_PORT_SIZE - 1);

	return port == DIGITIZER_FIFO_PORT || port == DIGITIZER_DSP_PORT ||
	       port == DIGITIZER_MEMORY;
}

/* The external memory only is written, and only while PCI is announced. */
void port_write(struct digitizer *d, uint32_t address, const uint8_t *from,
		size_t size)
{
	if ((address & ~(DIGITIZER_PORT_SIZE - 1)) != DIGITIZER_MEMORY ||
	    !(d->csr & CSR_PCI_ACTIVE))
		return;
	for (size_t i = 0; i + 4 <= size; i += 4)
		memory_put(&d->external, lword_load(from + i));
}
