/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A word is (nonce, position), multiplied by an odd constant and folded: both
 * steps are one-to-one, so witness_explain() can walk them backwards.
 */
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "witness.h"

/* Gigabytes pass here, and nothing but the tests' own bounds is at stake. */
#define NO_SANITIZER __attribute__((no_sanitize("address", "undefined")))

#define WORD sizeof(uint64_t)
#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)
#define INVERSE UINT64_C(0xf1de83e19937733d)

static uint64_t word_make(uint32_t nonce, uint64_t position)
{
	uint64_t word = ((uint64_t)nonce << 32 | position) * MULTIPLIER;

	return word ^ word >> 32;
}

static void word_undo(uint64_t word, uint32_t *nonce, uint32_t *position)
{
	word = (word ^ word >> 32) * INVERSE;
	*nonce = (uint32_t)(word >> 32);
	*position = (uint32_t)word;
}

NO_SANITIZER static void fill(char *to, size_t size, uint32_t nonce, uint64_t flip)
{
	size_t words = size / WORD;
	uint64_t word;

	for (size_t i = 0; i < words; i++) {
		word = word_make(nonce, i) ^ flip;
		memcpy(to + i * WORD, &word, WORD);
	}
	word = word_make(nonce, words) ^ flip;
	memcpy(to + words * WORD, &word, size % WORD);
}

void witness_fill(void *memory, size_t size, uint32_t nonce)
{
	fill(memory, size, nonce, 0);
}

void witness_complement(void *memory, size_t size, uint32_t nonce)
{
	fill(memory, size, nonce, UINT64_MAX);
}

NO_SANITIZER
size_t witness_check(const void *memory, size_t size, uint32_t nonce)
{
	const unsigned char *from = memory;
	unsigned char expected[WORD];
	uint64_t word, found;
	size_t i;

	for (i = 0; i + WORD <= size; i += WORD) {
		memcpy(&found, from + i, WORD);
		if (found != word_make(nonce, i / WORD))
			break;
	}
	word = word_make(nonce, i / WORD);
	memcpy(expected, &word, WORD);
	for (size_t j = 0; j < WORD && i + j < size; j++)
		if (from[i + j] != expected[j])
			return i + j;
	return size;
}

/* A wrong byte is looked up as part of the word that begins up to 7 bytes
 * earlier: data that is displaced by a few bytes is recognised as well. */
void witness_explain(const void *memory, size_t size, size_t at,
		     uint32_t nonce, char *text, size_t room)
{
	uint32_t other, position;
	uint64_t word;

	for (size_t back = 0; back < WORD && back <= at; back++) {
		if (at - back + WORD > size)
			continue;
		memcpy(&word, (const char *)memory + at - back, WORD);
		word_undo(word, &other, &position);
		if (other == nonce) {
			snprintf(text, room,
				 "byte %zu is wrong: byte %zu of the same "
				 "transfer stands at %zu", at,
				 (size_t)position * WORD, at - back);
			return;
		}
		word_undo(~word, &other, &position);
		if (other == nonce) {
			snprintf(text, room, "byte %zu was not moved", at);
			return;
		}
	}
	snprintf(text, room, "byte %zu is wrong: %02x", at,
		 ((const unsigned char *)memory)[at]);
}

uint64_t witness_hash(const void *memory, size_t size)
{
	return XXH3_64bits(memory, size);
}
