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
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "chip/mode.h"
#include "client/transfer.h"
#include "mem/heap.h"

/* A wake-up may get lost, so nobody sleeps longer than this unseen. */
#define SLEEP_NS UINT64_C(50000000)
/* How often a spinner makes sure that the daemon lives: in looks of 64. */
#define ALIVE_LOOKS 4096
/* The heap of segment lists deals in its own smallest unit. */
#define SEGMENT_UNIT 64

uint64_t channel_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static struct client_card *card_of(const struct client_channel *channel)
{
	return client_card(channel->front.card);
}

static int rings_take(struct client_channel *channel, struct packet *packet,
		      struct error *error)
{
	struct wire_area *area;
	int err = wire_area_map(packet->fds[0], &area);

	if (err) {
		packet_close_fds(packet);
		return error_set(error, err, "can't map the rings that plxdmad "
				 "lends: %s", strerror(-err));
	}
	close(packet->fds[0]);
	channel->wakes_daemon = packet->fds[1];
	channel->wakes_client = packet->fds[2];
	ring_client_init(&channel->ring, area);
	return 0;
}

static int channel_make(struct client_card *card, unsigned int index,
			struct client_channel *channel, struct error *error)
{
	struct packet packet;
	int err;

	channel->front.ops = card->front.ops;
	channel->front.card = &card->front;
	channel->index = index;
	TAILQ_INIT(&channel->ended);
	err = heap_new(WIRE_SEGMENTS * SEGMENT_UNIT, &channel->segments);
	if (err)
		return error_set(error, err, "no memory for a channel");
	connection_request(&packet, WIRE_CHANNEL_OPEN);
	packet.message.channel.card = card->number;
	packet.message.channel.index = index;
	err = connection_ask(&card->connection, &packet, 3, error);
	if (!err)
		err = rings_take(channel, &packet, error);
	if (err)
		heap_free(channel->segments);
	return err;
}

int client_channel_open(struct plxdma_card *front, unsigned int index,
			struct plxdma_channel **channel, struct error *error)
{
	struct client_card *card = client_card(front);
	struct client_channel *made;
	int err = client_memory(front, error);

	if (err)
		return err;
	made = calloc(1, sizeof(*made));
	if (!made)
		return error_set(error, -ENOMEM, "no memory for a channel");
	pthread_mutex_lock(&card->lock);
	if (card->channels[index])
		err = error_set(error, -EBUSY, "channel %u is open already: "
				"close it first", index);
	else
		err = channel_make(card, index, made, error);
	if (!err)
		card->channels[index] = made;
	pthread_mutex_unlock(&card->lock);
	if (err)
		free(made);
	else
		*channel = &made->front;
	return err;
}

void client_channel_close(struct plxdma_channel *front)
{
	struct client_channel *channel = client_channel(front);
	struct client_card *card = card_of(channel);
	struct packet packet;

	/* Ends everything, confirmed, before it answers. */
	connection_request(&packet, WIRE_CHANNEL_CLOSE);
	packet.message.channel.card = card->number;
	packet.message.channel.index = channel->index;
	connection_ask(&card->connection, &packet, 0, NULL);
	for (unsigned int i = 0; i < WIRE_SLOTS; i++)
		free(channel->slots[i]);
	for (unsigned int i = 0; i < WIRE_MODES; i++)
		plxdma_mode_free(channel->modes[i]);
	wire_area_unmap(channel->ring.area);
	heap_free(channel->segments);
	close(channel->wakes_daemon);
	close(channel->wakes_client);
	pthread_mutex_lock(&card->lock);
	card->channels[channel->index] = NULL;
	pthread_mutex_unlock(&card->lock);
	free(channel);
}

static int pollable(const struct client_channel *channel)
{
	return channel->polled && channel->waiting == PLXDMA_WAIT_EVENT;
}

void channel_pass_on(struct client_channel *channel)
{
	if (!pollable(channel))
		return;
	/* From here on the daemon rings again; look once more. */
	ring_client_sleep(&channel->ring);
	channel_look(channel);
	if (!TAILQ_EMPTY(&channel->ended))
		eventfd_write(channel->wakes_client, 1);
}

