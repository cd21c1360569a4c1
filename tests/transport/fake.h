/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card of plain variables.  It knows no DMA; a test says what its registers
 * show and reads what was done to them, access by access.
 */
#ifndef FAKE_H
#define FAKE_H

#include "chip/plx9054.h"
#include "transport/interrupt.h"
#include "transport/transport.h"

#define FAKE_LOG 256

struct fake_access {
	unsigned int offset;
	uint32_t value;
};

struct fake {
	struct transport transport;
	struct interrupt interrupt;
	uint32_t intcsr;
	uint32_t doorbell;
	uint8_t csr[PLX_CHANNELS];
	uint16_t status;
	int gone;
	/* Reads of CSR until an abort is over; negative: never. */
	int abort_reads;
	/* Called after each write, to play what happens meanwhile. */
	void (*meanwhile)(struct fake *fake, unsigned int offset);
	struct fake_access log[FAKE_LOG]; /* writes of registers */
	unsigned int writes;
	unsigned int reads;
};

void fake_init(struct fake *fake);
void fake_destroy(struct fake *fake);
/* INTA# by the chip's rule, chip ref. 4.1. */
int fake_level(struct transport *transport);
/* Sets status bits and raises the line if that asserts it. */
void fake_assert(struct fake *fake, uint32_t status);
/* How often this was written, to this register. */
unsigned int fake_wrote(const struct fake *fake, unsigned int offset,
			uint32_t value);
/* Interrupts of a source since the last call. */
int fake_taken(struct fake *fake, enum plxdma_irq_source source,
	       struct plxdma_irq_event *event);

#endif
