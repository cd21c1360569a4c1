/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card's memory in this process, which it may share with others, and how far
 * stretches of it are contiguous on this card's bus.
 */
#include "client/card.h"

#include <errno.h>

int client_memory(struct plxdma_card *front, struct error *error)
{
	struct client_card *card = client_card(front);
	struct front_memory *memory;
	int err;

	if (__atomic_load_n(&card->front.memory, __ATOMIC_ACQUIRE))
		return 0;
	err = share_memory(card->share, card->number, &memory, error);
	/* Published whole: readers take no lock. */
	if (!err)
		__atomic_store_n(&card->front.memory, memory,
				 __ATOMIC_RELEASE);
	return err;
}

/* Pieces of one answer, as far as there is room. Returns bytes covered. */
static uint64_t pieces_add(const struct client_card *card,
			   const struct wire_runs *runs, uint64_t offset,
			   uint32_t local, struct plxdma_segment *segments,
			   unsigned int *used, unsigned int room)
{
	uint64_t handle = card->share->memory.tag + offset;
	uint64_t covered = 0;

	for (uint32_t i = 0; i < runs->count && i < WIRE_STRETCHES; i++) {
		if (*used < room)
			segments[*used] = (struct plxdma_segment){
				.handle = handle + covered,
				.length = runs->lengths[i],
				.local = local + (uint32_t)covered,
			};
		++*used;
		covered += runs->lengths[i];
	}
	return covered;
}

int client_map_sg(struct plxdma_card *front, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error)
{
	struct client_card *card = client_card(front);
	struct packet packet;
	unsigned int used = 0;
	uint64_t covered;
	int err;

	while (size) {
		connection_request(&packet, WIRE_RUNS);
		packet.message.range.card = card->number;
		packet.message.range.offset = offset;
		packet.message.range.size = size;
		err = connection_ask(&card->share->connection, &packet, 0,
				     error);
		if (err)
			return err;
		covered = pieces_add(card, &packet.message.runs, offset, local,
				     segments, &used, count);
		if (!covered || covered > size)
			return error_set(error, -EPROTO, "plxdmad's answer "
					 "doesn't cover the range");
		offset += covered;
		local += (uint32_t)covered;
		size -= covered;
	}
	if (used > count)
		return error_set(error, -ENOSPC, "the range has %u pieces, "
				 "there is room for %u", used, count);
	return (int)used;
}
