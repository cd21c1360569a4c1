/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The block that was freed last is kept as it is ("warm") until the next one
 * is freed: programs that free and allocate the same size over and over get
 * it back without a split and a merge.  One block, so nothing is unbounded;
 * it is merged before anybody is told that there is no room.
 */
#include "pages.h"

#include <errno.h>
#include <stdlib.h>

struct list {
	uint32_t row, step;
};

static uint32_t log2_floor(uint32_t value)
{
	return 31u - (uint32_t)__builtin_clz(value);
}

/* The list that a free block of @count pages hangs in. */
static struct list list_of(uint32_t count)
{
	uint32_t power;

	if (count < PAGES_STEPS)
		return (struct list){ 0, count };
	power = log2_floor(count);
	return (struct list){ power - 3, count >> (power - 4) & 15 };
}

/* The first list all of whose blocks have @count pages. */
static struct list list_sure(uint32_t count)
{
	if (count >= PAGES_STEPS)
		count += (1u << (log2_floor(count) - 4)) - 1;
	return list_of(count);
}

static void block_hang(struct pages *pages, uint32_t block)
{
	struct list list = list_of(pages->page[block].count);
	uint32_t *first = &pages->first[list.row][list.step];

	pages->page[block].next = *first;
	pages->page[block].previous = PAGES_NONE;
	if (*first != PAGES_NONE)
		pages->page[*first].previous = block;
	*first = block;
	pages->rows |= 1u << list.row;
	pages->steps[list.row] |= (uint16_t)(1u << list.step);
}

static void list_emptied(struct pages *pages, struct list list)
{
	pages->steps[list.row] &= (uint16_t)~(1u << list.step);
	if (!pages->steps[list.row])
		pages->rows &= ~(1u << list.row);
}

static void block_unhang(struct pages *pages, uint32_t block)
{
	const struct page *page = &pages->page[block];
	struct list list = list_of(page->count);

	if (page->next != PAGES_NONE)
		pages->page[page->next].previous = page->previous;
	if (page->previous != PAGES_NONE) {
		pages->page[page->previous].next = page->next;
		return;
	}
	pages->first[list.row][list.step] = page->next;
	if (page->next == PAGES_NONE)
		list_emptied(pages, list);
}

/* Makes [block, block + count) free and hangs it up. */
static void block_set_free(struct pages *pages, uint32_t block, uint32_t count)
{
	pages->page[block].count = count;
	pages->page[block].state = PAGE_FREE;
	pages->page[block + count - 1].back = count;
	block_hang(pages, block);
}

/* Takes a free block down; it is nobody's then. */
static void block_take(struct pages *pages, uint32_t block)
{
	struct page *page = &pages->page[block];

	block_unhang(pages, block);
	page->state = PAGE_INNER;
	pages->page[block + page->count - 1].back = 0;
}

static void block_merge(struct pages *pages, uint32_t block)
{
	uint32_t count = pages->page[block].count, next = block + count, before;

	pages->page[block].state = PAGE_INNER;
	if (next < pages->total && pages->page[next].state == PAGE_FREE) {
		block_take(pages, next);
		count += pages->page[next].count;
	}
	before = block ? pages->page[block - 1].back : 0;
	if (before) {
		block -= before;
		block_take(pages, block);
		count += before;
	}
	block_set_free(pages, block, count);
}

static void warm_merge(struct pages *pages)
{
	uint32_t block = pages->warm;

	if (block == PAGES_NONE)
		return;
	pages->warm = PAGES_NONE;
	block_merge(pages, block);
}

/* A block of at least @count pages. */
static uint32_t block_find(const struct pages *pages, uint32_t count)
{
	struct list list = list_sure(count);
	uint32_t steps, rows, block;

	if (list.row < PAGES_ROWS) {
		steps = pages->steps[list.row] & (~0u << list.step);
		if (steps)
			return pages->first[list.row][__builtin_ctz(steps)];
		rows = pages->rows & ~((2u << list.row) - 1);
		if (rows) {
			list.row = (uint32_t)__builtin_ctz(rows);
			steps = pages->steps[list.row];
			return pages->first[list.row][__builtin_ctz(steps)];
		}
	}
	/* Its own list may have one; the first is looked at, no more. */
	list = list_of(count);
	block = pages->first[list.row][list.step];
	if (block != PAGES_NONE && pages->page[block].count < count)
		block = PAGES_NONE;
	return block;
}

static void block_split(struct pages *pages, uint32_t block, uint32_t count)
{
	uint32_t rest = pages->page[block].count - count;

	pages->page[block].count = count;
	if (rest)
		block_set_free(pages, block + count, rest);
}

uint32_t pages_alloc(struct pages *pages, uint32_t count)
{
	uint32_t block = pages->warm;

	if (block != PAGES_NONE && pages->page[block].count == count) {
		pages->warm = PAGES_NONE;
		pages->page[block].state = PAGE_USED;
		return block;
	}
	block = block_find(pages, count);
	if (block == PAGES_NONE) {
		warm_merge(pages);
		block = block_find(pages, count);
	}
	if (block == PAGES_NONE)
		return PAGES_NONE;
	block_take(pages, block);
	block_split(pages, block, count);
	pages->page[block].state = PAGE_USED;
	return block;
}

void pages_release(struct pages *pages, uint32_t page)
{
	warm_merge(pages);
	pages->page[page].state = PAGE_WARM;
	pages->warm = page;
}

uint32_t pages_largest(struct pages *pages)
{
	uint32_t row, step;

	warm_merge(pages);
	if (!pages->rows)
		return 0;
	row = log2_floor(pages->rows);
	step = log2_floor(pages->steps[row]);
	return pages->page[pages->first[row][step]].count;
}

int pages_init(struct pages *pages, uint32_t total)
{
	uint32_t i;
	struct page *page = malloc(total * sizeof(*page));

	if (!page)
		return -ENOMEM;
	/* Writing every record faults the table in, before it is needed. */
	for (i = 0; i < total; i++)
		page[i] = (struct page){ .state = PAGE_INNER };
	*pages = (struct pages){
		.page = page, .total = total, .warm = PAGES_NONE,
	};
	for (i = 0; i < PAGES_ROWS * PAGES_STEPS; i++)
		pages->first[i / PAGES_STEPS][i % PAGES_STEPS] = PAGES_NONE;
	block_set_free(pages, 0, total);
	return 0;
}

void pages_destroy(struct pages *pages)
{
	free(pages->page);
}
