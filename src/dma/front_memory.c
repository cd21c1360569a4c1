/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card's memory in this process: an arena, attached to the card, with a heap
 * over it.  Made at its first use, so that registers can be read on a machine
 * without hugepages.
 */
#include <errno.h>
#include <stdatomic.h>

#include "dma/front.h"
#include "mem/arena.h"
#include "mem/heap.h"
#include "transport/transport.h"

/* Longest piece: a segment's length has 32 bits. */
#define PIECE_MAX UINT64_C(0xfffff000)

/*
 * Tells one card's handles from another's.  Process-wide, because a handle of
 * a card that was closed must not be valid on the next.
 */
static atomic_uint tags;

static uint64_t tag_new(void)
{
	unsigned int tag;

	do {
		tag = (atomic_fetch_add(&tags, 1) + 1) & 0xffff;
	} while (!tag);
	return (uint64_t)tag << FRONT_TAG_SHIFT;
}

static int arena_make(struct direct_card *card, struct error *error)
{
	const struct transport_info *info =
		&dma_card_transport(card->dma)->info;
	const struct front_spec *spec = &card->spec;
	struct arena_options options = {
		.size = spec->arena,
		.page_size = spec->page_size,
		.node = spec->node < 0 ? info->numa_node : spec->node,
		.flags = (spec->small_pages ? ARENA_SMALL_PAGES : 0) |
			 (spec->unpinned ? ARENA_UNPINNED : 0),
	};

	if (spec->small_pages && !info->small_pages)
		return error_set(error, -EINVAL,
				 "%s: pages=small is for the software card "
				 "only: frames of 4 KiB pages move",
				 card->name);
	return arena_new(&options, &card->arena, error);
}

static int memory_make(struct direct_card *card, struct error *error)
{
	struct front_memory *memory = &card->memory;
	int result;

	result = arena_make(card, error);
	if (result)
		return result;
	result = dma_attach(card->dma, card->arena, &card->map, error);
	if (result)
		goto out_arena;
	result = heap_new(card->arena->size, &memory->heap);
	if (result) {
		error_set(error, result, "%s: no memory for the heap",
			  card->name);
		goto out_detach;
	}
	memory->base = card->arena->base;
	memory->size = card->arena->size;
	memory->tag = tag_new();
	__atomic_store_n(&card->card.memory, memory, __ATOMIC_RELEASE);
	return 0;

out_detach:
	dma_detach(card->map);
out_arena:
	arena_free(card->arena);
	card->arena = NULL;
	return result;
}

int direct_memory(struct plxdma_card *public, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int result = 0;

	pthread_mutex_lock(&card->lock);
	if (!card->card.memory)
		result = memory_make(card, error);
	pthread_mutex_unlock(&card->lock);
	return result;
}

int direct_map_sg(struct plxdma_card *public, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	unsigned int n = 0;

	while (size) {
		uint64_t piece;

		dma_map_bus(card->map, offset, &piece);
		if (piece > PIECE_MAX)
			piece = PIECE_MAX;
		if (piece > size)
			piece = size;
		if (n < count)
			segments[n] = (struct plxdma_segment){
				.handle = card->memory.tag + offset,
				.length = (uint32_t)piece,
				.local = local,
			};
		n++;
		offset += piece;
		local += (uint32_t)piece;
		size -= piece;
	}
	if (n > count)
		return error_set(error, -ENOSPC,
				 "%s: the range has %u pieces on the bus: give "
				 "room for so many segments",
				 card->name, n);
	return (int)n;
}

int direct_memory_free(struct direct_card *card)
{
	if (!card->arena)
		return 0;
	if (dma_detach(card->map))
		return -EBUSY;
	arena_free(card->arena);
	heap_free(card->memory.heap);
	return 0;
}
