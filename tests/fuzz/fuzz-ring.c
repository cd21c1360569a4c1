/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rings under a client that writes whatever it likes wherever it can: the
 * input is laid over the shared area, time and again, while the daemon's end
 * takes, checks and completes.  A recipe that is prepared goes through what a
 * slot does with it, under a policy that allows little.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chip/recipe.h"
#include "daemon/slot.h"
#include "daemon/tenant.h"
#include "wire/request.h"
#include "wire/ring_server.h"

#define ARENA UINT64_C(0x400000)
#define ROUNDS 64

/* Of a round's place: what its data is laid over. */
#define OVER_SEGMENT (1 << 13)
#define OVER_RECIPE (1 << 12)

/* What the policy lets be read and written. */
#define READ_LAST 0xfffu
#define WRITE_LAST 0xffu

/* Whose recipe it is, as far as a slot asks. */
static struct slot *slot_of(const struct ring_server *ring)
{
	static struct card card;
	static struct tenant tenant = { .card = &card };
	static struct lane lane = { .tenant = &tenant };
	static struct slot slot = { .lane = &lane };
	struct reach *const reach = &tenant.grant.reach;

	if (!reach->read.given) {
		claims_init(&card.claims);
		if (reach_allow(&reach->read, "read", "bar2 0-0xfff", NULL) ||
		    reach_allow(&reach->write, "write", "bar2 0-0xff", NULL))
			abort();
	}
	lane.ring = *ring;
	return &slot;
}

static void check_step(const struct plxdma_step *step)
{
	uint32_t last = step->op == PLXDMA_STEP_WRITE ? WRITE_LAST : READ_LAST;

	if (step_check(step, NULL) || step->space != PLXDMA_SPACE_BAR2 ||
	    step->offset > last || step->width / 8u > last + 1 - step->offset)
		abort();
}

/* What is let through is a recipe, and within the policy. */
static void check_recipe(struct ring_server *ring,
			 const struct wire_submission *entry)
{
	struct wire_values values = { .known = 0 };
	struct plxdma_recipe *recipe = NULL;
	struct error error;
	struct slot *slot = slot_of(ring);

	if (slot_recipe_copy(slot, entry, &recipe, &error) == 0) {
		slot->entry = *entry;
		slot->recipe = recipe;
		if (slot_recipe_grant(slot, NULL) ||
		    slot_recipe_check(slot, NULL))
			abort();
		slot_values_tell(slot);
		slot->recipe = NULL;
		if (entry->op != WIRE_PREPARE || recipe_check(recipe, NULL))
			abort();
		for (uint32_t i = 0; i < recipe->steps_count; i++)
			check_step(&recipe->steps[i]);
		ring_server_values(ring, entry->recipe,
				   &values);
	}
	plxdma_recipe_free(recipe);
}

static void check_segments(const struct ring_server *ring,
			   const struct wire_submission *entry)
{
	struct wire_segment *segments;
	uint32_t count = entry->segment_count;

	segments = calloc(count ? count : 1, sizeof(*segments));
	if (!segments)
		return;
	ring_server_segments(ring, entry->segment_first, count, segments);
	if (wire_segments_check(segments, count, ARENA) == 0)
		for (uint32_t i = 0; i < count; i++)
			if (segments[i].offset > ARENA ||
			    segments[i].length > ARENA - segments[i].offset)
				abort();
	free(segments);
}

static void check_entry(struct ring_server *ring,
			const struct wire_submission *entry)
{
	if (wire_submission_check(entry, ARENA) != 0)
		return;
	if (entry->op >= WIRE_OPS || entry->slot >= WIRE_SLOTS)
		abort();
	if (entry->op != WIRE_SUBMIT && entry->op != WIRE_PREPARE)
		return;
	if (entry->mode >= WIRE_MODES)
		abort();
	if (entry->flags & WIRE_RECIPE)
		check_recipe(ring, entry);
	if (entry->flags & WIRE_SEGMENTED) {
		if (entry->segment_first > WIRE_SEGMENTS ||
		    entry->segment_count >
		    WIRE_SEGMENTS - entry->segment_first)
			abort();
		check_segments(ring, entry);
	} else if (entry->offset > ARENA ||
		   entry->length > ARENA - entry->offset) {
		abort();
	}
}

