/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers through the daemon. It checks and builds a transfer when it is
 * made, so that what is wrong with it is told then; the same numbers submitted
 * again cost it a comparison.
 */
#include "client/transfer.h"

#include <errno.h>
#include <stdlib.h>

#include "chip/recipe.h"
#include "client/request.h"
#include "mem/heap.h"

static int slot_find(const struct client_channel *channel, uint32_t *slot,
		     struct error *error)
{
	for (*slot = 0; *slot < WIRE_SLOTS; ++*slot) {
		if (!channel->slots[*slot])
			return 0;
	}
	return error_set(error, -ENOSPC, "a channel has at most %d transfers: "
			 "free some, or change one", WIRE_SLOTS);
}

/* A request as the daemon knows it: what a transfer consists of. */
struct prepared {
	struct wire_submission entry;
	uint64_t list;
	struct plxdma_recipe *recipe;
};

static void prepared_forget(struct client_channel *channel,
			    struct prepared *prepared,
			    const struct wire_submission *kept)
{
	request_forget(channel, prepared->list);
	request_recipe_forget(channel, &prepared->entry, kept);
	plxdma_recipe_free(prepared->recipe);
}

/* Has the daemon check and build it, for @slot; @old stays valid. */
static int prepare(struct client_channel *channel,
		   const struct plxdma_request *request, uint32_t slot,
		   const struct wire_submission *old, struct prepared *prepared,
		   struct error *error)
{
	struct wire_submission *entry = &prepared->entry;
	int number = old && old->flags & WIRE_RECIPE ? old->recipe : -1;
	int err = request_entry(channel, request, entry, &prepared->list,
				error);

	if (err)
		return err;
	entry->slot = slot;
	entry->op = WIRE_PREPARE;
	prepared->recipe = NULL;
	if (request->recipe)
		err = request_recipe(channel, request->recipe, number, entry,
				     &prepared->recipe, error);
	if (!err)
		err = channel_ask(channel, entry, error);
	if (err)
		prepared_forget(channel, prepared, old);
	return err;
}

static int needs_claim(const struct client_channel *channel,
		       const struct wire_submission *entry)
{
	const struct plxdma_mode *mode = channel->modes[entry->mode];

	if (entry->flags & WIRE_RECIPE)
		return 1;
	return mode && (plxdma_mode_get(mode, PLXDMA_MODE_CONSTANT) == 1 ||
			plxdma_mode_get(mode, PLXDMA_MODE_DEMAND) == 1 ||
			plxdma_mode_get(mode, PLXDMA_MODE_EOT) == 1);
}

static void prepared_adopt(struct client_transfer *transfer,
			   const struct prepared *prepared)
{
	transfer->entry = prepared->entry;
	transfer->list = prepared->list;
	transfer->recipe = prepared->recipe;
	transfer->needs_claim = needs_claim(transfer_channel(transfer),
					    &prepared->entry);
}

int client_transfer_new(struct plxdma_channel *front,
			const struct plxdma_request *request,
			struct plxdma_transfer **transfer, struct error *error)
{
	struct client_channel *channel = client_channel(front);
	struct client_transfer *made;
	struct prepared prepared;
	uint32_t slot;
	int err = slot_find(channel, &slot, error);

	if (err)
		return err;
	made = calloc(1, sizeof(*made));
	if (!made)
		return error_set(error, -ENOMEM, "no memory for a transfer");
	err = prepare(channel, request, slot, NULL, &prepared, error);
	if (err) {
		free(made);
		return err;
	}
	made->front.ops = front->ops;
	made->front.channel = front;
	prepared_adopt(made, &prepared);
	channel->slots[slot] = made;
	*transfer = &made->front;
	return 0;
}

int client_transfer_change(struct plxdma_transfer *front,
			   const struct plxdma_request *request,
			   struct error *error)
{
	struct client_transfer *transfer = client_transfer(front);
	struct client_channel *channel = transfer_channel(transfer);
	struct prepared prepared, old = {
		.entry = transfer->entry,
		.list = transfer->list,
		.recipe = transfer->recipe,
	};
	int err;

	channel_look(channel);
	if (transfer->state != TRANSFER_IDLE)
		return error_set(error, -EBUSY, "the transfer is under way, or "
				 "ended and not yet taken");
	err = prepare(channel, request, transfer->entry.slot, &old.entry,
		      &prepared, error);
	if (err)
		return err;
	prepared_adopt(transfer, &prepared);
	prepared_forget(channel, &old, &transfer->entry);
	return 0;
}

