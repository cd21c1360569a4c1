/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rings under a client that writes whatever it likes wherever it can: the
 * input is laid over the shared area, time and again, while the daemon's end
 * takes, checks and completes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/request.h"
#include "wire/ring_server.h"

#define ARENA UINT64_C(0x400000)
#define ROUNDS 64

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

static void check_entry(const struct ring_server *ring,
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

/* The client's words at the front, then a piece or an entry at a
 * place of its choice. */
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
		area->submit_tail = word;
		break;
	case 1:
		area->complete_head = word;
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
	if (place & 1 << 13 && size - used >= sizeof(struct wire_segment)) {
		memcpy(&area->segments[place % WIRE_SEGMENTS], data + used,
		       sizeof(struct wire_segment));
		used += sizeof(struct wire_segment);
	} else if (size - used >= sizeof(struct wire_submission)) {
		memcpy(&area->submissions[place % WIRE_RING], data + used,
		       sizeof(struct wire_submission));
		used += sizeof(struct wire_submission);
	}
	return used;
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
	for (int round = 0; round < ROUNDS && size > 0; round++) {
		size_t used = scribble(area, data, size);

		data += used;
		size -= used;
		for (int i = 0; i < 4; i++) {
			struct wire_completion completion = { 0 };

			if (ring_server_take(&ring, &entry) != 1)
				break;
			check_entry(&ring, &entry);
			completion.cookie = entry.cookie;
			ring_server_complete(&ring, &completion);
		}
		ring_server_sleep(&ring);
		ring_server_pending(&ring);
		ring_server_awake(&ring);
		ring_server_must_wake(&ring);
	}
	return 0;
}
