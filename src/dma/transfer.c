/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers: prepared once, submitted as often as one likes.
 *
 * All checking and building is done when a transfer is made or changed, so
 * that submitting one is a handful of register writes.
 */
#include "dma/card.h"

#include <errno.h>
#include <stdlib.h>

static int transfer_prepare(struct dma_transfer *transfer,
			    const struct dma_request *request,
			    struct error *error)
{
	struct dma_channel *channel = transfer->channel;
	struct recipe *recipe;
	int result = recipe_make(channel->card, request->recipe, &recipe,
				 error);

	if (result)
		return result;
	result = chain_build(channel, request, &transfer->program,
			     &transfer->block, &transfer->length, error);
	if (result) {
		free(recipe);
		return result;
	}
	free(transfer->recipe);
	transfer->recipe = recipe;
	transfer->map = request->map;
	frames_note(transfer, request);
	transfer->direction = request->direction;
	transfer->quiet = request->quiet;
	transfer->linked = request->form == PLXDMA_FORM_LINKED &&
			   transfer->program.chain &&
			   !transfer->program.eot && !recipe;
	transfer->ends_as = 0;
	/* Better now than in the submission. */
	if (transfer->program.chain)
		channel_tidy(channel);
	return 0;
}

int dma_transfer_new(struct dma_channel *channel,
		     const struct dma_request *request,
		     struct dma_transfer **made, struct error *error)
{
	struct dma_transfer *transfer = calloc(1, sizeof(*transfer));
	int result;

	if (!transfer)
		return error_set(error, -ENOMEM, "out of memory");
	transfer->channel = channel;
	transfer->status = PLXDMA_RUNNING;
	result = transfer_prepare(transfer, request, error);
	if (result) {
		free(transfer);
		return result;
	}
	*made = transfer;
	return 0;
}

int dma_transfer_change(struct dma_transfer *transfer,
			const struct dma_request *request, struct error *error)
{
	if (transfer->state != TRANSFER_IDLE)
		return error_set(error, -EBUSY,
				 "transfer: it is under way, or ended and not "
				 "yet taken");
	return transfer_prepare(transfer, request, error);
}

static int under_way(const struct dma_transfer *transfer)
{
	return transfer->state != TRANSFER_IDLE &&
	       transfer->state != TRANSFER_ENDED;
}

void dma_transfer_free(struct dma_transfer *transfer)
{
	if (!transfer)
		return;
	if (under_way(transfer))
		dma_transfer_cancel(transfer, PLXDMA_CANCELLED);
	if (transfer->state == TRANSFER_ENDING)
		channel_end_hastily(transfer->channel);
	dma_transfer_take(transfer);
	free(transfer->recipe);
	pool_give(&transfer->channel->card->pool, transfer->block);
	free(transfer);
}

void dma_transfer_set_user(struct dma_transfer *transfer, void *user)
{
	transfer->user = user;
}

void *dma_transfer_user(const struct dma_transfer *transfer)
{
	return transfer->user;
}

static int state_errno(enum card_state state)
{
	return state == CARD_GONE ? -ENODEV : -ESHUTDOWN;
}

int dma_transfer_submit(struct dma_transfer *transfer)
{
	struct dma_channel *channel = transfer->channel;
	enum card_state state = card_state(channel->card);

	if (transfer->state != TRANSFER_IDLE)
		return -EBUSY;
	if (state != CARD_GOOD)
		return state_errno(state);
	if (frames_check(transfer))
		return -EFAULT;
	if (transfer->recipe)
		recipe_begin(transfer->recipe);
	if (!channel_occupied(channel))
		return channel_begin(channel, transfer);
	if (channel->queued + channel->appended_count >= DMA_QUEUE)
		return -EAGAIN;
	transfer->ends_as = 0;
	if (transfer->linked && !channel->queued &&
	    channel_append(channel, transfer))
		return 0;
	transfer->state = TRANSFER_QUEUED;
	transfer->status = PLXDMA_RUNNING;
	TAILQ_INSERT_TAIL(&channel->queue, transfer, link);
	channel->queued++;
	return 0;
}

enum plxdma_status dma_transfer_status(const struct dma_transfer *transfer)
{
	return (enum plxdma_status)transfer->status;
}

void dma_transfer_result(const struct dma_transfer *transfer,
			 struct plxdma_result *result)
{
	*result = (struct plxdma_result){
		.size = sizeof(*result),
		.status = transfer->status,
		.bytes = transfer->bytes,
		.bytes_exact = transfer->bytes_exact,
		.time_ns = (int64_t)transfer->seen_ended,
	};
}

