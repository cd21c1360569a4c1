/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's transfers: each that ends is taken exactly once, by whoever asks
 * first.
 *
 * The driver gives ended transfers back in their order.  A wait for one of
 * them may find others before it, so all go through the channel's queue, from
 * which each is taken by name or in turn.
 */
#include <errno.h>
#include <stdlib.h>

#include "dma/card.h"
#include "dma/front.h"

void direct_channel_collect(struct direct_channel *channel)
{
	struct dma_transfer *dma;

	while ((dma = dma_channel_take(channel->dma))) {
		struct direct_transfer *transfer = dma_transfer_user(dma);

		transfer->state = DIRECT_ENDED;
		transfer->next_ended = NULL;
		*channel->ended_tail = transfer;
		channel->ended_tail = &transfer->next_ended;
		channel->under_way--;
	}
}

static struct direct_channel *channel_of(struct direct_transfer *transfer)
{
	return direct_channel_of(transfer->transfer.channel);
}

void direct_transfer_take(struct direct_transfer *transfer,
			  struct plxdma_result *result)
{
	struct direct_channel *channel = channel_of(transfer);
	struct direct_transfer **link = &channel->ended;

	while (*link != transfer)
		link = &(*link)->next_ended;
	*link = transfer->next_ended;
	if (channel->ended_tail == &transfer->next_ended)
		channel->ended_tail = link;
	transfer->state = DIRECT_IDLE;
	if (result)
		dma_transfer_result(transfer->dma, result);
}

static void transfer_link(struct direct_channel *channel,
			  struct direct_transfer *transfer)
{
	transfer->next = channel->transfers;
	if (transfer->next)
		transfer->next->previous = transfer;
	channel->transfers = transfer;
}

static void transfer_unlink(struct direct_channel *channel,
			    struct direct_transfer *transfer)
{
	if (transfer->next)
		transfer->next->previous = transfer->previous;
	if (transfer->previous)
		transfer->previous->next = transfer->next;
	else
		channel->transfers = transfer->next;
}

static int transfer_make(struct direct_channel *channel,
			 const struct dma_request *request,
			 struct plxdma_transfer **made, struct error *error)
{
	struct direct_transfer *transfer = calloc(1, sizeof(*transfer));
	int result;

	if (!transfer)
		return error_set(error, -ENOMEM, "no memory for a transfer");
	result = dma_transfer_new(channel->dma, request, &transfer->dma, error);
	if (result) {
		free(transfer);
		return result;
	}
	transfer->transfer.ops = channel->channel.ops;
	transfer->transfer.channel = &channel->channel;
	dma_transfer_set_user(transfer->dma, transfer);
	transfer_link(channel, transfer);
	*made = &transfer->transfer;
	return 0;
}

int direct_transfer_new(struct plxdma_channel *public,
			const struct plxdma_request *from,
			struct plxdma_transfer **transfer, struct error *error)
{
	struct direct_channel *channel = direct_channel_of(public);
	struct dma_segment *segments;
	struct dma_request request;
	int result;

	result = direct_request_resolve(channel, from, &request, &segments,
					error);
	if (!result)
		result = transfer_make(channel, &request, transfer, error);
	free(segments);
	return result;
}

int direct_transfer_change(struct plxdma_transfer *public,
			   const struct plxdma_request *from,
			   struct error *error)
{
	struct direct_transfer *transfer = direct_transfer_of(public);
	struct dma_segment *segments;
	struct dma_request request;
	int result;

	if (transfer->state != DIRECT_IDLE)
		return error_set(error, -EBUSY,
				 "the transfer is under way, or has ended and "
				 "was not taken: wait for it first");
	result = direct_request_resolve(channel_of(transfer), from, &request,
					&segments, error);
	if (!result)
		result = dma_transfer_change(transfer->dma, &request, error);
	free(segments);
	return result;
}

void direct_transfer_free(struct plxdma_transfer *public)
{
	struct direct_transfer *transfer = direct_transfer_of(public);
	struct direct_channel *channel = channel_of(transfer);

	if (transfer->state == DIRECT_UNDER_WAY)
		direct_cancel(public, PLXDMA_CANCELLED, NULL);
	if (transfer->state == DIRECT_ENDED)
		direct_transfer_take(transfer, NULL);
	direct_fd_settle(channel);
	dma_transfer_free(transfer->dma);
	transfer_unlink(channel, transfer);
	free(transfer);
}

static int submit_failed(const struct direct_channel *channel, int code,
			 struct error *error)
{
	const char *name = channel->card->name;

	switch (code) {
	case -EAGAIN:
		return error_set(error, code,
				 "%s: channel %u's queue is full: take what "
				 "has ended",
				 name, channel->index);
	case -ESHUTDOWN:
		return error_set(error, code,
				 "%s: out of service since a channel couldn't "
				 "be stopped: reset or power-cycle the card",
				 name);
	case -ENODEV:
		return error_set(error, code,
				 "%s: the card reads all ones: it is gone",
				 name);
	case -EFAULT:
		return error_set(error, code,
				 "%s: a page of the transfer's memory has moved "
				 "since it was prepared, and is in quarantine; "
				 "prepare it anew, with other memory", name);
	}
	return code;
}

