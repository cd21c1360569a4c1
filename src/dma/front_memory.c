/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card's memory in this process: an arena, attached to the card, with a heap
 * over it.  Made at its first use, so that registers can be read on a machine
 * without hugepages; perhaps shared with other cards, see front_shared.h.
 */
#include <errno.h>

#include "dma/front.h"
#include "mem/arena.h"
#include "transport/transport.h"

/* Longest piece: a segment's length has 32 bits. */
#define PIECE_MAX UINT64_C(0xfffff000)

/* Hugepages first: they are of one piece, and have a node.  They are left
 * where the card doesn't reach them, and something else may be had: then
 * *beyond is 1.  -EACCES: the kernel would bounce them. */
static int hugepages_attach(struct direct_card *card, struct dma_map **map,
			    int *beyond, struct error *error)
{
	struct direct_shared *shared = card->shared;
	struct transport *transport = dma_card_transport(card->dma);
	int result = shared_make(shared, card, error);

	if (result)
		return result;
	result = dma_attach(card->dma, shared->arena, map, error);
	*beyond = transport->ops->arena_below != NULL &&
		  (result == -EACCES || (!result && !dma_map_reached(*map)));
	if (*beyond && !result)
		dma_detach(*map);
	if (*beyond || result)
		shared_unmake(shared);
	return result;
}

static int below_attach(struct direct_card *card, struct dma_map **map,
			struct error *error)
{
	struct direct_shared *shared = card->shared;
	int result = shared_make_below(shared, card, error);

	if (result)
		return result;
	result = dma_attach(card->dma, shared->arena, map, error);
	if (result)
		shared_unmake(shared);
	return result;
}

static int first_attach(struct direct_card *card, struct dma_map **map,
			struct error *error)
{
	struct plxdma_card_info info;
	int beyond = 0, result;

	result = hugepages_attach(card, map, &beyond, error);
	if (!beyond)
		return result;
	/* Bounced though it has dual-address cycles: that is the machine's
	 * setting, and told. */
	dma_card_info(card->dma, &info);
	if (result && (info.dac || info.iommu))
		return result;
	return below_attach(card, map, error);
}

/* With shared->lock held. */
static int memory_attach(struct direct_card *card, struct error *error)
{
	struct direct_shared *shared = card->shared;
	const int first = !shared->arena;
	struct dma_map *map;
	int result;

	if (first)
		result = first_attach(card, &map, error);
	else
		result = dma_attach(card->dma, shared->arena, &map, error);
	if (result)
		return result;
	__atomic_store_n(&card->map, map, __ATOMIC_RELEASE);
	if (first)
		shared_publish(shared);
	return 0;
}

int direct_memory(struct plxdma_card *public, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int result = 0;

	if (__atomic_load_n(&card->map, __ATOMIC_ACQUIRE))
		return 0;
	pthread_mutex_lock(&card->shared->lock);
	if (!card->map)
		result = memory_attach(card, error);
	pthread_mutex_unlock(&card->shared->lock);
	return result;
}

int direct_map_sg(struct plxdma_card *public, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	unsigned int n = 0;
	int result = direct_memory(public, error);

	if (result)
		return result;
	while (size) {
		uint64_t piece;

		dma_map_bus(card->map, offset, &piece);
		if (piece > PIECE_MAX)
			piece = PIECE_MAX;
		if (piece > size)
			piece = size;
		if (n < count)
			segments[n] = (struct plxdma_segment){
				.handle = card->shared->memory.tag + offset,
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
	if (dma_detach(card->map))
		return -EBUSY;
	shared_leave(card);
	return 0;
}
