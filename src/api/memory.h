/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A card's memory, made at its first use. */
#ifndef API_MEMORY_H
#define API_MEMORY_H

#include "api/front.h"

/* NULL if the card has none yet.  Any thread: the front publishes it whole. */
static inline struct front_memory *memory_if_made(struct plxdma_card *card)
{
	return __atomic_load_n(&card->memory, __ATOMIC_ACQUIRE);
}

/* Makes it if there is none.  Return: 0 or what the front says. */
static inline int memory_make(struct plxdma_card *card,
			      struct front_memory **memory,
			      struct error *error)
{
	int result;

	*memory = memory_if_made(card);
	if (*memory)
		return 0;
	result = card->ops->memory(card, error);
	if (result)
		return result;
	*memory = memory_if_made(card);
	return 0;
}

/* Offset of [cpu, cpu + size), or UINT64_MAX if it isn't all inside. */
static inline uint64_t memory_offset(const struct front_memory *memory,
				     const void *cpu, uint64_t size)
{
	uint64_t offset = (uint64_t)((uintptr_t)cpu - (uintptr_t)memory->base);

	if (offset >= memory->size || size > memory->size - offset)
		return UINT64_MAX;
	return offset;
}

#endif
