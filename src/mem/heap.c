/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two kinds of allocation.  From 2 KiB up it is a block of whole pages; below,
 * a slot of a slab: one page cut into up to 64 slots of one class, with a
 * bitmap of the free ones.  A class keeps one slab that is all free, so that
 * a program that allocates and frees one buffer over and over doesn't make
 * and unmake a slab each time; those are given back before anybody is told
 * that there is no room.
 */
#include "heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem/lock.h"
#include "mem/pages.h"

#define PAGE_BYTES (1u << PAGES_SHIFT)
#define UNIT 64u		/* alignment, and what slots are measured in */
#define SLOT_MAX 2048u
#define CLASSES 14

/* Units of a slot, by class: as many as leave little of the page unused. */
static const uint8_t class_units[CLASSES] = {
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 21, 32,
};

struct class {
	uint64_t all;		/* bitmap of a slab that is all free */
	uint32_t units;
	uint32_t reciprocal;	/* unit * reciprocal >> 16 == unit / units */
	uint32_t partial;	/* slabs with free slots */
	uint32_t spare;		/* a slab that is all free */
};

struct heap {
	struct lock lock;
	uint64_t used;
	struct pages pages;
	struct class class[CLASSES];
	uint8_t class_of[SLOT_MAX / UNIT + 1];	/* by units asked for */
};

static void classes_init(struct heap *heap)
{
	unsigned int i, units = 0, slots;

	for (i = 0; i < CLASSES; i++) {
		slots = PAGE_BYTES / UNIT / class_units[i];
		heap->class[i] = (struct class){
			.all = ~UINT64_C(0) >> (64 - slots),
			.units = class_units[i],
			.reciprocal = 65536u / class_units[i] + 1,
			.partial = PAGES_NONE,
			.spare = PAGES_NONE,
		};
		while (units <= class_units[i])
			heap->class_of[units++] = (uint8_t)i;
	}
}

int heap_new(uint64_t size, struct heap **heap)
{
	uint64_t total = size >> PAGES_SHIFT;
	struct heap *made;
	int rc;

	if (!total || total > PAGES_MAX)
		return -EINVAL;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	rc = pages_init(&made->pages, (uint32_t)total);
	if (rc) {
		free(made);
		return rc;
	}
	classes_init(made);
	*heap = made;
	return 0;
}

void heap_free(struct heap *heap)
{
	if (!heap)
		return;
	pages_destroy(&heap->pages);
	free(heap);
}

static int spares_give_back(struct heap *heap)
{
	unsigned int i, given = 0;

	for (i = 0; i < CLASSES; i++) {
		if (heap->class[i].spare == PAGES_NONE)
			continue;
		pages_release(&heap->pages, heap->class[i].spare);
		heap->class[i].spare = PAGES_NONE;
		given++;
	}
	return given > 0;
}

static uint32_t pages_take(struct heap *heap, uint32_t count)
{
	uint32_t page = pages_alloc(&heap->pages, count);

	if (page == PAGES_NONE && spares_give_back(heap))
		page = pages_alloc(&heap->pages, count);
	return page;
}

static void slab_link(struct heap *heap, struct class *class, uint32_t slab)
{
	struct page *page = &heap->pages.page[slab];

	page->next = class->partial;
	page->previous = PAGES_NONE;
	if (class->partial != PAGES_NONE)
		heap->pages.page[class->partial].previous = slab;
	class->partial = slab;
}

static void slab_unlink(struct heap *heap, struct class *class, uint32_t slab)
{
	const struct page *page = &heap->pages.page[slab];

	if (page->next != PAGES_NONE)
		heap->pages.page[page->next].previous = page->previous;
	if (page->previous != PAGES_NONE)
		heap->pages.page[page->previous].next = page->next;
	else
		class->partial = page->next;
}

static uint32_t slab_new(struct heap *heap, uint8_t index)
{
	struct class *class = &heap->class[index];
	uint32_t slab = class->spare;

	if (slab != PAGES_NONE) {
		class->spare = PAGES_NONE;
	} else {
		slab = pages_take(heap, 1);
		if (slab == PAGES_NONE)
			return PAGES_NONE;
		heap->pages.page[slab].state = PAGE_SLAB;
		heap->pages.page[slab].class = index;
		heap->pages.page[slab].slots = class->all;
	}
	slab_link(heap, class, slab);
	return slab;
}

