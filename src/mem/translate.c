/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table is built backwards: a page's run ends where its neighbour's does
 * if they are adjacent on the bus.
 */
#include "translate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void runs_find(struct translate *translate)
{
	uint64_t page_size = UINT64_C(1) << translate->page_shift;
	uint64_t end = translate->size;
	size_t page;

	for (page = translate->pages; page-- > 0; ) {
		translate->run_end[page] = end;
		if (page && translate->bus[page] !=
		    translate->bus[page - 1] + page_size)
			end = (uint64_t)page << translate->page_shift;
	}
}

int translate_init(struct translate *translate, const uint64_t *bus,
		   size_t pages, unsigned int page_shift)
{
	*translate = (struct translate){
		.size = (uint64_t)pages << page_shift,
		.page_shift = page_shift,
		.pages = pages,
		.bus = calloc(pages, sizeof(*bus)),
		.run_end = calloc(pages, sizeof(*bus)),
	};
	if (!translate->bus || !translate->run_end) {
		translate_destroy(translate);
		return -ENOMEM;
	}
	memcpy(translate->bus, bus, pages * sizeof(*bus));
	runs_find(translate);
	return 0;
}

void translate_destroy(struct translate *translate)
{
	free(translate->bus);
	free(translate->run_end);
	memset(translate, 0, sizeof(*translate));
}