/* A stretch of the recipe, wherever it begins: one step or all of them. */
static size_t overwrite(struct wire_recipe *recipe, const uint8_t *data,
			size_t size)
{
	uint16_t at, length;

	if (size < 4)
		return size;
	memcpy(&at, data, 2);
	memcpy(&length, data + 2, 2);
	at %= sizeof(*recipe);
	if (length > sizeof(*recipe) - at)
		length = (uint16_t)(sizeof(*recipe) - at);
	if (length > size - 4)
		length = (uint16_t)(size - 4);
	memcpy((uint8_t *)recipe + at, data + 4, length);
	return 4u + length;
}

/* The client's words at the front, then a piece, a part of a recipe or an
 * entry at a place of its choice. */
static size_t scribble(struct wire_area *area, const uint8_t *data,
		       size_t size)
{
	size_t used = 0;
	uint32_t word;
	uint16_t place;

	if (size < 6)
		return size;
	memcpy(&word, data, 4);
	memcpy(&place, data + 4, 2);
	used = 6;
	switch (place >> 14) {
	case 0:
		/* Within two rings, or anywhere. */
		area->submit_tail = word & 0x80000000u ? word :
			area->submit_head + word % (2 * WIRE_RING);
		break;
	case 1:
		/* About a ring behind, or anywhere. */
		area->complete_head = word & 0x80000000u ? word :
			area->complete_tail - WIRE_RING + (word & 3) - 1;
		break;
	case 2:
		/* As a well-behaved client would. */
		area->submit_tail++;
		area->complete_head = area->complete_tail;
		break;
	default:
		area->submit_head = word;
		area->daemon_sleeps = word;
		break;
	}
	if (place & OVER_SEGMENT && size - used >= sizeof(struct wire_segment)) {
		memcpy(&area->segments[place % WIRE_SEGMENTS], data + used,
		       sizeof(struct wire_segment));
		used += sizeof(struct wire_segment);
	} else if (place & OVER_RECIPE && !(place & OVER_SEGMENT)) {
		used += overwrite(&area->recipe, data + used, size - used);
	} else if (size - used >= sizeof(struct wire_submission)) {
		memcpy(&area->submissions[place % WIRE_RING], data + used,
		       sizeof(struct wire_submission));
		used += sizeof(struct wire_submission);
	}
	return used;
}

/* What is taken has been submitted, and there is room for its completion. */
static int takes(struct ring_server *ring, struct wire_submission *entry)
{
	uint32_t waiting = ring->area->submit_tail - ring->head;
	uint32_t posted = ring->tail - ring->area->complete_head;
	uint32_t room = WIRE_RING - posted - ring->owed;

	if (ring_server_take(ring, entry) != 1)
		return 0;
	if (!waiting || waiting > WIRE_RING || posted > WIRE_RING || !room ||
	    room > WIRE_RING)
		abort();
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_area shared;
	struct wire_area *area = &shared;
	struct wire_submission entry;
	struct ring_server ring;

	memset(area, 0, sizeof(*area));
	ring_server_init(&ring, area);
	/* A ring before its numbers begin anew. */
	ring.head = ring.tail = 0u - WIRE_RING;
	area->submit_tail = area->submit_head = ring.head;
	area->complete_head = area->complete_tail = ring.tail;
	for (int round = 0; round < ROUNDS && size > 0; round++) {
		size_t used = scribble(area, data, size);

		data += used;
		size -= used;
		for (int i = 0; i < 4; i++) {
			struct wire_completion completion = { 0 };

			if (!takes(&ring, &entry))
				break;
			check_entry(&ring, &entry);
			if (!wire_submission_same(&entry, &entry))
				abort();
			completion.cookie = entry.cookie;
			ring_server_complete(&ring, &completion);
		}
		ring_server_sleep(&ring);
		ring_server_pending(&ring);
		ring_server_awake(&ring);
		ring_server_must_wake(&ring);
		ring_server_claim(&ring, WIRE_FOREIGN);
	}
	ring_server_state(&ring, -ENODEV);
	return 0;
}
