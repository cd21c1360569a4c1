/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From an offset in an arena to a bus address of one card.
 *
 * Inside a run translation is a subtraction; which run is a table look-up by
 * page.  An offset outside is an error, never a crash.
 */
#ifndef TRANSLATE_H
#define TRANSLATE_H

#include <stddef.h>
#include <stdint.h>

#define TRANSLATE_NONE UINT64_MAX

struct translate {
	uint64_t size;
	unsigned int page_shift;
	size_t pages;
	uint64_t *bus;		/* per page */
	uint64_t *run_end;	/* per page: offset where its run ends */
};

/* Copies bus[]. */
int translate_init(struct translate *translate, const uint64_t *bus,
		   size_t pages, unsigned int page_shift);
void translate_destroy(struct translate *translate);

/* Bus address of an offset; *left receives the bytes up to the run's end. */
static inline uint64_t translate_bus(const struct translate *translate,
				     uint64_t offset, uint64_t *left)
{
	size_t page;

	if (offset >= translate->size)
		return TRANSLATE_NONE;
	page = offset >> translate->page_shift;
	if (left)
		*left = translate->run_end[page] - offset;
	return translate->bus[page] +
	       (offset & ((UINT64_C(1) << translate->page_shift) - 1));
}

#endif
