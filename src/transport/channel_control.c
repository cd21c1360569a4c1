/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of DMACSR isn't a plain start: pause, resume, abort, clear (chip
 * ref. 3.5; design, section 6).
 *
 * The channel's interrupt enable is taken away first, so that the handler
 * can't write the same byte; a channel that stands paused, or that couldn't
 * be stopped, stays "held": the handler then acknowledges it without setting
 * Enable, which would start a paused engine again.
 *
 * The wait for an aborted engine is outside the lock: it may last 100 ms, and
 * the other channel's interrupts go on meanwhile.
 */
#include <errno.h>
#include <time.h>

#include "chip/plx9054.h"
#include "transport/interrupt.h"

/* An abort ends within two Lwords (chip ref. 3.5); the vendor's driver and
 * COMEDI wait up to 10 ms. */
#define ABORT_NS       100000000
#define ABORT_LOOKS    16
#define ABORT_PAUSE_NS 50000

static uint8_t csr_read(struct interrupt *interrupt, unsigned int channel)
{
	struct transport *transport = interrupt->transport;

	return (uint8_t)transport->ops->reg_read(transport, PLX_DMACSR(channel),
						 8);
}

static void csr_write(struct interrupt *interrupt, unsigned int channel,
		      uint8_t value)
{
	struct transport *transport = interrupt->transport;

	transport->ops->reg_write(transport, PLX_DMACSR(channel), 8, value);
}

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Reserved bits 7:5 read 0 on a card that is there. */
static int csr_gone(uint8_t csr)
{
	return csr == 0xff;
}

/* Return: 0 once Done, -ETIMEDOUT, -ENODEV. */
static int done_await(struct interrupt *interrupt, unsigned int channel)
{
	const struct timespec pause = {.tv_nsec = ABORT_PAUSE_NS};
	const uint64_t deadline = clock_ns() + ABORT_NS;
	unsigned int looks;
	uint8_t csr;

	for (looks = 0;; looks++) {
		int late = clock_ns() >= deadline;

		csr = csr_read(interrupt, channel);
		if (csr_gone(csr))
			return -ENODEV;
		if (csr & PLX_DMACSR_DONE)
			return 0;
		if (late)
			return -ETIMEDOUT;
		if (looks >= ABORT_LOOKS)
			nanosleep(&pause, NULL);
	}
}

/* Return: 1 if an abort was asked for, 0 if the channel is Done, -ENODEV. */
static int abort_ask(struct interrupt *interrupt, unsigned int channel)
{
	uint8_t csr;

	csr_write(interrupt, channel, 0);
	csr = csr_read(interrupt, channel);
	if (csr_gone(csr))
		return -ENODEV;
	/* Aborting an idle channel aborts the next transfer. */
	if (csr & PLX_DMACSR_DONE)
		return 0;
	csr_write(interrupt, channel, PLX_DMACSR_ABORT);
	return 1;
}

static int channel_abort(struct interrupt *interrupt, unsigned int channel)
{
	int result, enabled;

	interrupt_hold(interrupt);
	enabled = interrupt_source_enable(interrupt, channel, 0);
	interrupt->held |= 1u << channel;
	result = abort_ask(interrupt, channel);
	interrupt_let_go(interrupt);

	if (result > 0)
		result = done_await(interrupt, channel);
	if (result)
		return result;

	interrupt_hold(interrupt);
	csr_write(interrupt, channel, PLX_DMACSR_CLEAR);
	interrupt->held &= ~(1u << channel);
	interrupt_source_enable(interrupt, channel, enabled);
	interrupt_let_go(interrupt);
	return 0;
}

/* One write under the lock, confirmed by reading it back. */
static int channel_write(struct interrupt *interrupt, unsigned int channel,
			 uint8_t value, unsigned int hold, unsigned int unhold)
{
	uint8_t csr;
	int enabled;

	interrupt_hold(interrupt);
	enabled = interrupt_source_enable(interrupt, channel, 0);
	interrupt->held = (interrupt->held | hold) & ~unhold;
	csr_write(interrupt, channel, value);
	csr = csr_read(interrupt, channel);
	interrupt_source_enable(interrupt, channel, enabled);
	interrupt_let_go(interrupt);
	return csr_gone(csr) ? -ENODEV : 0;
}

static int channel_pause(struct interrupt *interrupt, unsigned int channel)
{
	return channel_write(interrupt, channel, 0, 1u << channel, 0);
}

static int channel_clear(struct interrupt *interrupt, unsigned int channel)
{
	return channel_write(interrupt, channel, PLX_DMACSR_CLEAR, 0, 0);
}

static int channel_resume(struct interrupt *interrupt, unsigned int channel)
{
	uint8_t csr = csr_read(interrupt, channel);

	if (csr_gone(csr))
		return -ENODEV;
	/* Resume is for Done = 0 and Enable = 0 only (chip ref. 3.5). */
	if (csr & (PLX_DMACSR_DONE | PLX_DMACSR_ENABLE)) {
		interrupt_hold(interrupt);
		interrupt->held &= ~(1u << channel);
		interrupt_let_go(interrupt);
		return 0;
	}
	return channel_write(interrupt, channel, PLX_DMACSR_ENABLE, 0,
			     1u << channel);
}

int interrupt_channel_control(struct interrupt *interrupt, unsigned int channel,
			      enum transport_control control)
{
	switch (control) {
	case TRANSPORT_PAUSE:
		return channel_pause(interrupt, channel);
	case TRANSPORT_RESUME:
		return channel_resume(interrupt, channel);
	case TRANSPORT_ABORT:
		return channel_abort(interrupt, channel);
	case TRANSPORT_CLEAR:
		return channel_clear(interrupt, channel);
	}
	return -EINVAL;
}
