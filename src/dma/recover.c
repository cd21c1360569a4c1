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
 * Return: 0; -EIO if it didn't end by itself; -EAGAIN while others have the
 * card's turn.
 */
static int dummy_run(struct dma_channel *channel)
{
	static const struct dma_transfer dummy = {
		.program = { .mode = PLX_DMAMODE_RESET },
		.quiet = 1,
	};
	struct dma_transfer transfer = dummy;
	const uint64_t deadline = clock_ns() + DUMMY_NS;
	int done, result;

	result = channel_start(channel, &transfer);
	if (result)
		return result == -EAGAIN ? result : -EIO;
	do {
		done = csr_done(channel);
	} while (!done && clock_ns() < deadline);
	channel->running = NULL;
	if (!done)
		channel_abort(channel);
	channel_forget(channel);
	return done ? 0 : -EIO;
}

void channel_mend(struct dma_channel *channel, int chain)
{
	struct dma_card *card = channel->card;
	int result;

	channel->unmended = 0;
	channel_forget(channel);
	if (!card->family->abort_dummy &&
	    !(chain && card->options.reset_allowed))
		return;
	result = dummy_run(channel);
	if (result == -EAGAIN)
		channel->unmended = chain ? 2 : 1;
	else if (result && card->options.reset_allowed)
		/* On a 9080 aborted in a chain only a reset may help. */
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
	struct dma_transfer *transfer;
	struct outcome outcome = { .status = status };
	uint16_t aborted = card_take_abort(channel, clock_ns());

	append_settle(channel);
	transfer = channel->running;
	if (transfer->ends_as)
		outcome.status = (enum plxdma_status)transfer->ends_as;
	outcome.bytes = bytes_moved(channel, transfer);

	/* A fault is the better answer than the deadline that it ran into. */
	if (aborted & PLX_STATUS_RECEIVED_MASTER_ABORT)
		outcome.status = PLXDMA_MASTER_ABORT;
	else if (aborted)
		outcome.status = PLXDMA_TARGET_ABORT;
	channel->running = NULL;
	channel_mend(channel, transfer->program.chain);
	channel_finish(channel, transfer, &outcome);
	if (channel_disturbed(channel))
		channel_notice(channel);
	else
		channel_proceed(channel);
}

/* The engine may go on reading its chain and writing to its memory. */
static void channel_abandon(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->running;
	struct dma_card *card = channel->card;

	recorder_snapshot(channel);
	card_out_of_service(card, channel->index, transfer->map);
	pool_abandon(&card->pool, transfer->block);
	transfer->block = NULL;
	append_abandon(channel);
	channel_end_plainly(channel, PLXDMA_STUCK);
}

static int channel_stuck(struct dma_channel *channel,
			 enum plxdma_status status)
{
	const struct outcome outcome = { .status = status };
	struct dma_card *card = channel->card;

	if (card->options.reset_allowed && !card_reset(card)) {
		channel_finish(channel, channel->running, &outcome);
		channel_was_reset(channel);
		return 0;
	}
	channel_abandon(channel);
	channel_flush(channel, PLXDMA_CANCELLED);
	return -ESHUTDOWN;
}

int channel_stop(struct dma_channel *channel, enum plxdma_status status)
{
	int result;

	if (recorder_fault(status))
		recorder_snapshot(channel);
	result = channel_abort(channel);
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
static void channel_out(struct dma_channel *channel)
{
	struct dma_card *card = channel->card;

	/* It stops this channel as well: wait until it has. */
	pthread_mutex_lock(&card->lock);
	pthread_mutex_unlock(&card->lock);
	if (channel->running && !csr_done(channel))
		channel_abandon(channel);
	else
		channel_end_plainly(channel, PLXDMA_CANCELLED);
	channel_flush(channel, PLXDMA_CANCELLED);
}

void channel_notice(struct dma_channel *channel)
{
	switch (card_state(channel->card)) {
	case CARD_GONE:
		channel_gone(channel);
		break;
	case CARD_OUT:
		channel_out(channel);
		break;
	case CARD_GOOD:
		channel_was_reset(channel);
		break;
	}
}

void channel_gone(struct dma_channel *channel)
{
	card_gone(channel->card);
	channel_end_plainly(channel, PLXDMA_GONE);
	channel_flush(channel, PLXDMA_GONE);
}

void channel_was_reset(struct dma_channel *channel)
{
	const struct outcome outcome = { .status = PLXDMA_RESET };
	int result;

	channel_follow_resets(channel);
	if (channel->running) {
		/* Which registers a reset reaches is open: be sure. */
		result = channel_abort(channel);
		if (result == -ENODEV) {
			channel_gone(channel);
			return;
		}
		if (result) {
			channel_stuck(channel, PLXDMA_RESET);
			return;
		}
		channel_finish(channel, channel->running, &outcome);
	} else if (channel->starting) {
		channel_start_not(channel, PLXDMA_RESET);
	}
	channel_flush(channel, PLXDMA_RESET);
	channel_proceed(channel);
}
