/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See front_shared.h. */
#include "dma/front_shared.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "dma/front.h"
#include "mem/heap.h"
#include "transport/transport.h"

/*
 * Tells one arena's handles from another's.  Process-wide, because a handle of
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

int shared_new(struct direct_card *card, struct error *error)
{
	struct direct_shared *shared = calloc(1, sizeof(*shared));

	if (!shared)
		return error_set(error, -ENOMEM, "no memory for a card");
	pthread_mutex_init(&shared->lock, NULL);
	shared->cards = card;
	card->shared = shared;
	return 0;
}

static int takes_small_pages(const struct direct_card *card)
{
	return dma_card_transport(card->dma)->info.small_pages;
}

static int join_check(const struct direct_card *card,
		      const struct direct_card *beside, struct error *error)
{
	if (card->spec.memory_option)
		return error_set(error, -EINVAL,
				 "%s: %s= is said by the card that is opened "
				 "first, %s: leave it out where memory is "
				 "shared",
				 card->name, card->spec.memory_option,
				 beside->name);
	if (beside->spec.small_pages && !takes_small_pages(card))
		return error_set(error, -EINVAL,
				 "%s can't share the memory of %s: that has "
				 "pages=small, which are for the software card "
				 "only",
				 card->name, beside->name);
	return 0;
}

int shared_join(struct direct_card *card, struct direct_card *beside,
		struct error *error)
{
	struct direct_shared *shared = beside->shared;
	int result = join_check(card, beside, error);

	if (result)
		return result;
	card->shared = shared;
	/* The first card's: how the memory is made, whoever needs it first. */
	card->spec.arena = beside->spec.arena;
	card->spec.page_size = beside->spec.page_size;
	card->spec.small_pages = beside->spec.small_pages;
	card->spec.node = beside->spec.node;
	pthread_mutex_lock(&shared->lock);
	card->next_beside = shared->cards;
	shared->cards = card;
	if (shared->arena)
		card->card.memory = &shared->memory;
	pthread_mutex_unlock(&shared->lock);
	return 0;
}

static void card_unlink(struct direct_shared *shared, struct direct_card *card)
{
	struct direct_card **link = &shared->cards;

	while (*link != card)
		link = &(*link)->next_beside;
	*link = card->next_beside;
}

void shared_leave(struct direct_card *card)
{
	struct direct_shared *shared = card->shared;
	int last;

	pthread_mutex_lock(&shared->lock);
	card_unlink(shared, card);
	last = !shared->cards;
	pthread_mutex_unlock(&shared->lock);
	if (!last)
		return;
	shared_unmake(shared);
	pthread_mutex_destroy(&shared->lock);
	free(shared);
}

static int arena_make(struct direct_shared *shared,
		      const struct direct_card *card, struct error *error)
{
	const struct transport_info *info =
		&dma_card_transport(card->dma)->info;
	const struct front_spec *spec = &card->spec;
	/* A pin against migration adds nothing to the transport's own. */
	const int unpinned = spec->unpinned || info->pin == PLXDMA_PIN_OWNER;
	struct arena_options options = {
		.size = spec->arena,
		.page_size = spec->page_size,
		.node = spec->node < 0 ? info->numa_node : spec->node,
		.flags = (spec->small_pages ? ARENA_SMALL_PAGES : 0) |
			 (unpinned ? ARENA_UNPINNED : 0),
	};

	if (spec->small_pages && !info->small_pages)
		return error_set(error, -EINVAL,
				 "%s: pages=small is for the software card "
				 "only: frames of 4 KiB pages move",
				 card->name);
	return arena_new(&options, &shared->arena, error);
}

static int heap_make(struct direct_shared *shared,
		     const struct direct_card *card, struct error *error)
{
	struct front_memory *memory = &shared->memory;
	int result;

	result = heap_new(shared->arena->size, &memory->heap);
	if (result) {
		arena_free(shared->arena);
		shared->arena = NULL;
		return error_set(error, result, "%s: no memory for the heap",
				 card->name);
	}
	memory->base = shared->arena->base;
	memory->size = shared->arena->size;
	memory->tag = tag_new();
	return 0;
}

int shared_make(struct direct_shared *shared, const struct direct_card *card,
		struct error *error)
{
	int result = arena_make(shared, card, error);

	return result ? result : heap_make(shared, card, error);
}

int shared_make_below(struct direct_shared *shared,
		      const struct direct_card *card, struct error *error)
{
	struct transport *transport = dma_card_transport(card->dma);
	int result;

	if (!transport->ops->arena_below)
		return -EOPNOTSUPP;
	result = transport->ops->arena_below(transport, card->spec.arena,
					     &shared->arena, error);
	return result ? result : heap_make(shared, card, error);
}

void shared_unmake(struct direct_shared *shared)
{
	if (!shared->arena)
		return;
	arena_free(shared->arena);
	heap_free(shared->memory.heap);
	shared->arena = NULL;
}

void shared_publish(struct direct_shared *shared)
{
	struct direct_card *card;

	for (card = shared->cards; card; card = card->next_beside)
		__atomic_store_n(&card->card.memory, &shared->memory,
				 __ATOMIC_RELEASE);
}
