/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A channel through the daemon. Submitting is a store into the ring; waiting
 * is looking at it for up to 20 us, then sleeping on an eventfd that the daemon
 * rings because this side said that it sleeps. Sleeps are bounded, and the
 * socket is among what is slept on: a daemon that dies ends all waits.
 */
#include "client/channel.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <time.h>

#include "client/transfer.h"

/* A wake-up may get lost, so nobody sleeps longer than this unseen. */
#define SLEEP_NS UINT64_C(50000000)
/* How often a spinner makes sure that the daemon lives: in looks of 64. */
#define ALIVE_LOOKS 4096
/* How often it lets others run: the daemon itself may want this CPU. */
#define YIELD_LOOKS 32

uint64_t channel_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t channel_deadline(int64_t timeout_ns, uint64_t now)
{
	if (timeout_ns < 0 || (uint64_t)timeout_ns > UINT64_MAX / 2)
		return UINT64_MAX;
	return now + (uint64_t)timeout_ns;
}

static void complete(struct client_channel *channel,
		     const struct wire_completion *entry)
{
	struct client_transfer *transfer;

	if (entry->op != WIRE_SUBMIT) {
		channel->reply = *entry;
		return;
	}
	if (entry->slot >= WIRE_SLOTS)
		return;
	transfer = channel->slots[entry->slot];
	if (transfer && transfer->state == TRANSFER_UNDER_WAY &&
	    transfer->cookie == entry->cookie)
		client_transfer_end(transfer, entry);
}

/* Nobody will answer any more. */
static void channel_die(struct client_channel *channel)
{
	struct wire_completion entry = {
		.status = PLXDMA_GONE,
	};

	channel->gone = 1;
	for (unsigned int i = 0; i < WIRE_SLOTS && channel->under_way; i++) {
		if (channel->slots[i] &&
		    channel->slots[i]->state == TRANSFER_UNDER_WAY)
			client_transfer_end(channel->slots[i], &entry);
	}
}

void channel_look(struct client_channel *channel)
{
	struct wire_completion entry;
	int got;

	while ((got = ring_client_take(&channel->ring, &entry)) > 0)
		complete(channel, &entry);
	if (got < 0 && !channel->gone)
		channel_die(channel);
}

int channel_put(struct client_channel *channel, struct wire_submission *entry)
{
	int err;

	entry->cookie = ++channel->cookie;
	err = ring_client_submit(&channel->ring, entry);
	if (!err && ring_client_must_wake(&channel->ring))
		eventfd_write(channel->wakes_daemon, 1);
	return err;
}

void channel_pass_on(struct client_channel *channel)
{
	if (!channel_pollable(channel))
		return;
	/* From here on the daemon rings again; look once more. */
	ring_client_sleep(&channel->ring);
	channel_look(channel);
	if (!TAILQ_EMPTY(&channel->ended))
		eventfd_write(channel->wakes_client, 1);
}

/* Daemon and client may share a CPU: a spinner who never sleeps would keep
 * the other from running, so both only look for a while. */
static int spin(struct client_channel *channel, uint64_t spin_until)
{
	for (unsigned int i = 0; i < 64; i++) {
		if (ring_client_pending(&channel->ring))
			return 1;
		__builtin_ia32_pause();
	}
	if (!(++channel->looks % ALIVE_LOOKS) &&
	    !connection_alive(channel_connection(channel)) &&
	    !ring_client_pending(&channel->ring))
		channel_die(channel);
	if (!(channel->looks % YIELD_LOOKS))
		sched_yield();
	return channel_now() < spin_until;
}

static int sleep_step(struct client_channel *channel, uint64_t until)
{
	struct pollfd pollers[2] = {
		{ .fd = channel->wakes_client, .events = POLLIN },
		{ .fd = channel_connection(channel)->fd },
	};
	uint64_t now = channel_now();
	uint64_t length = until > now ? until - now : 0;
	struct timespec timeout;
	eventfd_t value;
	int count;

	if (length > SLEEP_NS)
		length = SLEEP_NS;
	timeout.tv_sec = 0;
	timeout.tv_nsec = (long)length;
	ring_client_sleep(&channel->ring);
	if (ring_client_pending(&channel->ring))
		return 0;
	count = ppoll(pollers, 2, &timeout, NULL);
	if (count < 0)
		return -EINTR;
	if (pollers[0].revents)
		eventfd_read(channel->wakes_client, &value);
	if (pollers[1].revents && !ring_client_pending(&channel->ring))
		channel_die(channel);
	return 0;
}

int channel_wait(struct client_channel *channel, uint64_t spin_until,
		 uint64_t until)
{
	if (spin(channel, spin_until))
		return 0;
	return sleep_step(channel, until);
}

int channel_text(struct client_channel *channel, int err, struct error *error)
{
	struct client_card *card = channel_card(channel);
	struct packet packet;

	connection_request(&packet, WIRE_CHANNEL_TEXT);
	packet.message.channel.card = card->number;
	packet.message.channel.index = channel->index;
	if (connection_ask(&card->share->connection, &packet, 0, error))
		return err;
	return error_set(error, err, "%.300s", packet.message.text.text);
}

#define SPIN_NS 20000

int channel_ask(struct client_channel *channel, struct wire_submission *entry,
		struct error *error)
{
	uint64_t spin_until = channel_now() + SPIN_NS;
	int err;

	while ((err = channel_put(channel, entry)) && !channel->gone) {
		channel_wait(channel, spin_until, UINT64_MAX);
		channel_look(channel);
	}
	channel->reply.cookie = 0;
	while (!err && !channel->gone &&
	       channel->reply.cookie != entry->cookie) {
		channel_wait(channel, spin_until, UINT64_MAX);
		channel_look(channel);
	}
	channel_pass_on(channel);
	if (channel->gone)
		return connection_gone(channel_connection(channel), error);
	err = channel->reply.error;
	/* A cancel that comes too late is nobody's error. */
	if (!err || !error || (err == -EINVAL && entry->op == WIRE_CANCEL))
		return err;
	return channel_text(channel, err, error);
}
