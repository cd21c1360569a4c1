/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A long transfer in parts, each a request of its own, so that others wait for
 * a part and not for the whole. To its client it is one transfer.
 *
 * A cut inside a piece lies at a multiple of 4 KiB of the local address: the
 * card reads whole Lwords there, and a cut inside one would read it twice.
 */
#include "slot.h"

#include "lane.h"
#include "tenant.h"

#define CUT 4096u
/* What the bus carries for each piece of a list besides: its descriptor. */
#define FETCH 16u

/* Of @length bytes at @local, those that come before the last cut within
 * @most; at least up to the first one. */
static uint64_t cut(uint32_t local, uint64_t length, uint64_t most)
{
	uint64_t beyond = (local + most) % CUT;

	if (length <= most)
		return length;
	if (beyond < most)
		return most - beyond;
	most = CUT - local % CUT;
	return length < most ? length : most;
}

static void whole_plan(const struct slot *slot, uint64_t most,
		       struct slot_part *part)
{
	part->bytes = cut(slot->entry.local + (uint32_t)slot->done,
			  slot->bytes - slot->done,
			  most > FETCH ? most - FETCH : 0);
	part->cost = part->bytes + FETCH;
}

static void list_plan(const struct slot *slot, uint64_t most,
		      struct slot_part *part)
{
	uint64_t skip = slot->within, left, length, room;
	const struct wire_segment *segment;

	part->first = slot->at;
	part->skip = skip;
	while (part->first + part->count < slot->entry.segment_count) {
		segment = &slot->segments[part->first + part->count];
		left = segment->length - skip;
		room = most > part->cost + FETCH ? most - part->cost - FETCH :
						   0;
		if (part->count && (left && room < CUT) && left > room)
			break;
		length = cut(segment->local + (uint32_t)skip, left, room);
		part->count++;
		part->bytes += length;
		part->cost += length + FETCH;
		part->last = skip + length;
		if (length < left)
			break;
		skip = 0;
	}
}

void slot_part_plan(struct slot *slot, uint64_t most)
{
	struct slot_part *part = &slot->part;

	*part = (struct slot_part){ .bytes = 0 };
	if (slot->segments)
		list_plan(slot, most, part);
	else
		whole_plan(slot, most, part);
}

uint64_t slot_left(const struct slot *slot)
{
	return slot->bytes - slot->done + FETCH * slot->pieces;
}

int slot_part_ends(const struct slot *slot)
{
	const struct slot_part *part = &slot->part;
	uint32_t count = slot->entry.segment_count;

	if (!slot->segments)
		return slot->done + part->bytes == slot->bytes;
	return part->first + part->count == count &&
	       part->last == slot->segments[count - 1].length;
}

void slot_part_done(struct slot *slot)
{
	const struct slot_part *part = &slot->part;

	slot->done += part->bytes;
	if (!slot->segments)
		return;
	slot->at = part->first + part->count - 1;
	slot->within = part->last;
	if (slot->within == slot->segments[slot->at].length) {
		slot->at++;
		slot->within = 0;
	}
}

static int part_request(const struct slot *slot, struct dma_channel *channel,
			const struct wire_segment *segments,
			struct dma_transfer **transfer, struct error *error)
{
	const struct wire_submission *entry = &slot->entry;
	const struct slot_part *part = &slot->part;
	const struct dma_request request = {
		.map = slot->lane->tenant->map,
		.direction = entry->direction,
		.form = entry->form,
		.quiet = slot->quiet,
		.local = entry->local + (uint32_t)slot->done,
		.offset = entry->offset + slot->done,
		.length = part->bytes,
		.segments = (const struct dma_segment *)segments,
		.segment_count = part->count,
		.mode = slot->has_mode ? &slot->mode : NULL,
	};

	if (*transfer)
		return dma_transfer_change(*transfer, &request, error);
	return dma_transfer_new(channel, &request, transfer, error);
}

/* The list is the daemon's copy: its ends are trimmed while the part is built
 * from it. */
int slot_part_build(struct slot *slot, struct dma_channel *channel,
		    struct dma_transfer **transfer, struct error *error)
{
	const struct slot_part *part = &slot->part;
	struct wire_segment *first, *last, kept_first, kept_last;
	int err;

	if (!slot->segments)
		return part_request(slot, channel, NULL, transfer, error);
	first = &slot->segments[part->first];
	last = &first[part->count - 1];
	kept_first = *first;
	kept_last = *last;
	last->length = (uint32_t)part->last;
	first->length -= (uint32_t)part->skip;
	first->offset += part->skip;
	first->local += (uint32_t)part->skip;
	err = part_request(slot, channel, first, transfer, error);
	*last = kept_last;
	*first = kept_first;
	return err;
}