static int mode_tell(struct client_channel *channel, unsigned int number,
		     const struct plxdma_mode *mode, struct error *error)
{
	struct client_card *card = card_of(channel);
	struct packet packet;

	connection_request(&packet, WIRE_CHANNEL_MODE);
	packet.message.mode.card = card->number;
	packet.message.mode.index = channel->index;
	packet.message.mode.mode = number;
	for (unsigned int i = 0; i < WIRE_MODE_ITEMS; i++)
		packet.message.mode.items[i] = (uint32_t)plxdma_mode_get(mode,
						(enum plxdma_mode_item)i);
	return connection_ask(&card->connection, &packet, 0, error);
}

/* A mode that the daemon knows already, or 0. */
static uint8_t mode_known(const struct client_channel *channel,
			  const struct plxdma_mode *mode)
{
	for (unsigned int i = 1; i <= channel->mode_count; i++) {
		if (mode_equal(channel->modes[i], mode))
			return (uint8_t)i;
	}
	return 0;
}

static int mode_add(struct client_channel *channel,
		    const struct plxdma_mode *mode, struct error *error)
{
	unsigned int number = channel->mode_count + 1;
	struct plxdma_mode *copy;
	int err;

	if (number == WIRE_MODES)
		return error_set(error, -ENOSPC, "%d different modes were set "
				 "on this channel: close it and open it again",
				 WIRE_MODES - 1);
	copy = plxdma_mode_new();
	if (!copy)
		return error_set(error, -ENOMEM, "no memory for a mode");
	*copy = *mode;
	err = mode_tell(channel, number, mode, error);
	if (err) {
		plxdma_mode_free(copy);
		return err;
	}
	channel->modes[number] = copy;
	channel->mode_count = number;
	return 0;
}

int client_channel_mode(struct plxdma_channel *front,
			const struct plxdma_mode *mode, struct error *error)
{
	struct client_channel *channel = client_channel(front);
	int err = 0;

	channel_look(channel);
	if (channel->under_way)
		return error_set(error, -EBUSY, "transfers are under way");
	if (!mode_known(channel, mode))
		err = mode_add(channel, mode, error);
	if (!err)
		channel->mode = mode_known(channel, mode);
	return err;
}

int client_channel_waiting(struct plxdma_channel *front,
			   enum plxdma_waiting waiting, struct error *error)
{
	struct client_channel *channel = client_channel(front);

	channel_look(channel);
	if (channel->under_way)
		return error_set(error, -EBUSY, "transfers are under way");
	channel->waiting = waiting;
	channel_pass_on(channel);
	return 0;
}

int client_channel_fd(struct plxdma_channel *front, struct error *error)
{
	struct client_channel *channel = client_channel(front);

	(void)error;
	if (!channel->polled) {
		channel->polled = 1;
		channel_pass_on(channel);
	}
	return channel->wakes_client;
}

struct plxdma_transfer *client_channel_reap(struct plxdma_channel *front,
					    struct plxdma_result *result)
{
	struct client_channel *channel = client_channel(front);
	struct client_transfer *transfer;
	eventfd_t value;

	channel_look(channel);
	if (TAILQ_EMPTY(&channel->ended) && pollable(channel)) {
		eventfd_read(channel->wakes_client, &value);
		channel_pass_on(channel);
	}
	transfer = TAILQ_FIRST(&channel->ended);
	if (!transfer)
		return NULL;
	client_transfer_take(transfer, result);
	return &transfer->front;
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
	    !connection_alive(&card_of(channel)->connection) &&
	    !ring_client_pending(&channel->ring))
		channel_die(channel);
	return channel_now() < spin_until;
}

static int sleep_step(struct client_channel *channel, uint64_t until)
{
	struct pollfd pollers[2] = {
		{ .fd = channel->wakes_client, .events = POLLIN },
		{ .fd = card_of(channel)->connection.fd },
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

static int text_ask(struct client_channel *channel, int err,
		    struct error *error)
{
	struct client_card *card = card_of(channel);
	struct packet packet;

	connection_request(&packet, WIRE_CHANNEL_TEXT);
	packet.message.channel.card = card->number;
	packet.message.channel.index = channel->index;
	if (connection_ask(&card->connection, &packet, 0, error))
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
		return connection_gone(&card_of(channel)->connection, error);
	err = channel->reply.error;
	/* A cancel that comes too late is nobody's error. */
	if (!err || !error || (err == -EINVAL && entry->op == WIRE_CANCEL))
		return err;
	return text_ask(channel, err, error);
}