int dma_transfer_take(struct dma_transfer *transfer)
{
	if (transfer->state != TRANSFER_ENDED)
		return -EAGAIN;
	TAILQ_REMOVE(&transfer->channel->ended, transfer, link);
	transfer->state = TRANSFER_IDLE;
	return 0;
}

static void queued_cancel(struct dma_transfer *transfer,
			  enum plxdma_status status)
{
	const struct outcome outcome = { status, 0, 1 };
	struct dma_channel *channel = transfer->channel;

	TAILQ_REMOVE(&channel->queue, transfer, link);
	channel->queued--;
	channel_conclude(channel, transfer, &outcome);
}

static void starting_cancel(struct dma_channel *channel,
			    enum plxdma_status status)
{
	channel_start_not(channel, status);
	channel_proceed(channel);
}

/* It may just have ended, and nobody was told yet. */
static void look_now(struct dma_channel *channel)
{
	atomic_store(&channel->told, true);
	dma_channel_progress(channel);
}

static int running_cancel(struct dma_transfer *transfer,
			  enum plxdma_status status)
{
	struct dma_channel *channel = transfer->channel;

	look_now(channel);
	if (channel->running != transfer)
		return 0;
	return channel_stop(channel, status);
}

/* The others go on if the engine isn't near yet; else it is stopped. */
static int appended_cancel(struct dma_transfer *transfer,
			   enum plxdma_status status)
{
	struct dma_channel *channel = transfer->channel;

	look_now(channel);
	if (!under_way(transfer))
		return 0;
	if (transfer->state != TRANSFER_APPENDED)
		return dma_transfer_cancel(transfer, status);
	if (!append_withdraw(channel, transfer, status))
		return 0;
	transfer->ends_as = (uint8_t)status;
	return channel_stop(channel, PLXDMA_CANCELLED);
}

int dma_transfer_withdraw(struct dma_transfer *transfer)
{
	struct dma_channel *channel = transfer->channel;

	if (transfer->state == TRANSFER_QUEUED)
		queued_cancel(transfer, PLXDMA_CANCELLED);
	else if (transfer->state == TRANSFER_APPENDED)
		return append_withdraw(channel, transfer, PLXDMA_CANCELLED);
	return under_way(transfer) ? -EBUSY : 0;
}

int dma_transfer_on_engine(const struct dma_transfer *transfer)
{
	return transfer->state == TRANSFER_RUNNING ||
	       transfer->state == TRANSFER_APPENDED;
}

int dma_transfer_cancel(struct dma_transfer *transfer,
			enum plxdma_status status)
{
	struct dma_channel *channel = transfer->channel;
	int result = 0;

	switch ((enum transfer_state)transfer->state) {
	case TRANSFER_QUEUED:
		queued_cancel(transfer, status);
		break;
	case TRANSFER_APPENDED:
		result = appended_cancel(transfer, status);
		break;
	case TRANSFER_STARTING:
		starting_cancel(channel, status);
		break;
	case TRANSFER_RUNNING:
		result = running_cancel(transfer, status);
		break;
	case TRANSFER_ENDING:
		channel_go_on(channel);
		break;
	case TRANSFER_IDLE:
	case TRANSFER_ENDED:
		return -EINVAL;
	}
	return !result && transfer->state == TRANSFER_ENDING ? -EAGAIN : result;
}

int dma_transfer_value(const struct dma_transfer *transfer, unsigned int step,
		       uint32_t *value)
{
	if (!transfer->recipe)
		return -EINVAL;
	if (under_way(transfer))
		return -ENODATA;
	return recipe_value(transfer->recipe, step, value);
}

int dma_status_errno(enum plxdma_status status)
{
	switch (status) {
	case PLXDMA_DONE:
	case PLXDMA_EOT:
		return 0;
	case PLXDMA_RUNNING:
		return -EAGAIN;
	case PLXDMA_CANCELLED:
		return -ECANCELED;
	case PLXDMA_TIMED_OUT:
		return -ETIMEDOUT;
	case PLXDMA_MASTER_ABORT:
		return -EFAULT;
	case PLXDMA_TARGET_ABORT:
		return -EREMOTEIO;
	case PLXDMA_STUCK:
		return -ESHUTDOWN;
	case PLXDMA_GONE:
		return -ENODEV;
	case PLXDMA_RESET:
		return -ECONNRESET;
	case PLXDMA_POLL_TIMED_OUT:
		return -ETIME;
	}
	return -EIO;
}
