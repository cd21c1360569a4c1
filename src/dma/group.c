/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What surrounds a transfer on the engine: the wait for the card's turn, the
 * steps before its start, right after it, and after its end.
 *
 *   queued -> starting -> running -> ending -> ended
 *
 * Starting and the beginning of running are one group: one turn, from the
 * first step before the start to the last after it.  Ending is another.  A
 * transfer without a recipe goes straight from queued to running to ended,
 * unless another has the turn when it wants to start.
 *
 * Nothing here waits: what can't go on now is asked again by the next look.
 * Each pass is made under the channel's lock, so that no reset comes between
 * its steps.  Steps that a reset has overtaken end their transfer.
 */
#include "dma/card.h"

#include <errno.h>

/* When to look again while a poll or another's turn is waited for. */
#define STEP_LOOK_NS 50000u

static void look_soon(struct dma_channel *channel)
{
	channel->look = clock_ns() + STEP_LOOK_NS;
}

static int before_or_after_start(const struct dma_transfer *transfer)
{
	return transfer->recipe &&
	       (recipe_has(transfer->recipe, PLXDMA_BEFORE_START) ||
		recipe_has(transfer->recipe, PLXDMA_AFTER_START));
}

int channel_begin(struct dma_channel *channel, struct dma_transfer *transfer)
{
	enum card_state state;

	if (!channel->unmended && !before_or_after_start(transfer)) {
		int result = channel_start(channel, transfer);

		if (result != -EAGAIN)
			return result;
	}
	state = card_state(channel->card);
	if (state != CARD_GOOD)
		return state == CARD_GONE ? -ENODEV : -ESHUTDOWN;
	transfer->state = TRANSFER_STARTING;
	transfer->status = PLXDMA_RUNNING;
	channel->starting = transfer;
	channel_go_on(channel);
	return 0;
}

static int touched(const struct dma_transfer *transfer)
{
	return transfer->recipe && recipe_touched(transfer->recipe);
}

/* With the lock held.  As recipe_run(); -ECONNRESET, -ESHUTDOWN. */
static int start_pass(struct dma_channel *channel,
		      struct dma_transfer *transfer)
{
	struct recipe *recipe = transfer->recipe;
	int result = 0;

	if (!touched(transfer))
		channel_follow_resets(channel);
	if (channel_disturbed(channel))
		return -ECONNRESET;
	if (recipe)
		result = recipe_run(channel, recipe, PLXDMA_BEFORE_START);
	if (result)
		return result;
	channel->starting = NULL;
	channel_program(channel, transfer, clock_ns());
	if (!recipe)
		return 0;
	channel->after_start = 1;
	return recipe_run(channel, recipe, PLXDMA_AFTER_START);
}

static void start_failed(struct dma_channel *channel)
{
	if (channel->running) {
		channel_stop(channel, PLXDMA_POLL_TIMED_OUT);
		return;
	}
	channel_start_not(channel, PLXDMA_POLL_TIMED_OUT);
	channel_proceed(channel);
}

/* After a pass of the group around the start. */
static void start_passed(struct dma_channel *channel, int result)
{
	switch (result) {
	case 0:
		channel->after_start = 0;
		turn_leave(channel->card, &channel->turn);
		break;
	case -EAGAIN:
		look_soon(channel);
		break;
	case -ETIMEDOUT:
		start_failed(channel);
		break;
	case -ENODEV:
		channel_gone(channel);
		break;
	default:
		channel_notice(channel);
	}
}

static void starting_go_on(struct dma_channel *channel)
{
	int result;

	if (channel->unmended)
		channel_mend(channel, channel->unmended > 1);
	pthread_mutex_lock(&channel->lock);
	result = start_pass(channel, channel->starting);
	pthread_mutex_unlock(&channel->lock);
	start_passed(channel, result);
}

static void running_go_on(struct dma_channel *channel)
{
	int result = -ECONNRESET;

	pthread_mutex_lock(&channel->lock);
	if (!channel_disturbed(channel))
		result = recipe_run(channel, channel->running->recipe,
				    PLXDMA_AFTER_START);
	pthread_mutex_unlock(&channel->lock);
	start_passed(channel, result);
}

static int fine(enum plxdma_status status)
{
	return status == PLXDMA_DONE || status == PLXDMA_EOT;
}

