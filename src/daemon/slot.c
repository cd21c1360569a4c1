/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a client's numbers to a transfer: copy, check against the client's own
 * arena, check against the card's policy, and let the driver check the rest.
 */
#include "slot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "lane.h"
#include "pace.h"
#include "tenant.h"
#include "wire/request.h"

/* A client's descriptors take memory that all share. */
#define PIECES_OF_A_CLIENT 65536
/* Up to here the daemon still looks when a transfer ends (31 us on the slowest
 * bus), and an interrupt would only cost. */
#define QUIET_BYTES 4096

/* The numbers of one request, copied and checked. */
struct numbers {
	const struct wire_submission *entry;
	struct wire_segment *segments;	/* NULL without a list */
	uint64_t bytes;
	uint64_t pieces;		/* at most so many descriptors */
	const struct plxdma_mode *mode;
	int constant;
	struct plxdma_recipe *recipe;	/* NULL without one */
};

struct slot *slot_new(struct lane *lane, uint32_t number)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (!slot)
		return NULL;
	slot->lane = lane;
	slot->number = number;
	return slot;
}

void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	if (slot->transfer)
		dma_transfer_free(slot->transfer);
	slot->lane->tenant->client->pieces -= slot->pieces;
	free(slot->segments);
	plxdma_recipe_free(slot->recipe);
	free(slot);
}

static int list_copy(struct slot *slot, struct numbers *numbers)
{
	const struct wire_submission *entry = numbers->entry;

	numbers->segments = malloc(entry->segment_count *
				   sizeof(*numbers->segments));
	if (!numbers->segments)
		return -ENOMEM;
	ring_server_segments(&slot->lane->ring, entry->segment_first,
			     entry->segment_count, numbers->segments);
	return 0;
}

/* A mode may have been set anew since. */
static int same_mode(const struct slot *slot, unsigned int index)
{
	const struct plxdma_mode *mode = slot->lane->modes[index];

	return mode ? slot->has_mode && mode_equal(mode, &slot->mode) :
		      !slot->has_mode;
}

static int unchanged(const struct slot *slot, const struct numbers *numbers)
{
	return slot->built && !(numbers->entry->op == WIRE_PREPARE &&
				numbers->entry->flags & WIRE_RECIPE) &&
	       wire_submission_same(&slot->entry, numbers->entry) &&
	       same_mode(slot, numbers->entry->mode) &&
	       (!numbers->segments ||
		!memcmp(slot->segments, numbers->segments,
			numbers->entry->segment_count *
			sizeof(*numbers->segments)));
}

/* All that policy says of a transfer. */
static int grant_check(const struct slot *slot, const struct numbers *numbers,
		       struct error *error)
{
	const struct lane *lane = slot->lane;
	const struct grant *grant = &lane->tenant->grant;
	const char *card = lane->tenant->card->name;
	const struct wire_submission *entry = numbers->entry;
	int err = grant_check_channel(grant, card, lane->index, error);

	if (!err)
		err = grant_check_direction(grant, card, entry->direction,
					    error);
	if (!err)
		err = grant_check_mode(grant, card, numbers->mode, error);
	if (!err && !numbers->segments)
		err = grant_check_local(grant, card, entry->local,
					entry->length, numbers->constant,
					error);
	for (uint32_t i = 0; !err && numbers->segments &&
	     i < entry->segment_count; i++)
		err = grant_check_local(grant, card,
					numbers->segments[i].local,
					numbers->segments[i].length,
					numbers->constant, error);
	return err;
}

static int mode_find(const struct slot *slot, struct numbers *numbers,
		     struct error *error)
{
	unsigned int index = numbers->entry->mode;

	numbers->mode = slot->lane->modes[index];
	if (index && !numbers->mode)
		return error_set(error, -EINVAL, "mode %u of this channel was "
				 "never set", index);
	numbers->constant = numbers->mode &&
		plxdma_mode_get(numbers->mode, PLXDMA_MODE_CONSTANT) == 1;
	return 0;
}

static int quota_check(const struct slot *slot, struct numbers *numbers,
		       const struct arena *arena, struct error *error)
{
	const struct client *client = slot->lane->tenant->client;
	const struct wire_submission *entry = numbers->entry;

	numbers->bytes = numbers->segments ? 0 : entry->length;
	numbers->pieces = 1;
	if (numbers->segments) {
		numbers->pieces = entry->segment_count;
		for (uint32_t i = 0; i < entry->segment_count; i++)
			numbers->bytes += numbers->segments[i].length;
	}
	numbers->pieces += numbers->bytes >> arena->page_shift;
	if (client->pieces - slot->pieces + numbers->pieces >
	    PIECES_OF_A_CLIENT)
		return error_set(error, -EDQUOT, "prepared transfers of this "
				 "client have more than %d pieces: free some",
				 PIECES_OF_A_CLIENT);
	return 0;
}

