/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DMA channels. */
#include <plxdma/transfer.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static const char no_channel[] = "needs a channel";

int plxdma_channel_open(struct plxdma_card *card, unsigned int index,
			struct plxdma_channel **channel)
{
	struct error error;

	if (!card || !channel)
		return failure_argument(card, __func__,
					"needs a card and a place for the "
					"channel");
	*channel = NULL;
	if (index >= PLXDMA_CHANNELS)
		return failure_argument(card, __func__, "channels are 0 and 1");
	failure_begin(&error);
	return failure_end(
		card, card->ops->channel_open(card, index, channel, &error),
		&error, __func__);
}

void plxdma_channel_close(struct plxdma_channel *channel)
{
	if (channel)
		channel->ops->channel_close(channel);
}

int plxdma_channel_set_mode(struct plxdma_channel *channel,
			    const struct plxdma_mode *mode)
{
	struct error error;

	if (!channel || !mode)
		return failure_argument(channel ? channel->card : NULL,
					__func__, "needs a channel and a mode");
	failure_begin(&error);
	return failure_end(channel->card,
			   channel->ops->channel_mode(channel, mode, &error),
			   &error, __func__);
}

int plxdma_channel_set_waiting(struct plxdma_channel *channel,
			       enum plxdma_waiting waiting)
{
	struct error error;

	if (!channel)
		return failure_argument(NULL, __func__, no_channel);
	if (waiting != PLXDMA_WAIT_EVENT && waiting != PLXDMA_WAIT_SPIN)
		return failure_argument(channel->card, __func__,
					"PLXDMA_WAIT_EVENT or "
					"PLXDMA_WAIT_SPIN");
	failure_begin(&error);
	return failure_end(
		channel->card,
		channel->ops->channel_waiting(channel, waiting, &error), &error,
		__func__);
}

int plxdma_channel_fd(struct plxdma_channel *channel)
{
	struct error error;

	if (!channel)
		return failure_argument(NULL, __func__, no_channel);
	failure_begin(&error);
	return failure_end(channel->card,
			   channel->ops->channel_fd(channel, &error), &error,
			   __func__);
}

struct plxdma_transfer *plxdma_channel_reap(struct plxdma_channel *channel,
					    struct plxdma_result *result)
{
	struct plxdma_result known = {.size = sizeof(known)};
	struct plxdma_transfer *transfer;

	if (!channel || (result && !sized_room(result))) {
		failure_argument(channel ? channel->card : NULL, __func__,
				 "needs a channel, and a result with its size "
				 "member set to its sizeof");
		return NULL;
	}
	transfer = channel->ops->channel_reap(channel, &known);
	if (transfer && result)
		sized_give(result, &known, sizeof(known));
	/* The transfer is the front's, not the result's. */
	/* cppcheck-suppress returnDanglingLifetime */
	return transfer;
}
