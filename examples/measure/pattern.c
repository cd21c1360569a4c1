/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <stdatomic.h>
#include <string.h>

/* One sequence for the whole process: two cards must not agree by chance. */
static atomic_uint sequence;

uint32_t pattern_nonce(void)
{
	/* Odd multiplier: as many nonces as there are numbers. */
	return (atomic_fetch_add(&sequence, 1) + 1) * 2654435761u;
}

static inline uint64_t word_at(uint32_t nonce, uint64_t index)
{
	return (uint64_t)nonce << 32 | (uint32_t)index;
}

uint32_t pattern_lword(uint32_t nonce, uint64_t position)
{
	uint64_t word = word_at(nonce, position / 8);
	uint32_t halves[2];

	memcpy(halves, &word, sizeof(word));
	return halves[position / 4 % 2];
}

static void fill(void *memory, uint64_t size, uint32_t nonce, uint64_t flip)
{
	uint64_t *words = memory;
	uint64_t count = size / 8, i, last;

	for (i = 0; i < count; i++)
		words[i] = word_at(nonce, i) ^ flip;
	last = word_at(nonce, count) ^ flip;
	memcpy(words + count, &last, size % 8);
}

void pattern_fill(void *memory, uint64_t size, uint32_t nonce)
{
	fill(memory, size, nonce, 0);
}

void pattern_fill_complement(void *memory, uint64_t size, uint32_t nonce)
{
	fill(memory, size, nonce, UINT64_MAX);
}

uint64_t pattern_check(const void *memory, uint64_t size, uint32_t nonce)
{
	const uint64_t *words = memory;
	uint64_t count = size / 8, wrong = 0, i, last;

	for (i = 0; i < count; i++)
		wrong += words[i] != word_at(nonce, i);
	last = word_at(nonce, count);
	return wrong + (memcmp(words + count, &last, size % 8) != 0);
}