/* With the lock held.  Polls that don't come true keep nothing back. */
static int end_pass(struct dma_channel *channel)
{
	struct recipe *recipe = channel->ending->recipe;
	int result;

	if (card_state(channel->card) != CARD_GOOD)
		return -ESHUTDOWN;
	do {
		result = recipe_run(channel, recipe, PLXDMA_AFTER_END);
		if (result == -ETIMEDOUT && fine(channel->outcome.status))
			channel->outcome.status = PLXDMA_POLL_TIMED_OUT;
	} while (result == -ETIMEDOUT);
	return result;
}

static void ending_conclude(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->ending;
	struct outcome *outcome = &channel->outcome;

	turn_leave(channel->card, &channel->turn);
	recipe_judge(transfer->recipe, transfer->length, outcome);
	channel->ending = NULL;
	channel_conclude(channel, transfer, outcome);
	channel_start_next(channel);
}

/* Its data has moved, but the board that its last steps are for is another. */
static void ending_was_reset(struct dma_channel *channel)
{
	channel_follow_resets(channel);
	if (fine(channel->outcome.status))
		channel->outcome.status = PLXDMA_RESET;
	channel_flush(channel, PLXDMA_RESET);
}

static void ending_go_on(struct dma_channel *channel)
{
	int result;

	if (channel_resets_unseen(channel))
		ending_was_reset(channel);
	pthread_mutex_lock(&channel->lock);
	result = end_pass(channel);
	pthread_mutex_unlock(&channel->lock);
	switch (result) {
	case 0:
		ending_conclude(channel);
		break;
	case -EAGAIN:
		look_soon(channel);
		break;
	case -ENODEV:
		channel_gone(channel);
		break;
	default:
		channel_notice(channel);
	}
}

void channel_go_on(struct dma_channel *channel)
{
	if (turn_take(channel->card, &channel->turn))
		look_soon(channel);
	else if (channel->starting)
		starting_go_on(channel);
	else if (channel->ending)
		ending_go_on(channel);
	else
		running_go_on(channel);
}

/* Whatever it held: it isn't the one that has the channel any longer. */
static void channel_vacate(struct dma_channel *channel)
{
	channel->running = NULL;
	channel->starting = NULL;
	channel->ending = NULL;
	channel->after_start = 0;
	turn_leave(channel->card, &channel->turn);
}

/* What was to follow it. */
static void appended_end(struct dma_channel *channel, enum plxdma_status status)
{
	const int whole = status == PLXDMA_GONE || status == PLXDMA_RESET;

	append_end(channel, whole ? status : PLXDMA_CANCELLED);
}

void channel_finish(struct dma_channel *channel,
		    struct dma_transfer *transfer,
		    const struct outcome *outcome)
{
	channel_vacate(channel);
	if (!transfer->recipe ||
	    !recipe_has(transfer->recipe, PLXDMA_AFTER_END)) {
		channel_conclude(channel, transfer, outcome);
		appended_end(channel, outcome->status);
		return;
	}
	transfer->state = TRANSFER_ENDING;
	channel->ending = transfer;
	channel->outcome = *outcome;
}

void channel_end_plainly(struct dma_channel *channel,
			 enum plxdma_status status)
{
	struct outcome outcome = { status, 0, 0 };
	struct dma_transfer *transfer = channel->running;

	if (channel->starting) {
		transfer = channel->starting;
		outcome.exact = 1;
	} else if (channel->ending) {
		transfer = channel->ending;
		outcome = channel->outcome;
		if (fine(outcome.status))
			outcome.status = status;
	}
	channel_vacate(channel);
	if (transfer)
		channel_conclude(channel, transfer, &outcome);
	appended_end(channel, status);
}

void channel_end_hastily(struct dma_channel *channel)
{
	struct dma_transfer *transfer = channel->ending;

	recipe_hurry(transfer->recipe);
	channel_go_on(channel);
	if (channel->ending != transfer)
		return;
	/* Others have the turn. */
	ending_conclude(channel);
}

void channel_proceed(struct dma_channel *channel)
{
	if (channel->ending)
		channel_go_on(channel);
	else
		channel_start_next(channel);
}

void channel_start_not(struct dma_channel *channel, enum plxdma_status status)
{
	const struct outcome outcome = { status, 0, 1 };

	if (touched(channel->starting))
		channel_finish(channel, channel->starting, &outcome);
	else
		channel_end_plainly(channel, status);
}
