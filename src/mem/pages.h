/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Blocks of whole 4 KiB pages: a two-level segregated fit.
 *
 * Free blocks hang in lists by size class (a power of two and sixteen steps
 * in it), two levels of bitmaps find the first list that fits, neighbours
 * merge when they are freed: every step is O(1).  The record of a page lies
 * in a table beside the memory, not in it.  Not locked: the heap is.
 */
#ifndef PAGES_H
#define PAGES_H

#include <stdint.h>

#define PAGES_NONE UINT32_MAX
#define PAGES_SHIFT 12
#define PAGES_MAX (1u << 30)
#define PAGES_ROWS 29
#define PAGES_STEPS 16

enum page_state {
	PAGE_INNER = 0,		/* inside a block */
	PAGE_FREE,		/* first page of a free block */
	PAGE_WARM,		/* first page of the block that was freed last */
	PAGE_USED,		/* first page of a block that was handed out */
	PAGE_SLAB,		/* the heap cut it into slots */
};

struct page {
	uint32_t count;		/* first page: pages of the block */
	uint32_t back;		/* last page of a free block: its count, else 0 */
	uint32_t next, previous;	/* in the list that the block hangs in */
	uint64_t slots;		/* PAGE_SLAB: bit set: slot free */
	uint8_t state;
	uint8_t class;		/* PAGE_SLAB: size of its slots */
	uint8_t reserved[6];
};
_Static_assert(sizeof(struct page) == 32, "two records in a cache line");

struct pages {
	struct page *page;
	uint32_t total;
	uint32_t warm;		/* block that was freed last, not merged yet */
	uint32_t rows;		/* bit per row with a free block */
	uint16_t steps[PAGES_ROWS];
	uint32_t first[PAGES_ROWS][PAGES_STEPS];
};

int pages_init(struct pages *pages, uint32_t total);
void pages_destroy(struct pages *pages);
/* First page of a block, or PAGES_NONE. */
uint32_t pages_alloc(struct pages *pages, uint32_t count);
/* @page must be the first of a block that was handed out. */
void pages_release(struct pages *pages, uint32_t page);
/* Pages of the largest block that pages_alloc() would find. */
uint32_t pages_largest(struct pages *pages);

#endif
