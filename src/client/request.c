/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's request as an entry of the ring: handles become offsets, lists
 * go to the area. Their place there is handed out by a heap that counts in
 * segments.
 */
#include "client/request.h"

#include <errno.h>
#include <string.h>

#include "chip/recipe.h"
#include "mem/heap.h"

#define UNIT 64		/* the heap's bytes that stand for one segment */

static int offset_of(const struct client_channel *channel,
		     plxdma_handle handle, uint64_t length, uint64_t *offset,
		     struct error *error)
{
	*offset = front_offset(channel->front.card->memory, handle, length);
	if (*offset == UINT64_MAX)
		return error_set(error, -ERANGE, "the request names memory "
				 "that is not this card's: take handles from "
				 "plxdma_alloc_coherent() or "
				 "plxdma_handle_of()");
	return 0;
}

static int list_fill(struct client_channel *channel,
		     const struct plxdma_request *request, uint32_t first,
		     struct error *error)
{
	struct wire_segment *to = &channel->ring.area->segments[first];
	uint64_t offset;
	int err;

	for (uint32_t i = 0; i < request->segment_count; i++) {
		const struct plxdma_segment *from = &request->segments[i];

		err = offset_of(channel, from->handle, from->length, &offset,
				error);
		if (err)
			return err;
		to[i].offset = offset;
		to[i].length = from->length;
		to[i].local = from->local;
	}
	return 0;
}

static int list_entry(struct client_channel *channel,
		      const struct plxdma_request *request,
		      struct wire_submission *entry, uint64_t *list,
		      struct error *error)
{
	int err;

	*list = heap_alloc(channel->segments,
			   (uint64_t)request->segment_count * UNIT);
	if (*list == HEAP_NONE)
		return error_set(error, -ENOSPC, "the lists of this channel's "
				 "transfers have more than %d segments: free "
				 "some, or cut the request", WIRE_SEGMENTS);
	entry->flags |= WIRE_SEGMENTED;
	entry->segment_first = (uint32_t)(*list / UNIT);
	entry->segment_count = request->segment_count;
	err = list_fill(channel, request, entry->segment_first, error);
	if (err)
		request_forget(channel, *list);
	return err;
}

int request_entry(struct client_channel *channel,
		  const struct plxdma_request *request,
		  struct wire_submission *entry, uint64_t *list,
		  struct error *error)
{
	*entry = (struct wire_submission){
		.direction = (uint8_t)request->direction,
		.form = (uint8_t)request->form,
		.mode = channel->mode,
		.flags = channel->waiting == PLXDMA_WAIT_SPIN ? WIRE_SPINS : 0,
	};
	*list = HEAP_NONE;
	if (request->segments)
		return list_entry(channel, request, entry, list, error);
	entry->local = request->local;
	entry->length = request->length;
	return offset_of(channel, request->handle, request->length,
			 &entry->offset, error);
}

void request_forget(struct client_channel *channel, uint64_t list)
{
	if (list != HEAP_NONE)
		heap_release(channel->segments, list);
}

static int number_find(struct client_channel *channel, int old,
		       struct error *error)
{
	if (old >= 0)
		return old;
	for (int i = 0; i < WIRE_RECIPES; i++) {
		if (!channel->recipes[i])
			return i;
	}
	return error_set(error, -ENOSPC, "%d transfers of this channel have a "
			 "recipe: free some, or change one", WIRE_RECIPES);
}

int request_recipe(struct client_channel *channel,
		   const struct plxdma_recipe *recipe, int old,
		   struct wire_submission *entry, struct plxdma_recipe **copy,
		   struct error *error)
{
	struct wire_recipe *to = &channel->ring.area->recipe;
	int number = number_find(channel, old, error);

	if (number < 0)
		return number;
	*copy = plxdma_recipe_new();
	if (!*copy)
		return error_set(error, -ENOMEM, "no memory for a recipe");
	**copy = *recipe;
	to->steps_count = recipe->steps_count;
	to->count_step = recipe->count_step;
	to->count_unit = recipe->count_unit;
	to->reserved = 0;
	memcpy(to->moments, recipe->moments, sizeof(to->moments));
	memcpy(to->steps, recipe->steps, sizeof(to->steps));
	channel->recipes[number] = 1;
	entry->flags |= WIRE_RECIPE;
	entry->recipe = (uint8_t)number;
	return 0;
}

void request_recipe_forget(struct client_channel *channel,
			   const struct wire_submission *entry,
			   const struct wire_submission *kept)
{
	if (!(entry->flags & WIRE_RECIPE))
		return;
	if (kept && kept->flags & WIRE_RECIPE && kept->recipe == entry->recipe)
		return;
	channel->recipes[entry->recipe] = 0;
}
