/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A channel through the daemon: opened, told modes, looked at by a poll loop,
 * closed.
 */
#include "client/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "chip/mode.h"
#include "client/transfer.h"
#include "mem/heap.h"

/* The heap of segment lists deals in its own smallest unit. */
#define SEGMENT_UNIT 64

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
	err = connection_ask(&card->share->connection, &packet, 3, error);
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
	struct client_card *card = channel_card(channel);
	struct packet packet;

	/* Ends everything, confirmed, before it answers. */
	connection_request(&packet, WIRE_CHANNEL_CLOSE);
	packet.message.channel.card = card->number;
	packet.message.channel.index = channel->index;
	connection_ask(&card->share->connection, &packet, 0, NULL);
	for (unsigned int i = 0; i < WIRE_SLOTS; i++) {
		if (channel->slots[i])
			plxdma_recipe_free(channel->slots[i]->recipe);
		free(channel->slots[i]);
	}
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

static int mode_tell(struct client_channel *channel, unsigned int number,
		     const struct plxdma_mode *mode, struct error *error)
{
	struct client_card *card = channel_card(channel);
	struct packet packet;

	connection_request(&packet, WIRE_CHANNEL_MODE);
	packet.message.mode.card = card->number;
	packet.message.mode.index = channel->index;
	packet.message.mode.mode = number;
	for (unsigned int i = 0; i < WIRE_MODE_ITEMS; i++)
		packet.message.mode.items[i] = (uint32_t)plxdma_mode_get(mode,
						(enum plxdma_mode_item)i);
	return connection_ask(&card->share->connection, &packet, 0, error);
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
	if (TAILQ_EMPTY(&channel->ended) && channel_pollable(channel)) {
		eventfd_read(channel->wakes_client, &value);
		channel_pass_on(channel);
	}
	transfer = TAILQ_FIRST(&channel->ended);
	if (!transfer)
		return NULL;
	client_transfer_take(transfer, result);
	return &transfer->front;
}
