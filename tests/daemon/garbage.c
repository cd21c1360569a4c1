/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a client that says anything says: numbers at random and at every
 * boundary, sensible in between, so that checks behind the first are reached.
 */
#include "garbage.h"

#include <plxdma/registers.h>
#include <plxdma/transfer.h>

#include "chance.h"

/* Numbers that somebody may have forgotten. */
const uint64_t garbage_edges[GARBAGE_EDGES] = {
	0, 1, 2, 3, 4, 5, 63, 64, 4095, 4096, 4097,
	GARBAGE_ARENA - 4096, GARBAGE_ARENA - 4, GARBAGE_ARENA - 1,
	GARBAGE_ARENA, GARBAGE_ARENA + 1, GARBAGE_ARENA + 4096,
	2 * GARBAGE_ARENA, 0x7fffff, 0x800000, 0x7fffffff, 0x80000000,
	0xfffff000, 0xfffffffc, 0xffffffff,
	UINT64_C(0x100000000), UINT64_C(0x100000001),
	UINT64_C(0x7fffffffffffffff), UINT64_C(0x8000000000000000),
	UINT64_MAX - GARBAGE_ARENA, UINT64_MAX - 4095, UINT64_MAX - 1,
	UINT64_MAX,
};
uint64_t garbage_edge(void)
{
	return garbage_edges[below(GARBAGE_EDGES)];
}

static uint64_t any_offset(void)
{
	switch (below(4)) {
	case 0:
		return garbage_edge();
	case 1:
		return random64() >> below(64);
	default:
		return below(GARBAGE_ARENA);
	}
}

static uint64_t any_length(void)
{
	switch (below(8)) {
	case 0:
		return garbage_edge();
	case 1:
		return random64() >> below(64);
	case 2:
		return one_in(16) ? below(65536) : below(4096);
	default:
		return below(256);
	}
}

static uint32_t any_local(const struct garbage *garbage)
{
	if (one_in(8))
		return (uint32_t)random64();
	if (one_in(8))
		return (uint32_t)garbage_edge();
	return garbage->places[below(garbage->count)] + below(2048);
}

static struct wire_segment any_segment(const struct garbage *garbage)
{
	return (struct wire_segment){
		.offset = any_offset(),
		.length = (uint32_t)(one_in(8) ? any_length() : below(64)),
		.local = any_local(garbage),
	};
}

static void list_make(const struct garbage *garbage, struct raw *raw,
		      struct wire_submission *entry)
{
	uint32_t end;

	entry->flags |= WIRE_SEGMENTED;
	entry->segment_first = one_in(8) ? (uint32_t)random64() :
			       below(WIRE_SEGMENTS);
	entry->segment_count = one_in(8) ? (uint32_t)random64() : 1 + below(8);
	if (!one_in(8))
		entry->offset = entry->length = entry->local = 0;
	if (entry->segment_count > WIRE_SEGMENTS ||
	    entry->segment_first >= WIRE_SEGMENTS)
		return;
	end = entry->segment_first + entry->segment_count;
	for (uint32_t i = entry->segment_first;
	     i < end && i < WIRE_SEGMENTS && i < entry->segment_first + 16; i++)
		raw->ring.area->segments[i] = any_segment(garbage);
}

struct plxdma_step garbage_step(const struct garbage *garbage)
{
	static const uint8_t spaces[] = { PLXDMA_SPACE_CHIP, PLXDMA_SPACE_BAR2,
					  PLXDMA_SPACE_BAR3,
					  PLXDMA_SPACE_CONFIG };
	struct plxdma_step step = {
		.op = one_in(32) ? (uint8_t)random64() : (uint8_t)below(3),
		.space = one_in(32) ? (uint8_t)random64() :
			 spaces[below(sizeof(spaces))],
		.width = (uint8_t)(one_in(32) ? random64() : 8u << below(3)),
		.reserved = one_in(64) ? (uint8_t)random64() : 0,
		.offset = one_in(8) ? (uint32_t)garbage_edge() :
			  below(0x100) & ~3u,
		.value = (uint32_t)random64(),
		.mask = one_in(4) ? (uint32_t)random64() : 0,
		.timeout_us = one_in(32) ? (uint32_t)random64() : below(50),
	};

