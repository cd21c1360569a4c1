/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts, one eventfd per source.
 *
 * The handler acknowledges the two DMA channels and the doorbell itself,
 * reports and clears an abort, and masks LINTi#, which only the board's
 * program can clear.  Interrupts can be lost on real machines: whoever sleeps
 * on one sets a bound and looks again.
 */
#ifndef PLXDMA_IRQ_H
#define PLXDMA_IRQ_H

#include <stdint.h>

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum plxdma_irq_source - what can interrupt
 * @PLXDMA_IRQ_DMA0:	channel 0: the library's own while the channel is open
 * @PLXDMA_IRQ_DMA1:	channel 1: likewise
 * @PLXDMA_IRQ_DOORBELL: the local side rang (L2PDBELL)
 * @PLXDMA_IRQ_LINT:	LINTi#; masked when it fires, see plxdma_irq_enable()
 * @PLXDMA_IRQ_ABORT:	a master or target abort
 */
enum plxdma_irq_source {
	PLXDMA_IRQ_DMA0 = 0,
	PLXDMA_IRQ_DMA1 = 1,
	PLXDMA_IRQ_DOORBELL = 2,
	PLXDMA_IRQ_LINT = 3,
	PLXDMA_IRQ_ABORT = 4,
};
#define PLXDMA_IRQ_SOURCES 5

/**
 * struct plxdma_irq_event - what happened at a source
 * @size:	sizeof(struct plxdma_irq_event), set by the caller
 * @bits:	doorbell bits since the last read; for an abort the bits 13:11
 *		of PCI Status
 * @count:	interrupts since the card was opened
 * @time_ns:	CLOCK_MONOTONIC of the last one
 */
struct plxdma_irq_event {
	uint32_t size;
	uint32_t bits;
	uint64_t count;
	uint64_t time_ns;
};

/**
 * plxdma_irq_fd - eventfd of a source
 * @card: an open card
 * @source: which
 *
 * The descriptor stays the library's; the caller polls it and reads it (8
 * bytes) or calls plxdma_irq_read().
 *
 * Return: the descriptor or a negative errno.
 */
int plxdma_irq_fd(struct plxdma_card *card, enum plxdma_irq_source source);

/**
 * plxdma_irq_read - what happened since the last call, without sleeping
 * @card: an open card
 * @source: which
 * @event: filled in
 *
 * Clears the descriptor and the bits.  Where nothing was noted, looks at the
 * card itself (one register read): an interrupt that got lost on its way is
 * found then.
 *
 * Return: number of interrupts since the last call, or a negative errno.
 */
int plxdma_irq_read(struct plxdma_card *card, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event);

/**
 * plxdma_irq_enable - let a source interrupt, or not
 * @card: an open card
 * @source: PLXDMA_IRQ_DOORBELL or PLXDMA_IRQ_LINT; the others are the
 *	    library's
 * @on: 1 or 0
 *
 * LINTi# is off after it fired, until the board's cause is cleared and this
 * is called again.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_irq_enable(struct plxdma_card *card, enum plxdma_irq_source source,
		      int on);

#ifdef __cplusplus
}
#endif
#endif
