/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A published stream under a daemon that has lost its mind: blocks come and go
 * as they should, and between that any place and any number is written over.
 * An observer's block always lies in its memory, each of its steps ends, and
 * its position is never beyond what it was told.
 *
 * The input is steps of 9 bytes: what is done, and a number for it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/published.h"

#define SIZE UINT64_C(0x100000)

enum step { PUT, TAKE_AWAY, START, STATE, NEXT, MARK, OFFSET, BYTES, JUMP, TAKE,
	    STEPS };

static struct wire_published page;

static void take(struct reader *reader)
{
	const uint64_t next = atomic_load(&page.next);
	struct reader_block block;
	uint64_t missed, before = reader->position;

	if (!reader_take(reader, &block, &missed)) {
		if (reader->position != next)
			abort();
		return;
	}
	if (block.offset > SIZE || block.bytes > SIZE - block.offset ||
	    reader->position > next || block.number + 1 != reader->position ||
	    !reader_intact(reader, block.number))
		abort();
	if (before <= next && block.number - before != missed)
		abort();
}

static void step(struct publisher *publisher, struct reader *reader,
		 unsigned int what, uint64_t number)
{
	struct plxdma_result result = { .bytes = number };
	struct wire_place *place =
		&page.places[reader->position % WIRE_PLACES];

	switch ((enum step)(what % STEPS)) {
	case PUT:
		publisher_put(publisher, number % (2 * SIZE), &result);
		break;
	case TAKE_AWAY:
		publisher_take_away(publisher, number);
		break;
	case START:
		publisher_start(publisher, number, number, 0);
		break;
	case STATE:
		atomic_store(&page.state, (uint32_t)number);
		break;
	case NEXT:
		atomic_store(&page.next, number);
		break;
	case MARK:
		atomic_store(&place->mark, reader->position + 1);
		break;
	case OFFSET:
		atomic_store(&place->offset, number);
		break;
	case BYTES:
		atomic_store(&place->bytes, number);
		break;
	case JUMP:
		reader->position = number;
		break;
	default:
		take(reader);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct publisher publisher = { .area = &page };
	struct reader reader;
	uint64_t number;

	memset(&page, 0, sizeof(page));
	reader_init(&reader, &page, SIZE);
	for (; size >= 9; data += 9, size -= 9) {
		memcpy(&number, data + 1, sizeof(number));
		step(&publisher, &reader, data[0], number);
	}
	return 0;
}
