/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A head and a body that follows from it, with XXH3 over all but itself: two
 * blocks differ in every word, so that no part of one passes for another's.
 */
#include "soak-block.h"

#include <stddef.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define BLANK 0xee

struct block_head {
	uint64_t hash;		/* of all that follows */
	uint64_t sequence;
	uint32_t source;
	uint32_t length;	/* of the whole block */
};

static uint64_t hash_of(const void *memory, uint32_t length)
{
	return XXH3_64bits((const char *)memory + sizeof(uint64_t),
			   length - sizeof(uint64_t));
}

void block_make(void *memory, uint32_t length, uint32_t source,
		uint64_t sequence)
{
	struct block_head head = {
		.sequence = sequence, .source = source, .length = length,
	};
	uint64_t word = (sequence << 8 | source) * UINT64_C(0x9e3779b97f4a7c15);

	for (uint32_t i = sizeof(head); i < length; i += 4) {
		uint32_t part = (uint32_t)(word >> 32);

		memcpy((char *)memory + i, &part, 4);
		word = word * UINT64_C(6364136223846793005) + 1;
	}
	memcpy(memory, &head, sizeof(head));
	head.hash = hash_of(memory, length);
	memcpy(memory, &head, sizeof(head));
}

void block_blank(void *memory, uint32_t length)
{
	memset(memory, BLANK, length);
}

/* Blanked and never reached, or local memory that was never written. */
static int is_blank(const void *memory, uint32_t length)
{
	const unsigned char *bytes = memory;

	for (uint32_t i = 1; i < length; i++) {
		if (bytes[i] != bytes[0])
			return 0;
	}
	return bytes[0] == BLANK || !bytes[0];
}

enum block_found block_check(const void *memory, uint32_t length,
			     uint32_t source, uint64_t *sequence)
{
	struct block_head head;

	if (is_blank(memory, length))
		return BLOCK_NONE;
	memcpy(&head, memory, sizeof(head));
	if (head.source != source || head.length < BLOCK_LEAST ||
	    head.length > length || head.hash != hash_of(memory, head.length))
		return BLOCK_CORRUPT;
	*sequence = head.sequence;
	return BLOCK_RIGHT;
}
