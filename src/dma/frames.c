/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the pages of a prepared transfer are still where its descriptors
 * say.
 *
 * What the card's holder pins doesn't move, and costs nothing here.  Frames
 * that nothing holds, as `unpinned` allows, are looked up again at each start:
 * that is late for the page that moves a moment later, and the price of going
 * without a pin.  What was prepared after a page had moved doesn't touch it.
 */
#include "dma/card.h"

#include <errno.h>

void frames_note(struct dma_transfer *transfer,
		 const struct dma_request *request)
{
	const struct arena *arena = request->map->arena;
	const uint64_t last = request->offset + request->length - 1;

	transfer->moved = arena_moved(arena);
	/* A list isn't walked a second time: any page will do. */
	transfer->first_page = 0;
	transfer->last_page = arena->pages - 1;
	if (request->segment_count || !request->length)
		return;
	transfer->first_page = (size_t)(request->offset >> arena->page_shift);
	transfer->last_page = (size_t)(last >> arena->page_shift);
}

int frames_check(const struct dma_transfer *transfer)
{
	struct arena *arena = transfer->map->arena;
	size_t page;

	if (transfer->map->loose &&
	    arena_verify_pages(arena, transfer->first_page,
			       transfer->last_page) < 0)
		return -EFAULT;
	if (arena_moved(arena) == transfer->moved)
		return 0;
	for (page = transfer->first_page; page <= transfer->last_page; page++)
		if (arena->quarantine[page])
			return -EFAULT;
	return 0;
}