static uint64_t slot_alloc(struct heap *heap, uint32_t units)
{
	uint8_t index = heap->class_of[units];
	struct class *class = &heap->class[index];
	uint32_t slab = class->partial, slot;
	struct page *page;

	if (slab == PAGES_NONE)
		slab = slab_new(heap, index);
	if (slab == PAGES_NONE)
		return HEAP_NONE;
	page = &heap->pages.page[slab];
	slot = (uint32_t)__builtin_ctzll(page->slots);
	page->slots &= page->slots - 1;
	if (!page->slots)
		slab_unlink(heap, class, slab);
	heap->used += class->units * UNIT;
	return ((uint64_t)slab << PAGES_SHIFT) + slot * class->units * UNIT;
}

static int slot_release(struct heap *heap, uint32_t slab, uint32_t inside)
{
	struct page *page = &heap->pages.page[slab];
	struct class *class = &heap->class[page->class];
	uint32_t slot = inside / UNIT * class->reciprocal >> 16;
	uint64_t bit = UINT64_C(1) << slot;

	if (slot * class->units * UNIT != inside || !(class->all & bit) ||
	    page->slots & bit)
		return -EINVAL;
	if (!page->slots)
		slab_link(heap, class, slab);
	page->slots |= bit;
	heap->used -= class->units * UNIT;
	if (page->slots != class->all)
		return 0;
	slab_unlink(heap, class, slab);
	if (class->spare == PAGES_NONE)
		class->spare = slab;
	else
		pages_release(&heap->pages, slab);
	return 0;
}

static uint64_t block_alloc(struct heap *heap, uint64_t size)
{
	uint64_t count = (size + PAGE_BYTES - 1) >> PAGES_SHIFT;
	uint32_t block;

	if (size > UINT64_MAX - PAGE_BYTES || count > heap->pages.total)
		return HEAP_NONE;
	block = pages_take(heap, (uint32_t)count);
	if (block == PAGES_NONE)
		return HEAP_NONE;
	heap->used += count << PAGES_SHIFT;
	return (uint64_t)block << PAGES_SHIFT;
}

static int block_release(struct heap *heap, uint32_t block, uint32_t inside)
{
	if (inside)
		return -EINVAL;
	heap->used -= (uint64_t)heap->pages.page[block].count << PAGES_SHIFT;
	pages_release(&heap->pages, block);
	return 0;
}

uint64_t heap_alloc(struct heap *heap, uint64_t size)
{
	uint64_t offset;

	if (!size)
		return HEAP_NONE;
	lock_take(&heap->lock);
	if (size <= SLOT_MAX)
		offset = slot_alloc(heap, ((uint32_t)size + UNIT - 1) / UNIT);
	else
		offset = block_alloc(heap, size);
	lock_drop(&heap->lock);
	return offset;
}

int heap_release(struct heap *heap, uint64_t offset)
{
	uint32_t inside = offset & (PAGE_BYTES - 1), page;
	int rc = -EINVAL;

	if (offset >> PAGES_SHIFT >= heap->pages.total)
		return -EINVAL;
	page = (uint32_t)(offset >> PAGES_SHIFT);
	lock_take(&heap->lock);
	if (heap->pages.page[page].state == PAGE_SLAB)
		rc = slot_release(heap, page, inside);
	else if (heap->pages.page[page].state == PAGE_USED)
		rc = block_release(heap, page, inside);
	lock_drop(&heap->lock);
	return rc;
}

/* The largest slot that is free where no page is. */
static uint64_t slots_largest(const struct heap *heap)
{
	unsigned int i;

	for (i = CLASSES; i-- > 0; )
		if (heap->class[i].partial != PAGES_NONE)
			return heap->class[i].units * UNIT;
	return 0;
}

void heap_stat(struct heap *heap, uint64_t *used, uint64_t *largest)
{
	lock_take(&heap->lock);
	(void)spares_give_back(heap);
	*used = heap->used;
	*largest = (uint64_t)pages_largest(&heap->pages) << PAGES_SHIFT;
	if (!*largest)
		*largest = slots_largest(heap);
	lock_drop(&heap->lock);
}
