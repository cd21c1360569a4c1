/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See memory.h. */
#include "plxapi/memory.h"

#include <stdlib.h>

#include "plxapi/allocation.h"
#include "plxapi/device.h"

void memory_init(struct memory *memory)
{
	pthread_mutex_init(&memory->lock, NULL);
}

struct allocation *allocation_add(struct crate_card *card,
				  struct device *owner, U32 size)
{
	struct allocation *allocation = calloc(1, sizeof(*allocation));

	if (!allocation)
		return NULL;
	allocation->cpu = plxdma_alloc_coherent(card->card, size,
						&allocation->handle);
	if (!allocation->cpu) {
		free(allocation);
		return NULL;
	}
	memset(allocation->cpu, 0, size);
	allocation->owner = owner;
	allocation->size = size;
	allocation->next = card->memory.first;
	card->memory.first = allocation;
	return allocation;
}

struct allocation *allocation_unlink(struct allocation **place)
{
	struct allocation *allocation = *place;

	*place = allocation->next;
	return allocation;
}

struct allocation **allocation_find(struct memory *memory,
				    const struct device *owner, U64 handle)
{
	struct allocation **place;

	for (place = &memory->first; *place; place = &(*place)->next) {
		if ((*place)->owner == owner && (*place)->handle == handle)
			return place;
	}
	return NULL;
}

int memory_holds(struct memory *memory, plxdma_handle handle, size_t size)
{
	const struct allocation *allocation;
	int holds = 0;

	pthread_mutex_lock(&memory->lock);
	for (allocation = memory->first; allocation && !holds;
	     allocation = allocation->next)
		holds = handle >= allocation->handle &&
			handle - allocation->handle <= allocation->size &&
			size <= allocation->size -
					(handle - allocation->handle);
	pthread_mutex_unlock(&memory->lock);
	return holds;
}

/*
 * It is off the list: no transfer finds it any more, and those that have are
 * ended here.  A card whose engine can't be stopped keeps what the engine may
 * still write to.
 */
void allocation_free(struct crate_card *card, struct allocation *allocation)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	unsigned int i;

	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_leave(&card->channels[i], allocation->handle,
			      allocation->size);
	if (!plxdma_card_info(card->card, &info) && info.in_service)
		plxdma_free_coherent(card->card, allocation->size,
				     allocation->cpu, allocation->handle);
	free(allocation);
}

static struct allocation *device_next(struct device *device)
{
	struct memory *memory = &device->card->memory;
	struct allocation **place, *allocation = NULL;

	pthread_mutex_lock(&memory->lock);
	for (place = &memory->first; *place && (*place)->owner != device;
	     place = &(*place)->next)
		;
	if (*place)
		allocation = allocation_unlink(place);
	pthread_mutex_unlock(&memory->lock);
	return allocation;
}

void memory_device_close(struct device *device)
{
	struct allocation *allocation;

	while ((allocation = device_next(device)))
		allocation_free(device->card, allocation);
}

/* The memory itself goes with the card. */
void memory_close(struct memory *memory)
{
	while (memory->first)
		free(allocation_unlink(&memory->first));
}
