/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory behind a data port.
 */
#include "boards/digitizer_memory.h"

#include <errno.h>
#include <stdlib.h>

int memory_open(struct memory *memory, uint32_t size)
{
	*memory = (struct memory){ .size = 1 };
	while (memory->size < size)
		memory->size *= 2;
	memory->words = calloc(memory->size, sizeof(*memory->words));
	return memory->words ? 0 : -ENOMEM;
}

void memory_close(struct memory *memory)
{
	free(memory->words);
}

void memory_fill(struct memory *memory, uint32_t seed)
{
	for (uint32_t i = 0; i < memory->size; i++)
		memory->words[i] = (i + seed) * 2654435761u;
}

void memory_seek(struct memory *memory, uint32_t address)
{
	memory->start = address;
	memory->at = address;
}

void memory_rewind(struct memory *memory)
{
	memory->at = memory->start;
}

static uint32_t *memory_next(struct memory *memory)
{
	return &memory->words[memory->at++ & (memory->size - 1)];
}

uint32_t memory_get(struct memory *memory)
{
	return *memory_next(memory);
}

void memory_put(struct memory *memory, uint32_t value)
{
	*memory_next(memory) = value;
}

void memory_clear(struct memory *memory, uint32_t words)
{
	uint32_t at = memory->at;

	if (words > memory->size)
		words = memory->size;
	while (words--)
		memory_put(memory, 0);
	memory->at = at;
}
