/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A channel, opened: its holder's transfers, and the queue of those that have
 * ended and that nobody has taken yet. */
#include <errno.h>
#include <stdlib.h>

#include "chip/mode.h"
#include "dma/front.h"

static int channel_default(struct dma_channel *dma, struct error *error)
{
	struct plxdma_mode mode;
	int result;

	mode_init(&mode);
	result = dma_channel_set_mode(dma, &mode, error);
	return result ? result
		      : dma_channel_set_waiting(dma, PLXDMA_WAIT_EVENT);
}

static int channel_make(struct direct_card *card, unsigned int index,
			struct direct_channel **made, struct error *error)
{
	struct direct_channel *channel = calloc(1, sizeof(*channel));
	int result;

	if (!channel)
		return error_set(error, -ENOMEM, "no memory for a channel");
	channel->channel.ops = card->card.ops;
	channel->channel.card = &card->card;
	channel->card = card;
	channel->dma = dma_card_channel(card->dma, index);
	channel->index = index;
	channel->ended_tail = &channel->ended;
	channel->fd = -1;
	channel->ready_fd = -1;
	channel->timer_fd = -1;
	result = channel_default(channel->dma, error);
	if (result)
		free(channel);
	else
		*made = channel;
	return result;
}

int direct_channel_open(struct plxdma_card *public, unsigned int index,
			struct plxdma_channel **channel, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int result;

	pthread_mutex_lock(&card->lock);
	if (card->channels[index])
		result = error_set(error, -EBUSY,
				   "%s: channel %u is open already: close it, "
				   "or use the other one",
				   card->name, index);
	else
		result = channel_make(card, index, &card->channels[index],
				      error);
	if (!result)
		*channel = &card->channels[index]->channel;
	pthread_mutex_unlock(&card->lock);
	return result;
}

void direct_channel_close(struct plxdma_channel *public)
{
	struct direct_channel *channel = direct_channel_of(public);
	struct direct_card *card = channel->card;

	while (channel->transfers)
		direct_transfer_free(&channel->transfers->transfer);
	direct_fd_close(channel);
	pthread_mutex_lock(&card->lock);
	card->channels[channel->index] = NULL;
	pthread_mutex_unlock(&card->lock);
	free(channel);
}

int direct_channel_mode(struct plxdma_channel *public,
			const struct plxdma_mode *mode, struct error *error)
{
	return dma_channel_set_mode(direct_channel_of(public)->dma, mode,
				    error);
}

int direct_channel_waiting(struct plxdma_channel *public,
			   enum plxdma_waiting waiting, struct error *error)
{
	struct direct_channel *channel = direct_channel_of(public);
	int result = dma_channel_set_waiting(channel->dma, waiting);

	if (result == -EBUSY)
		error_set(error, result,
			  "%s: channel %u has transfers under way: wait for "
			  "them, or cancel them",
			  channel->card->name, channel->index);
	return result;
}

struct plxdma_transfer *direct_channel_reap(struct plxdma_channel *public,
					    struct plxdma_result *result)
{
	struct direct_channel *channel = direct_channel_of(public);
	struct direct_transfer *transfer;

	direct_fd_look(channel);
	dma_channel_progress(channel->dma);
	direct_turn_drive(channel, DIRECT_TURN_BRIEF_NS);
	direct_channel_collect(channel);
	transfer = channel->ended;
	if (transfer)
		direct_transfer_take(transfer, result);
	direct_fd_settle(channel);
	return transfer ? &transfer->transfer : NULL;
}
