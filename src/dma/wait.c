/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a transfer: a short spin, then sleep on the interrupt.
 *
 * The spin is no longer than the bus time of the transfer and 20 us, for then
 * an interrupt would cost more than it saves; every sleep is bounded, for
 * interrupts can be lost.  A transfer without an interrupt is polled, as its
 * owner asked, and gives way to other threads now and then.
 */
#include "dma/card.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>

#define SPIN_NS 20000u
#define SLEEP_NS UINT64_C(10000000)
/* A 32-bit 33 MHz bus moves a byte in 7.6 ns; a little is left for arbitration
 * and the first access. */
#define BUS_NS(bytes) ((bytes) * 8 + 1000)
/* A look brings the card up to date already; what else it has to do, and other
 * threads, get a turn now and then. */
#define YIELD_EVERY 64u

struct waiting {
	struct dma_transfer *transfer;
	struct dma_channel *channel;
	uint64_t deadline;
	uint64_t spin_end;
};

static int running_silently(const struct dma_channel *channel)
{
	return channel->waiting == PLXDMA_WAIT_SPIN ||
	       (channel->running && channel->running->quiet);
}

static int ended(const struct dma_transfer *transfer)
{
	return transfer->state == TRANSFER_ENDED;
}

static void channel_service(struct dma_channel *channel)
{
	struct transport *transport = channel->card->transport;

	if (channel->card->service_fd >= 0)
		transport->ops->service(transport);
}

/* Looks until @end, or @silent: while no interrupt would wake a sleeper. */
static int wait_spin(const struct waiting *waiting, uint64_t end, int silent)
{
	unsigned int looks;

	for (looks = 1; !ended(waiting->transfer); looks++) {
		dma_channel_progress(waiting->channel);
		if (ended(waiting->transfer))
			break;
		if (clock_ns() >= end)
			return -ETIMEDOUT;
		if (silent && !running_silently(waiting->channel))
			break;
		if (looks % YIELD_EVERY)
			continue;
		channel_service(waiting->channel);
		sched_yield();
	}
	return 0;
}

static uint64_t sleep_end(const struct waiting *waiting, uint64_t now)
{
	uint64_t end = now + SLEEP_NS;
	uint64_t look = dma_channel_deadline(waiting->channel);

	if (look && look < end)
		end = look;
	return waiting->deadline < end ? waiting->deadline : end;
}

/* 0, or -EINTR. */
static int wait_sleep(const struct waiting *waiting, uint64_t now)
{
	struct dma_channel *channel = waiting->channel;
	struct pollfd fds[] = {
		{ .fd = channel->fd, .events = POLLIN },
		{ .fd = channel->card->service_fd, .events = POLLIN },
	};
	uint64_t end = sleep_end(waiting, now);
	uint64_t left = end > now ? end - now : 0;
	struct timespec timeout = {
		.tv_sec = (time_t)(left / 1000000000u),
		.tv_nsec = (long)(left % 1000000000u),
	};

	if (ppoll(fds, 2, &timeout, NULL) < 0)
		return errno == EINTR ? -EINTR : 0;
	if (fds[1].revents)
		channel_service(channel);
	if (fds[0].revents)
		dma_channel_ack(channel);
	return 0;
}

static int wait_step(const struct waiting *waiting)
{
	uint64_t now;

	if (running_silently(waiting->channel))
		return wait_spin(waiting, waiting->deadline, 1);
	if (!wait_spin(waiting, waiting->spin_end, 0))
		return 0;
	now = clock_ns();
	if (now >= waiting->deadline)
		return -ETIMEDOUT;
	return wait_sleep(waiting, now);
}

static uint64_t deadline_of(uint64_t now, int64_t timeout_ns)
{
	if (timeout_ns < 0 || (uint64_t)timeout_ns > UINT64_MAX - now)
		return UINT64_MAX;
	return now + (uint64_t)timeout_ns;
}

static uint64_t spin_of(const struct dma_transfer *transfer)
{
	uint64_t bus = BUS_NS(transfer->length);

	return bus < SPIN_NS ? bus : SPIN_NS;
}

int dma_transfer_wait(struct dma_transfer *transfer, int64_t timeout_ns)
{
	struct waiting waiting = {
		.transfer = transfer,
		.channel = transfer->channel,
	};
	uint64_t now;
	int result = 0;

	if (transfer->state == TRANSFER_IDLE)
		return -EINVAL;
	/* What is over at the first look needs no clock. */
	if (!ended(transfer))
		dma_channel_progress(waiting.channel);
	if (ended(transfer))
		return 0;
	now = clock_ns();
	waiting.deadline = deadline_of(now, timeout_ns);
	waiting.spin_end = now + spin_of(transfer);
	if (waiting.spin_end > waiting.deadline)
		waiting.spin_end = waiting.deadline;
	while (!ended(transfer) && !result)
		result = wait_step(&waiting);
	return ended(transfer) ? 0 : result;
}
