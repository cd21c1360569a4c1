/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory behind a data port: an address, and words that follow each other.
 */
#ifndef BOARDS_DIGITIZER_MEMORY_H
#define BOARDS_DIGITIZER_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct memory {
	uint32_t *words;
	uint32_t size; /* words, a power of two: addresses wrap there */
	uint32_t start, at;
};

int memory_open(struct memory *memory, uint32_t size);
void memory_close(struct memory *memory);
/* Words that tell their place, made different by @seed. */
void memory_fill(struct memory *memory, uint32_t seed);
void memory_seek(struct memory *memory, uint32_t address);
/* Back to where memory_seek() went. */
void memory_rewind(struct memory *memory);
uint32_t memory_get(struct memory *memory);
void memory_put(struct memory *memory, uint32_t value);
void memory_clear(struct memory *memory, uint32_t words);

#endif
