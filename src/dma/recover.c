/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When a transfer doesn't end by itself: stop it, confirm that it stopped, see
 * why, and make the channel fit for the next (chip ref. 3.5, 5.1, 5.2).
 *
 * The board is not ours to reset.  An engine that can't be stopped therefore
 * takes the card out of service, unless its policy says reset=allowed.
 */
#include "dma/card.h"

#include <errno.h>

/* A transfer of no bytes takes a few bus clocks. */
#define DUMMY_NS 10000000u

static int csr_done(struct dma_channel *channel)
{
	uint32_t both = channel_get(channel, PLX_DMACSR0);

	return (both >> PLX_DMACSR_SHIFT(channel->index) & PLX_DMACSR_DONE) !=
	       0;
}

static int channel_abort(struct dma_channel *channel)
{
	struct transport *transport = channel->card->transport;

	return transport->ops->channel_control(transport, channel->index,
					       TRANSPORT_ABORT);
}

/*
 * A block of no bytes to the card: what a 9080 needs after an abort (E8), and
 * how one sees whether an aborted chain left an engine that works.
 * Return: 0, or -EIO if it didn't end by itself.
 */
static int dummy_run(struct dma_channel *channel)
{
	static const struct dma_transfer dummy = {
		.program = { .mode = PLX_DMAMODE_RESET },
		.quiet = 1,
	};
	struct dma_transfer transfer = dummy;
	const uint64_t deadline = clock_ns() + DUMMY_NS;
	int done;

	if (channel_start(channel, &transfer))
		return -EIO;
	do {
		done = csr_done(channel);
	} while (!done && clock_ns() < deadline);
	channel->running = NULL;
	if (!done)
		channel_abort(channel);
	channel_forget(channel);
	return done ? 0 : -EIO;
}

static void channel_mend(struct dma_channel *channel, int chain)
{
	struct dma_card *card = channel->card;

	channel_forget(channel);
	if (!card->family->abort_dummy &&
	    !(chain && card->options.reset_allowed))
		return;
	/* On a 9080 aborted in a chain only a reset may help. */
	if (dummy_run(channel) && card->options.reset_allowed)
		card_reset(card);
}

/* What is known to have moved: whole descriptors before the one loaded. */
static uint64_t bytes_moved(struct dma_channel *channel,
			    const struct dma_transfer *transfer)
{
	uint32_t dpr, size;

	if (!transfer->program.chain)
		return 0;
	dpr = channel_get(channel, PLX_DMADPR(channel->index));
	return chain_position(&transfer->program, transfer->block, dpr, &size);
}

static void channel_stopped(struct dma_channel *channel,
			    enum plxdma_status status)
{
	struct dma_transfer *transfer = channel->running;
	uint64_t bytes = bytes_moved(channel, transfer);
	uint16_t aborted = card_take_abort(channel, clock_ns());

	/* A fault is the better answer than the deadline that it ran into. */
	if (aborted & PLX_STATUS_RECEIVED_MASTER_ABORT)
		status = PLXDMA_MASTER_ABORT;
	else if (aborted)
		status = PLXDMA_TARGET_ABORT;
	channel->running = NULL;
	channel_mend(channel, transfer->program.chain);
	channel_conclude(channel, transfer, status, bytes, 0);
	if (channel_disturbed(channel))
		channel_notice(channel);
	else
		channel_start_next(channel);
}

/* The engine may go on reading its chain and writing to its memory. */
static void channel_abandon(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->running;
	struct dma_card *card = channel->card;

	card_out_of_service(card, channel->index, transfer->map);
	pool_abandon(&card->pool, transfer->block);
	transfer->block = NULL;
	channel_conclude(channel, transfer, PLXDMA_STUCK, 0, 0);
}

static int channel_stuck(struct dma_channel *channel,
			 enum plxdma_status status)
{
	struct dma_transfer *transfer = channel->running;
	struct dma_card *card = channel->card;

	if (card->options.reset_allowed && !card_reset(card)) {
		channel_conclude(channel, transfer, status, 0, 0);
		channel_was_reset(channel);
		return 0;
	}
	channel_abandon(channel);
	channel_flush(channel, PLXDMA_CANCELLED);
	return -ESHUTDOWN;
}

int channel_stop(struct dma_channel *channel, enum plxdma_status status)
{
	int result = channel_abort(channel);

	if (result == -ENODEV) {
		channel_gone(channel);
		return result;
	}
	if (result)
		return channel_stuck(channel, status);
	channel_stopped(channel, status);
	return 0;
}

/* Another thread took the card out of service. */
static unsigned int channel_out(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->running;
	struct dma_card *card = channel->card;
	unsigned int ended = 0;

	/* It stops this channel as well: wait until it has. */
	pthread_mutex_lock(&card->lock);
	pthread_mutex_unlock(&card->lock);
	if (transfer && !csr_done(channel)) {
		channel_abandon(channel);
		ended = 1;
	} else if (transfer) {
		channel_conclude(channel, transfer, PLXDMA_CANCELLED, 0, 0);
		ended = 1;
	}
	return ended + channel_flush(channel, PLXDMA_CANCELLED);
}

unsigned int channel_notice(struct dma_channel *channel)
{
	switch (card_state(channel->card)) {
	case CARD_GONE:
		return channel_gone(channel);
	case CARD_OUT:
		return channel_out(channel);
	case CARD_GOOD:
		break;
	}
	return channel_was_reset(channel);
}

unsigned int channel_gone(struct dma_channel *channel)
{
	unsigned int ended = 0;

	card_gone(channel->card);
	if (channel->running) {
		channel_conclude(channel, channel->running, PLXDMA_GONE, 0, 0);
		ended = 1;
	}
	return ended + channel_flush(channel, PLXDMA_GONE);
}

unsigned int channel_was_reset(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->running;
	unsigned int ended = 0;

	channel_follow_resets(channel);
	if (transfer) {
		/* Which registers a reset reaches is open: be sure. */
		int result = channel_abort(channel);

		if (result && result != -ENODEV) {
			channel_stuck(channel, PLXDMA_RESET);
			return 1;
		}
		channel_conclude(channel, transfer, PLXDMA_RESET, 0, 0);
		ended = 1;
	}
	return ended + channel_flush(channel, PLXDMA_RESET);
}