static int numbers_check(const struct slot *slot, struct numbers *numbers,
			 struct error *error)
{
	const struct arena *arena = slot->lane->tenant->client->arena;
	int err;

	if (slot->lane->tenant->client->holed)
		return error_set(error, -ESHUTDOWN, "this arena has holes, "
				 "punched by its client: open the card again");
	if (numbers->segments) {
		err = wire_segments_check(numbers->segments,
					  numbers->entry->segment_count,
					  arena->size);
		if (err)
			return error_set(error, err, "a segment lies outside "
					 "the card's memory");
	}
	err = mode_find(slot, numbers, error);
	if (err)
		return err;
	err = grant_check(slot, numbers, error);
	if (err)
		return err;
	return quota_check(slot, numbers, arena, error);
}

static uint8_t quiet(const struct numbers *numbers)
{
	return numbers->entry->flags & WIRE_SPINS ||
	       numbers->bytes <= QUIET_BYTES;
}

static int transfer_build(struct slot *slot, const struct numbers *numbers,
			  struct error *error)
{
	const struct wire_submission *entry = numbers->entry;
	struct dma_request request = {
		.map = slot->lane->tenant->map,
		.direction = entry->direction,
		.form = entry->form,
		.quiet = quiet(numbers),
		.local = entry->local,
		.offset = entry->offset,
		.length = entry->length,
		.segments = (const struct dma_segment *)numbers->segments,
		.segment_count = entry->segment_count,
		.mode = numbers->mode,
		.recipe = numbers->recipe,
	};
	int err;

	_Static_assert(sizeof(struct dma_segment) ==
		       sizeof(struct wire_segment), "the same three numbers");
	if (slot->transfer)
		return dma_transfer_change(slot->transfer, &request, error);
	err = dma_transfer_new(slot->lane->engine->channel, &request,
			       &slot->transfer, error);
	if (!err)
		dma_transfer_set_user(slot->transfer, slot);
	return err;
}

static void numbers_adopt(struct slot *slot, struct numbers *numbers)
{
	slot->lane->tenant->client->pieces += numbers->pieces - slot->pieces;
	slot->pieces = numbers->pieces;
	slot->bytes = numbers->bytes;
	slot->has_mode = numbers->mode != NULL;
	if (numbers->mode)
		slot->mode = *numbers->mode;
	slot->kind = pace_kind(numbers->entry->direction, numbers->mode);
	slot->quiet = quiet(numbers);
	slot->entry = *numbers->entry;
	free(slot->segments);
	slot->segments = numbers->segments;
	numbers->segments = NULL;
	plxdma_recipe_free(slot->recipe);
	slot->recipe = numbers->recipe;
	numbers->recipe = NULL;
	slot->granted = slot->lane->tenant->grant.serial;
	slot->started = 0;
	slot->built = 1;
	slot_values_tell(slot);
}

/* Nothing of it has changed; what it was granted may have. */
static int grant_check_again(struct slot *slot, struct numbers *numbers,
			     struct error *error)
{
	const unsigned int serial = slot->lane->tenant->grant.serial;
	int err;

	if (slot->granted == serial)
		return 0;
	err = mode_find(slot, numbers, error);
	if (!err)
		err = grant_check(slot, numbers, error);
	if (!err)
		err = slot_recipe_grant(slot, error);
	if (!err)
		slot->granted = serial;
	return err;
}

int slot_prepare(struct slot *slot, const struct wire_submission *entry,
		 struct error *error)
{
	struct numbers numbers = { .entry = entry };
	int err = 0;

	if (entry->flags & WIRE_SEGMENTED) {
		err = list_copy(slot, &numbers);
		if (err)
			return error_set(error, err, "no memory for the list");
	}
	if (unchanged(slot, &numbers) && !slot->lane->tenant->client->holed) {
		err = grant_check_again(slot, &numbers, error);
		goto out_free;
	}
	if (entry->flags & WIRE_RECIPE)
		err = slot_recipe_copy(slot, entry, &numbers.recipe, error);
	if (!err)
		err = numbers_check(slot, &numbers, error);
	if (!err)
		err = transfer_build(slot, &numbers, error);
	if (!err)
		numbers_adopt(slot, &numbers);
	plxdma_recipe_free(numbers.recipe);

out_free:
	free(numbers.segments);
	return err;
}
