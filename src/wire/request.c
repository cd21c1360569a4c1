/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a submission may say. Each sum is checked by a subtraction that can't
 * wrap; what the chip, its channel or the policy make of the numbers is
 * checked further down.
 */
#include "request.h"

#include <errno.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "error/planted.h"

static int inside(uint64_t offset, uint64_t length, uint64_t size)
{
	if (PLANTED(RANGE_SUM))
		return offset + length <= size;
	return offset <= size && length <= size - offset;
}

static int list_check(const struct wire_submission *entry)
{
	if (entry->offset || entry->length || entry->local)
		return -EINVAL;
	if (!entry->segment_count ||
	    (!inside(entry->segment_first, entry->segment_count,
		     WIRE_SEGMENTS) && !PLANTED(LIST_END)))
		return -EINVAL;
	return 0;
}

static int range_check(const struct wire_submission *entry,
		       uint64_t arena_size)
{
	if (entry->segment_first || entry->segment_count)
		return -EINVAL;
	return inside(entry->offset, entry->length, arena_size) ? 0 : -ERANGE;
}

static int status_check(const struct wire_submission *entry)
{
	if (entry->op != WIRE_CANCEL)
		return entry->status ? -EINVAL : 0;
	return entry->status == PLXDMA_RUNNING ||
	       entry->status == PLXDMA_CANCELLED ||
	       entry->status == PLXDMA_TIMED_OUT ? 0 : -EINVAL;
}

static int recipe_number_check(const struct wire_submission *entry)
{
	if (!(entry->flags & WIRE_RECIPE))
		return entry->recipe ? -EINVAL : 0;
	return entry->recipe < WIRE_RECIPES || PLANTED(VALUES_PLACE) ? 0 :
								       -EINVAL;
}

int wire_submission_check(const struct wire_submission *entry,
			  uint64_t arena_size)
{
	static const uint8_t zeros[sizeof(entry->reserved)];

	if (entry->op >= WIRE_OPS || entry->slot >= WIRE_SLOTS ||
	    entry->direction > PLXDMA_TO_CARD ||
	    entry->form > PLXDMA_FORM_LINKED || entry->mode >= WIRE_MODES ||
	    entry->flags & ~WIRE_FLAGS || status_check(entry) ||
	    recipe_number_check(entry) ||
	    memcmp(entry->reserved, zeros, sizeof(zeros)))
		return -EINVAL;
	if (entry->op == WIRE_RELEASE || entry->op == WIRE_CANCEL)
		return 0;
	if (entry->flags & WIRE_SEGMENTED)
		return list_check(entry);
	return range_check(entry, arena_size);
}

int wire_segments_check(const struct wire_segment *segments, uint32_t count,
			uint64_t arena_size)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!inside(segments[i].offset, segments[i].length, arena_size))
			return -ERANGE;
	}
	return 0;
}

int wire_submission_same(const struct wire_submission *a,
			 const struct wire_submission *b)
{
	return a->offset == b->offset && a->length == b->length &&
	       a->local == b->local && a->segment_first == b->segment_first &&
	       a->segment_count == b->segment_count &&
	       a->direction == b->direction && a->form == b->form &&
	       a->mode == b->mode && a->flags == b->flags &&
	       a->recipe == b->recipe;
}
