/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interrupt handler, for transports without a kernel that plays it.
 *
 * It owns INTCSR's enables and every value of DMACSR but 01h and 03h, keeps
 * what happened at each source, and signals one eventfd per source.  It works
 * on a card through the transport's own register accesses, so a test can put
 * any card under it.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "chip/plx9054.h"
#include "transport/transport.h"

/* What may be written of INTCSR's bytes 1 and 2. */
#define INTERRUPT_ENABLES (PLX_INTCSR_WRITABLE & 0x00ffff00u)

struct interrupt_source {
	int fd;
	uint32_t bits;
	uint64_t count;
	uint64_t taken;		/* of count, by interrupt_read() */
	uint64_t time_ns;
};

struct interrupt {
	struct transport *transport;
	int (*level)(struct transport *);	/* is the line asserted? */
	pthread_mutex_t lock;
	atomic_int pending;		/* it rose; nobody has looked */
	unsigned int held;		/* channels to be left off */
	uint16_t status;		/* PCI Status cleared, not yet told */
	uint64_t handled;
	struct interrupt_source sources[PLXDMA_IRQ_SOURCES];
};

/* Starts from every source off but the two channels and the abort. */
int interrupt_init(struct interrupt *interrupt, struct transport *transport,
		   int (*level)(struct transport *));
void interrupt_destroy(struct interrupt *interrupt);

/* The line rose.  Never waits; from any thread and from inside any register
 * access. */
void interrupt_raise(struct interrupt *interrupt);

/* Keeps the handler away; it catches up when it is let go. */
void interrupt_hold(struct interrupt *interrupt);
void interrupt_let_go(struct interrupt *interrupt);

/* With the handler held: INTCSR's enable of a source, 0 or 1.  Return: what it
 * was. */
int interrupt_source_enable(struct interrupt *interrupt, unsigned int source,
			    int on);

int interrupt_fd(const struct interrupt *interrupt,
		 enum plxdma_irq_source source);
int interrupt_read(struct interrupt *interrupt, enum plxdma_irq_source source,
		   struct plxdma_irq_event *event);
int interrupt_enable(struct interrupt *interrupt,
		     enum plxdma_irq_source source, int on);
/* As the operations of the same names in struct transport_ops. */
int interrupt_channel_control(struct interrupt *interrupt,
			      unsigned int channel,
			      enum transport_control control);
int interrupt_clear_status(struct interrupt *interrupt, uint16_t *status);
uint64_t interrupt_handled(struct interrupt *interrupt);

#endif
