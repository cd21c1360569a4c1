/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See busy.h. */
#include "busy.h"

#include <math.h>
#include <stdlib.h>

#include <plxdma/transfer.h>

#include "fixture.h"

#define SRAM 0x20000000u
#define PIECES 64		/* of a list */

static double fraction(struct busy *busy)
{
	busy->random = busy->random * UINT64_C(6364136223846793005) +
		       1442695040888963407u;
	return (double)(busy->random >> 33) / 2147483648.0;
}

/* The lists of all slots are the same; how much of one is used is not. */
static int mode_set(struct busy *busy, unsigned int channel)
{
	struct packet packet = { .fd_count = 0 };
	struct plxdma_mode *mode = plxdma_mode_new();

	wire_request_init(&packet.message, WIRE_CHANNEL_MODE, 9);
	packet.message.mode.index = channel;
	packet.message.mode.mode = 1;
	for (unsigned int i = 0; i < WIRE_MODE_ITEMS; i++)
		packet.message.mode.items[i] = (uint32_t)plxdma_mode_get(
			mode, (enum plxdma_mode_item)i);
	packet.message.mode.items[PLXDMA_MODE_WAIT_STATES] = 3;
	plxdma_mode_free(mode);
	return raw_ask(&busy->raw, &packet);
}

int busy_open(struct busy *busy, unsigned int channel)
{
	int err = raw_open(&busy->raw, BUSY_MIB, channel);

	busy->random = busy->owner + 1;
	busy->free = UINT64_MAX;
	busy->ended = busy->failed = 0;
	return err ? err : mode_set(busy, channel);
}

void busy_close(struct busy *busy)
{
	raw_close(&busy->raw);
}

static uint32_t size_draw(struct busy *busy)
{
	double times = (double)busy->most / busy->least;

	return (uint32_t)(busy->least * pow(times, fraction(busy))) & ~3u;
}

static void list_fill(struct busy *busy, struct wire_submission *entry,
		      uint32_t bytes)
{
	struct wire_segment *list;
	uint32_t i;

	entry->flags = WIRE_SEGMENTED;
	entry->segment_first = entry->slot * PIECES;
	list = &busy->raw.ring.area->segments[entry->segment_first];
	for (i = 0; bytes && i < PIECES; i++) {
		list[i].offset = 0;
		list[i].local = SRAM + busy->owner * BUSY_MIB;
		list[i].length = bytes < BUSY_MIB ? bytes : BUSY_MIB;
		bytes -= list[i].length;
	}
	entry->segment_count = i;
}

static void submit(struct busy *busy)
{
	struct wire_submission entry = { .op = WIRE_SUBMIT };
	uint32_t bytes = size_draw(busy);

	entry.slot = (uint32_t)__builtin_ctzll(busy->free);
	if (busy->both_directions && fraction(busy) < 0.5)
		entry.direction = PLXDMA_TO_CARD;
	if (busy->modes > 1 && fraction(busy) < 0.5)
		entry.mode = 1;
	if (bytes > BUSY_MIB) {
		list_fill(busy, &entry, bytes);
	} else {
		entry.local = SRAM + busy->owner * BUSY_MIB;
		entry.length = bytes;
	}
	if (ring_client_submit(&busy->raw.ring, &entry))
		return;
	busy->free &= ~(UINT64_C(1) << entry.slot);
	raw_wake(&busy->raw);
}

static void reap(struct busy *busy)
{
	struct wire_completion completion;

	while (ring_client_take(&busy->raw.ring, &completion) == 1) {
		busy->free |= UINT64_C(1) << completion.slot;
		busy->ended++;
		if (completion.error || completion.status != PLXDMA_DONE)
			busy->failed++;
	}
}

void busy_turn(struct busy *busy)
{
	reap(busy);
	for (unsigned int i = 0; i < BUSY_SLOTS &&
	     BUSY_SLOTS - (unsigned int)__builtin_popcountll(busy->free) <
	     busy->depth; i++)
		submit(busy);
}

int busy_end(struct busy *busy)
{
	for (int i = 0; i < 60000 && ~busy->free; i++) {
		settle(1);
		reap(busy);
	}
	return ~busy->free ? -1 : 0;
}
