/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that a card can reach: the heap's offsets as addresses and handles.
 *
 * alloc and free are the heap's few nanoseconds and an addition; only the
 * first use of a card's memory asks the front door.
 */
#include <plxdma/memory.h>

#include <errno.h>

#include "api/failure.h"
#include "api/memory.h"
#include "mem/heap.h"

static int arena_full(const struct front_memory *memory, size_t size,
		      struct error *error)
{
	uint64_t used, largest;

	heap_stat(memory->heap, &used, &largest);
	return error_set(error, -ENOMEM,
			 "plxdma_alloc_coherent: %zu bytes don't fit: %llu of "
			 "the arena's %llu bytes are taken, the largest piece "
			 "left has %llu: open the card with a larger arena=",
			 size, (unsigned long long)used,
			 (unsigned long long)memory->size,
			 (unsigned long long)largest);
}

static int allocate(struct plxdma_card *card, size_t size, void **cpu,
		    plxdma_handle *handle, struct error *error)
{
	struct front_memory *memory;
	uint64_t offset;
	int result;

	result = memory_make(card, &memory, error);
	if (result)
		return result;
	offset = heap_alloc(memory->heap, size);
	if (offset == HEAP_NONE)
		return arena_full(memory, size, error);
	*cpu = memory->base + offset;
	if (handle)
		*handle = memory->tag + offset;
	return 0;
}

void *plxdma_alloc_coherent(struct plxdma_card *card, size_t size,
			    plxdma_handle *handle)
{
	struct error error;
	void *cpu = NULL;
	int result;

	failure_begin(&error);
	if (!card || !size)
		result = failure_argument(card, __func__,
					  "needs a card and at least 1 byte");
	else
		result = failure_end(card,
				     allocate(card, size, &cpu, handle, &error),
				     &error, __func__);
	if (result)
		errno = -result;
	return cpu;
}

void plxdma_free_coherent(struct plxdma_card *card, size_t size, void *cpu,
			  plxdma_handle handle)
{
	struct front_memory *memory;
	uint64_t offset;

	if (!card || !cpu)
		return;
	memory = memory_if_made(card);
	offset = memory ? memory_offset(memory, cpu, size) : UINT64_MAX;
	if (offset == UINT64_MAX ||
	    (handle && handle != memory->tag + offset) ||
	    heap_release(memory->heap, offset))
		failure_argument(card, __func__,
				 "this is not what plxdma_alloc_coherent() of "
				 "this card returned, or it was freed before; "
				 "nothing is freed");
}

plxdma_handle plxdma_handle_of(struct plxdma_card *card, const void *cpu)
{
	struct front_memory *memory = card ? memory_if_made(card) : NULL;
	uint64_t offset;

	if (!memory)
		return 0;
	offset = memory_offset(memory, cpu, 1);
	return offset == UINT64_MAX ? 0 : memory->tag + offset;
}

int plxdma_map_sg(struct plxdma_card *card, const void *cpu, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count)
{
	struct front_memory *memory;
	struct error error;
	uint64_t offset;

	if (!card || !cpu || (!segments && count))
		return failure_argument(card, __func__,
					"needs a card, memory and a place for "
					"the pieces");
	memory = memory_if_made(card);
	offset = memory ? memory_offset(memory, cpu, size) : UINT64_MAX;
	failure_begin(&error);
	if (offset == UINT64_MAX) {
		error_set(&error, -ERANGE,
			  "plxdma_map_sg: the range is not inside the card's "
			  "arena: allocate it with plxdma_alloc_coherent()");
		return failure_keep(card, -ERANGE, &error, __func__);
	}
	return failure_end(card,
			   card->ops->map_sg(card, offset, size, local,
					     segments, count, &error),
			   &error, __func__);
}

/*
 * x86 keeps caches and bus masters coherent; what remains is that the compiler
 * must not move accesses across.
 */
void plxdma_sync_for_device(struct plxdma_card *card, const void *cpu,
			    size_t size)
{
	(void)card;
	(void)cpu;
	(void)size;
	__asm__ __volatile__("" ::: "memory");
}

void plxdma_sync_for_cpu(struct plxdma_card *card, const void *cpu, size_t size)
{
	(void)card;
	(void)cpu;
	(void)size;
	__asm__ __volatile__("" ::: "memory");
}
