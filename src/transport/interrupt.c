/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interrupt handler of the transports that have no kernel to play it
 * (design, section 6; chip ref. 4.3).
 *
 * The lock and its order.  One lock covers the handler and everything that
 * shares INTCSR and DMACSR with it.  interrupt_raise() is called by the card:
 * from its engine's thread, or from inside a register access that this thread
 * just made (the inline engine), perhaps while the lock is held, and perhaps
 * while the card holds a lock of its own.  So it never waits: it notes that
 * the line rose, and runs the handler if the lock is free.  If it isn't,
 * whoever has it finds the note when he lets go, and runs the handler then,
 * as a CPU does that enables its interrupts.  Those who do wait for the lock
 * come from the driver and hold nothing of the card's.  Hence the card's lock
 * is only ever waited for inside ours and never the other way round.  That
 * nobody misses the note needs it to be tested after the unlock by an atomic
 * read-modify-write, which orders it against the note's own.
 *
 * A level, not an edge: a source that rises while another is being handled
 * doesn't change the line, so the handler looks again until the line is low
 * or it has found nothing (then it is a neighbour's).
 *
 * INTCSR is written by bytes, 69h and 6Ah: all enables that reach INTA# are
 * there, and the write-1-to-clear bits 5 and 7 are not (chip ref. 2.3).
 */
#include "transport/interrupt.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "chip/intcsr.h"
#include "chip/plx9054.h"

/* A source that won't clear must not hold a thread for ever. */
#define ROUNDS_MAX 64

static uint32_t reg_read(struct interrupt *interrupt, unsigned int offset,
			 unsigned int width)
{
	struct transport *transport = interrupt->transport;

	return transport->ops->reg_read(transport, offset, width);
}

static void reg_write(struct interrupt *interrupt, unsigned int offset,
		      unsigned int width, uint32_t value)
{
	struct transport *transport = interrupt->transport;

	transport->ops->reg_write(transport, offset, width, value);
}

/* Writes the byte of INTCSR that holds the given enables, and no other. */
static void enables_write(struct interrupt *interrupt, uint32_t intcsr,
			  uint32_t changed)
{
	unsigned int byte = changed & 0xff00 ? 1 : 2;

	intcsr &= INTERRUPT_ENABLES;
	reg_write(interrupt, PLX_INTCSR + byte, 8, intcsr >> (8 * byte) & 0xff);
}

int interrupt_source_enable(struct interrupt *interrupt, unsigned int source,
			    int on)
{
	const uint32_t enable = intcsr_enable_bit(source);
	uint32_t intcsr = reg_read(interrupt, PLX_INTCSR, 32);
	int was = (intcsr & enable) != 0;

	if (was != on)
		enables_write(interrupt, intcsr ^ enable, enable);
	return was;
}

static uint16_t status_clear(struct interrupt *interrupt)
{
	struct transport *transport = interrupt->transport;
	uint16_t set;

	set = (uint16_t)(transport->ops->config_read(transport, PLX_CFG_STATUS,
						     16) &
			 PLX_STATUS_ABORTS);
	if (set)
		transport->ops->config_write(transport, PLX_CFG_STATUS, 16,
					     set);
	interrupt->status |= set;
	return set;
}

/* Removes the cause, or masks what only the board can clear. */
static uint32_t source_acknowledge(struct interrupt *interrupt,
				   unsigned int source, uint32_t intcsr)
{
	uint32_t bits = 0;

	switch (source) {
	case PLXDMA_IRQ_DMA0:
	case PLXDMA_IRQ_DMA1:
		reg_write(interrupt, PLX_DMACSR(source), 8,
			  interrupt->held & 1u << source
				  ? PLX_DMACSR_CLEAR
				  : PLX_DMACSR_CLEAR | PLX_DMACSR_ENABLE);
		break;
	case PLXDMA_IRQ_DOORBELL:
		bits = reg_read(interrupt, PLX_L2PDBELL, 32);
		reg_write(interrupt, PLX_L2PDBELL, 32, bits);
		break;
	case PLXDMA_IRQ_LINT:
		enables_write(interrupt, intcsr & ~PLX_INTCSR_LINT_ENABLE,
			      PLX_INTCSR_LINT_ENABLE);
		break;
	case PLXDMA_IRQ_ABORT:
		bits = status_clear(interrupt);
		break;
	}
	return bits;
}

static void source_signal(struct interrupt *interrupt, unsigned int source,
			  uint32_t bits)
{
	struct interrupt_source *kept = &interrupt->sources[source];
	const uint64_t one = 1;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	kept->time_ns =
		(uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	kept->count++;
	kept->bits |= bits;
	/* Full after 2^64 - 2 interrupts that nobody read: then it is set. */
	if (write(kept->fd, &one, sizeof(one)) < 0)
		return;
}

/* One run of the handler.  Return: 1 if the interrupt was this card's.
 * DMAMODE isn't read (chip ref. 4.3, step 3): the driver routes every channel
 * interrupt to PCI, and nobody else writes DMAMODE. */
static int handle(struct interrupt *interrupt)
{
	const uint32_t mode = PLX_DMAMODE_PCI_INTERRUPT;
	uint32_t intcsr = reg_read(interrupt, PLX_INTCSR, 32);
	unsigned int sources = intcsr_sources(intcsr, mode, mode);
	unsigned int source;

	for (source = 0; source < PLXDMA_IRQ_SOURCES; source++)
		if (sources & 1u << source) {
			uint32_t bits =
				source_acknowledge(interrupt, source, intcsr);

			source_signal(interrupt, source, bits);
		}
	interrupt->handled += sources != 0;
	return sources != 0;
}

static void handle_level(struct interrupt *interrupt)
{
	unsigned int round;

	for (round = 0; round < ROUNDS_MAX; round++) {
		if (!handle(interrupt))
			return;
		if (!interrupt->level(interrupt->transport))
			return;
	}
}

static void handle_pending(struct interrupt *interrupt)
{
	while (atomic_fetch_or(&interrupt->pending, 0) &&
	       !pthread_mutex_trylock(&interrupt->lock)) {
		if (atomic_exchange(&interrupt->pending, 0))
			handle_level(interrupt);
		pthread_mutex_unlock(&interrupt->lock);
	}
}

void interrupt_raise(struct interrupt *interrupt)
{
	atomic_exchange(&interrupt->pending, 1);
	handle_pending(interrupt);
}

void interrupt_hold(struct interrupt *interrupt)
{
	pthread_mutex_lock(&interrupt->lock);
}

void interrupt_let_go(struct interrupt *interrupt)
{
	pthread_mutex_unlock(&interrupt->lock);
	handle_pending(interrupt);
}

int interrupt_fd(const struct interrupt *interrupt,
		 enum plxdma_irq_source source)
{
	return interrupt->sources[source].fd;
}

int interrupt_read(struct interrupt *interrupt, enum plxdma_irq_source source,
		   struct plxdma_irq_event *event)
{
	struct interrupt_source *kept = &interrupt->sources[source];
	uint64_t count, sum;

	interrupt_hold(interrupt);
	/* A lost interrupt stays asserted: whoever looks again finds it. */
	if (kept->count == kept->taken)
		handle_level(interrupt);
	if (read(kept->fd, &sum, sizeof(sum)) < 0)
		sum = 0; /* the caller has read it already, or nothing came */
	count = kept->count - kept->taken;
	kept->taken = kept->count;
	event->bits = kept->bits;
	event->count = kept->count;
	event->time_ns = kept->time_ns;
	kept->bits = 0;
	interrupt_let_go(interrupt);
	return count > INT32_MAX ? INT32_MAX : (int)count;
}

int interrupt_enable(struct interrupt *interrupt, enum plxdma_irq_source source,
		     int on)
{
	interrupt_hold(interrupt);
	interrupt_source_enable(interrupt, source, on != 0);
	interrupt_let_go(interrupt);
	return 0;
}

int interrupt_clear_status(struct interrupt *interrupt, uint16_t *status)
{
	interrupt_hold(interrupt);
	status_clear(interrupt);
	*status = interrupt->status;
	interrupt->status = 0;
	interrupt_let_go(interrupt);
	return 0;
}

uint64_t interrupt_handled(struct interrupt *interrupt)
{
	uint64_t handled;

	interrupt_hold(interrupt);
	handled = interrupt->handled;
	interrupt_let_go(interrupt);
	return handled;
}

static void sources_close(struct interrupt *interrupt)
{
	unsigned int source;

	for (source = 0; source < PLXDMA_IRQ_SOURCES; source++)
		if (interrupt->sources[source].fd >= 0)
			close(interrupt->sources[source].fd);
}

static int sources_open(struct interrupt *interrupt)
{
	unsigned int source;
	int fd, result = 0;

	for (source = 0; source < PLXDMA_IRQ_SOURCES; source++) {
		fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (fd < 0)
			result = -errno;
		interrupt->sources[source].fd = fd;
	}
	if (result)
		sources_close(interrupt);
	return result;
}

int interrupt_init(struct interrupt *interrupt, struct transport *transport,
		   int (*level)(struct transport *))
{
	int result;

	*interrupt = (struct interrupt){.transport = transport, .level = level};
	result = sources_open(interrupt);
	if (result)
		return result;
	pthread_mutex_init(&interrupt->lock, NULL);
	reg_write(interrupt, PLX_INTCSR + 1, 8,
		  (PLX_INTCSR_PCI_ENABLE | PLX_INTCSR_ABORT_ENABLE) >> 8);
	interrupt_source_enable(interrupt, PLXDMA_IRQ_DMA0, 1);
	interrupt_source_enable(interrupt, PLXDMA_IRQ_DMA1, 1);
	return 0;
}

void interrupt_destroy(struct interrupt *interrupt)
{
	sources_close(interrupt);
	pthread_mutex_destroy(&interrupt->lock);
}
