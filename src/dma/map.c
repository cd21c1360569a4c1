/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arenas attached to a card.
 *
 * The card is bus master only while something is attached.  Memory that an
 * engine may still write to is never let go: a channel that can't be stopped
 * keeps its map, which is looked at again each time somebody asks.
 */
#include "dma/card.h"

#include <errno.h>
#include <stdlib.h>

/* What a card without dual-address cycles reaches. */
#define BELOW_END (UINT64_C(1) << 32)

static int master_take(struct dma_card *card, struct error *error)
{
	struct transport *transport = card->transport;
	int result = 0;

	pthread_mutex_lock(&card->lock);
	if (card_state(card) != CARD_GOOD)
		result = error_set(error, -ESHUTDOWN,
				   "%s is out of service: reset it (needs "
				   "reset=allowed) or power the machine off",
				   card->name);
	else if (!card->attached)
		result = transport->ops->bus_master(transport, 1);
	card->attached += !result;
	pthread_mutex_unlock(&card->lock);
	return result;
}

static void master_drop(struct dma_card *card)
{
	pthread_mutex_lock(&card->lock);
	if (!--card->attached)
		card->transport->ops->bus_master(card->transport, 0);
	pthread_mutex_unlock(&card->lock);
}

int dma_attach(struct dma_card *card, struct arena *arena,
	       struct dma_map **made, struct error *error)
{
	struct transport *transport = card->transport;
	struct dma_map *map = calloc(1, sizeof(*map));
	int result;

	if (!map)
		return error_set(error, -ENOMEM, "out of memory");
	map->card = card;
	map->arena = arena;
	map->bus = calloc(arena->pages, sizeof(*map->bus));
	if (!map->bus) {
		result = error_set(error, -ENOMEM, "out of memory");
		goto out_free;
	}
	result = transport->ops->map(transport, arena, map->bus, error);
	if (result)
		goto out_bus;
	result = translate_init(&map->translate, map->bus, arena->pages,
				arena->page_shift);
	if (result)
		goto out_unmap;
	map->loose = transport->info.by_frame &&
		     arena->pin == PLXDMA_PIN_NONE;
	result = master_take(card, error);
	if (result)
		goto out_translate;
	*made = map;
	return 0;

out_translate:
	translate_destroy(&map->translate);
out_unmap:
	transport->ops->unmap(transport, arena, map->bus);
out_bus:
	free(map->bus);
out_free:
	free(map);
	return result;
}

/* Does a channel that couldn't be stopped still stand at Done = 0? */
static int map_stuck(struct dma_map *map)
{
	struct dma_card *card = map->card;
	unsigned int n;
	int stuck = 0;

	pthread_mutex_lock(&card->lock);
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		if (card->stuck[n] != map)
			continue;
		if (reg_get(card, PLX_DMACSR0) >> PLX_DMACSR_SHIFT(n) &
		    PLX_DMACSR_DONE)
			card->stuck[n] = NULL;
		else
			stuck = 1;
	}
	pthread_mutex_unlock(&card->lock);
	return stuck;
}

int dma_detach(struct dma_map *map)
{
	struct transport *transport;

	if (!map)
		return 0;
	if (map_stuck(map))
		return -EBUSY;
	transport = map->card->transport;
	master_drop(map->card);
	transport->ops->unmap(transport, map->arena, map->bus);
	translate_destroy(&map->translate);
	free(map->bus);
	free(map);
	return 0;
}

uint64_t dma_map_bus(const struct dma_map *map, uint64_t offset,
		     uint64_t *left)
{
	return translate_bus(&map->translate, offset, left);
}

int dma_map_reached(const struct dma_map *map)
{
	uint64_t offset, left;

	if (map->card->dac)
		return 1;
	for (offset = 0; offset < map->translate.size; offset += left)
		if (translate_bus(&map->translate, offset, &left) + left >
		    BELOW_END)
			return 0;
	return 1;
}

size_t dma_map_runs(const struct dma_map *map, uint64_t *longest)
{
	uint64_t offset, left;
	size_t runs = 0;

	*longest = 0;
	for (offset = 0; offset < map->translate.size; offset += left) {
		translate_bus(&map->translate, offset, &left);
		if (left > *longest)
			*longest = left;
		runs++;
	}
	return runs;
}