/* Others' turns took too long, and nothing of it was done yet. */
static int submit_undo(struct direct_transfer *transfer, struct error *error)
{
	struct direct_channel *channel = channel_of(transfer);

	dma_transfer_cancel(transfer->dma, PLXDMA_CANCELLED);
	direct_channel_collect(channel);
	direct_transfer_take(transfer, NULL);
	direct_fd_settle(channel);
	return direct_turn_refused(channel->card, error);
}

int direct_submit(struct plxdma_transfer *public, struct error *error)
{
	struct direct_transfer *transfer = direct_transfer_of(public);
	struct direct_channel *channel = channel_of(transfer);
	int result;

	if (transfer->state != DIRECT_IDLE)
		return error_set(error, -EBUSY,
				 "the transfer is under way, or has ended and "
				 "was not taken: wait for it first");
	result = dma_transfer_submit(transfer->dma);
	if (result)
		return submit_failed(channel, result, error);
	transfer->state = DIRECT_UNDER_WAY;
	channel->under_way++;
	direct_fd_submitted(channel);
	if (!direct_turn_drive(channel, DIRECT_TURN_NS))
		return 0;
	return transfer->dma->state == TRANSFER_STARTING
		       ? submit_undo(transfer, error)
		       : 0;
}

int direct_transfer_value(const struct plxdma_transfer *transfer,
			  unsigned int step, uint32_t *value)
{
	return dma_transfer_value(
		((const struct direct_transfer *)transfer)->dma, step, value);
}

/* How it ended, in words. */
static int ended(struct direct_transfer *transfer,
		 const struct plxdma_result *result, struct error *error)
{
	static const char *const words[] = {
		[PLXDMA_CANCELLED] = "it was cancelled",
		[PLXDMA_TIMED_OUT] = "it was aborted at its deadline",
		[PLXDMA_MASTER_ABORT] = "nobody answered on the PCI bus at "
					"its address (master abort)",
		[PLXDMA_TARGET_ABORT] = "the memory's side refused (target "
					"abort)",
		[PLXDMA_STUCK] = "its engine can't be stopped; the card is "
				 "out of service until a reset or power-off",
		[PLXDMA_GONE] = "the card reads all ones: it is gone",
		[PLXDMA_RESET] = "somebody reset the card; start over",
		[PLXDMA_POLL_TIMED_OUT] =
			"a poll of its recipe didn't come true",
	};
	const struct direct_channel *channel = channel_of(transfer);
	int code = dma_status_errno((enum plxdma_status)result->status);
	const char *word;

	if (!code || result->status >= sizeof(words) / sizeof(words[0]))
		return code;
	word = words[result->status];
	return error_set(error, code,
			 "%s: transfer on channel %u: %s; %s%llu bytes moved",
			 channel->card->name, channel->index,
			 word ? word : "it has not ended",
			 result->bytes_exact ? "" : "at least ",
			 (unsigned long long)result->bytes);
}

int direct_wait(struct plxdma_transfer *public, int64_t timeout_ns,
		struct plxdma_result *result, struct error *error)
{
	struct direct_transfer *transfer = direct_transfer_of(public);
	struct direct_channel *channel = channel_of(transfer);
	int code = -EAGAIN;

	if (transfer->state == DIRECT_IDLE)
		return error_set(error, -EINVAL,
				 "the transfer was not submitted, or was taken "
				 "already");
	if (transfer->state == DIRECT_UNDER_WAY) {
		if (timeout_ns)
			code = dma_transfer_wait(transfer->dma, timeout_ns);
		else
			dma_channel_progress(channel->dma);
		direct_turn_drive(channel, DIRECT_TURN_BRIEF_NS);
		direct_channel_collect(channel);
	}
	if (transfer->state == DIRECT_ENDED) {
		direct_transfer_take(transfer, result);
		code = ended(transfer, result, error);
	}
	direct_fd_settle(channel);
	return code;
}

int direct_cancel(struct plxdma_transfer *public, enum plxdma_status status,
		  struct error *error)
{
	struct direct_transfer *transfer = direct_transfer_of(public);
	struct direct_channel *channel = channel_of(transfer);
	int result;

	if (transfer->state == DIRECT_IDLE)
		return error_set(error, -EINVAL,
				 "the transfer is not under way");
	if (transfer->state == DIRECT_ENDED)
		return 0;
	result = status == PLXDMA_RUNNING
			 ? dma_transfer_withdraw(transfer->dma)
			 : dma_transfer_cancel(transfer->dma, status);
	direct_turn_drive(channel, DIRECT_TURN_NS);
	/* The engine has let go of it; a wait takes what may be left. */
	if (result == -EAGAIN)
		result = 0;
	direct_channel_collect(channel);
	direct_fd_settle(channel);
	if (result == -EBUSY)
		error_set(error, result, "%s: the engine is at the transfer, or "
			  "too near", channel->card->name);
	if (result == -ESHUTDOWN)
		error_set(error, result,
			  "%s: channel %u's engine can't be stopped; the card "
			  "is out of service and the memory stays pinned until "
			  "a reset or power-off",
			  channel->card->name, channel->index);
	return result;
}