	/* Where the spaces lie is allowed to everybody, and no attack. */
	if (step.op == PLXDMA_STEP_WRITE && step.space == PLXDMA_SPACE_CHIP)
		step.offset = one_in(2) ? 0x68 : 0x80 + (below(0x30) & ~3u);
	if (step.space == PLXDMA_SPACE_BAR2 && one_in(2))
		step.offset += garbage->registers;
	return step;
}

static void recipe_make(const struct garbage *garbage, struct raw *raw,
			struct wire_submission *entry)
{
	struct wire_recipe *recipe = &raw->ring.area->recipe;

	entry->flags |= WIRE_RECIPE;
	entry->recipe = (uint8_t)below(WIRE_RECIPES);
	if (one_in(2))
		entry->op = WIRE_PREPARE;
	recipe->steps_count = one_in(8) ? (uint32_t)garbage_edge() : below(8);
	recipe->count_step = one_in(2) ? UINT32_MAX : below(9);
	recipe->count_unit = below(5);
	recipe->reserved = one_in(32) ? 1 : 0;
	for (unsigned int i = 0; i < 8; i++) {
		recipe->moments[i] = (uint8_t)below(one_in(16) ? 256 : 3);
		recipe->steps[i] = garbage_step(garbage);
		/* Few at a time may fail. */
		recipe->steps[i].reserved = 0;
	}
}

struct wire_submission garbage_entry(const struct garbage *garbage,
				     struct raw *raw, uint64_t cookie)
{
	struct wire_submission entry = {
		.cookie = cookie,
		.offset = any_offset(),
		.length = any_length(),
		.local = any_local(garbage),
		.slot = one_in(16) ? (uint32_t)random64() : below(300),
		.op = one_in(32) ? (uint8_t)random64() :
		      one_in(4) ? (uint8_t)below(4) : WIRE_SUBMIT,
		.direction = one_in(32) ? (uint8_t)random64() :
			     (uint8_t)below(2),
		.form = one_in(32) ? (uint8_t)random64() : (uint8_t)below(4),
		.mode = one_in(16) ? (uint8_t)random64() : (uint8_t)below(4),
		.flags = one_in(32) ? (uint8_t)random64() :
			 one_in(4) ? WIRE_SPINS : 0,
	};

	if (entry.op == WIRE_CANCEL && !one_in(4))
		entry.status = one_in(4) ? PLXDMA_RUNNING : PLXDMA_CANCELLED;
	if (one_in(8))
		list_make(garbage, raw, &entry);
	if (one_in(8))
		recipe_make(garbage, raw, &entry);
	if (one_in(64))
		entry.recipe = (uint8_t)random64();
	if (one_in(64))
		entry.reserved[below(sizeof(entry.reserved))] =
			(uint8_t)random64();
	return entry;
}

/* Written apart from src/wire: what can't be right, must have been refused. */
int garbage_must_be_refused(const struct raw *raw,
			    const struct wire_submission *entry)
{
	unsigned __int128 end = (unsigned __int128)entry->offset +
				entry->length;

	if (entry->op > WIRE_CANCEL || entry->slot >= WIRE_SLOTS ||
	    entry->direction > 1 || entry->form > 3 || entry->flags > 7 ||
	    (entry->flags & WIRE_RECIPE ? entry->recipe >= WIRE_RECIPES :
					  entry->recipe) ||
	    entry->mode >= WIRE_MODES)
		return 1;
	if (entry->op == WIRE_RELEASE || entry->op == WIRE_CANCEL)
		return 0;
	if (entry->flags & WIRE_SEGMENTED)
		return (uint64_t)entry->segment_first + entry->segment_count >
		       WIRE_SEGMENTS || !entry->segment_count;
	return end > raw->size ||
	       (entry->mode == 0 && entry->length &&
		(uint64_t)entry->local + entry->length > UINT32_MAX + 1ull);
}