int client_transfer_value(const struct plxdma_transfer *front,
			  unsigned int step, uint32_t *value)
{
	const struct client_transfer *transfer =
		(const struct client_transfer *)front;
	const struct wire_values *values;

	if (!transfer->recipe || step >= transfer->recipe->steps_count ||
	    transfer->recipe->steps[step].op == PLXDMA_STEP_WRITE ||
	    transfer->state != TRANSFER_IDLE)
		return -EINVAL;
	values = &transfer_channel(transfer)->ring.area->
		values[transfer->entry.recipe];
	if (!(values->known >> step & 1))
		return -ENODATA;
	*value = values->values[step];
	return 0;
}

void client_transfer_free(struct plxdma_transfer *front)
{
	struct client_transfer *transfer = client_transfer(front);
	struct client_channel *channel = transfer_channel(transfer);
	struct wire_submission entry = {
		.op = WIRE_RELEASE,
		.slot = transfer->entry.slot,
	};

	if (transfer->state == TRANSFER_UNDER_WAY)
		client_cancel(front, PLXDMA_CANCELLED, NULL);
	if (transfer->state == TRANSFER_ENDED)
		client_transfer_take(transfer, NULL);
	channel_ask(channel, &entry, NULL);
	channel->slots[transfer->entry.slot] = NULL;
	request_forget(channel, transfer->list);
	request_recipe_forget(channel, &transfer->entry, NULL);
	plxdma_recipe_free(transfer->recipe);
	free(transfer);
}

/* What the daemon would refuse, told at once. It has the last word all the
 * same: a claim may end while an entry is on its way. */
static int claim_check(const struct client_transfer *transfer,
		       struct error *error)
{
	const struct client_channel *channel = transfer_channel(transfer);
	uint32_t claim = ring_client_claim(&channel->ring);

	if (claim == WIRE_OWN)
		return 0;
	if (claim == WIRE_FOREIGN)
		return client_claim_foreign(channel_card(channel),
					    channel->index, error);
	if (!transfer->needs_claim)
		return 0;
	return error_set(error, -EPERM, "constant local address, demand mode, "
			 "EOT# and recipes need a claim: call plxdma_claim() "
			 "for channel %u or for the card first",
			 channel->index);
}

int client_submit(struct plxdma_transfer *front, struct error *error)
{
	struct client_transfer *transfer = client_transfer(front);
	struct client_channel *channel = transfer_channel(transfer);
	int state = ring_client_state(&channel->ring);

	if (transfer->state != TRANSFER_IDLE)
		return error_set(error, -EBUSY, "the transfer is under way, or "
				 "ended and not yet taken");
	if (channel->gone)
		return connection_gone(channel_connection(channel), error);
	if (state)
		return error_set(error, state, "the card is out of service or "
				 "gone: ask whoever runs plxdmad");
	state = claim_check(transfer, error);
	if (state)
		return state;
	if (channel->under_way >= WIRE_DEPTH)
		channel_look(channel);
	transfer->entry.op = WIRE_SUBMIT;
	if (channel->under_way >= WIRE_DEPTH ||
	    channel_put(channel, &transfer->entry))
		return error_set(error, -EAGAIN, "%d transfers are under way "
				 "on this channel: wait for one", WIRE_DEPTH);
	transfer->cookie = transfer->entry.cookie;
	transfer->state = TRANSFER_UNDER_WAY;
	channel->under_way++;
	return 0;
}

/* How one ended that the daemon didn't start. */
static uint32_t refused_status(int error)
{
	if (error == -ENODEV)
		return PLXDMA_GONE;
	return error == -ESHUTDOWN ? PLXDMA_STUCK : PLXDMA_CANCELLED;
}

void client_transfer_end(struct client_transfer *transfer,
		  const struct wire_completion *entry)
{
	struct client_channel *channel = transfer_channel(transfer);

	transfer->state = TRANSFER_ENDED;
	transfer->error = entry->error;
	transfer->result = (struct plxdma_result){
		.size = sizeof(transfer->result),
		.status = entry->error ? refused_status(entry->error) :
					 entry->status,
		.bytes = entry->bytes,
		.bytes_exact = entry->bytes_exact,
		.time_ns = entry->time_ns,
	};
	channel->under_way--;
	TAILQ_INSERT_TAIL(&channel->ended, transfer, link);
}

void client_transfer_take(struct client_transfer *transfer,
		   struct plxdma_result *result)
{
	TAILQ_REMOVE(&transfer_channel(transfer)->ended, transfer, link);
	transfer->state = TRANSFER_IDLE;
	if (result)
		*result = transfer->result;
}
