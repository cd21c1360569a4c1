/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and writing INTCSR without the two classic mistakes: taking a
 * status bit for an interrupt although its enable is off, on a line that is
 * shared (chip ref. 4.3), and writing back ones that clear something
 * (bits 5 and 7).
 */
#ifndef INTCSR_H
#define INTCSR_H

#include <stdint.h>

#include <plxdma/irq.h>

/*
 * Sources that assert INTA# now: a bit 1 << enum plxdma_irq_source each.  0:
 * not this card's interrupt, be it gone (all ones), gated off, or a status
 * without its enable.  @mode0 and @mode1 are DMAMODE0 and 1: a channel that is
 * routed to the local side doesn't count.
 */
unsigned int intcsr_sources(uint32_t intcsr, uint32_t mode0, uint32_t mode1);

/* The enable bit of a source, 0 for an unknown one. */
uint32_t intcsr_enable_bit(enum plxdma_irq_source source);

/*
 * INTCSR with enables changed, fit to be written in 32 bits: bits 7:4 are 0,
 * so no status is cleared.  Where the local side uses the enables 4 and 6,
 * write bytes 1 and 2 of it only.
 */
uint32_t intcsr_change(uint32_t intcsr, uint32_t set, uint32_t clear);

/* Who was bus master at the last abort: bit n for DMA channel n, bit 2 for
 * Direct Master.  Only meaningful if PCI Status says there was one: the bits
 * are sticky (chip ref. 4.2). */
unsigned int intcsr_abort_masters(uint32_t intcsr);

#endif
