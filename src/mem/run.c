/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs: stretches of an arena that are contiguous on the bus.
 */
#include "arena.h"

size_t arena_longest_run(const uint64_t *bus, size_t pages, size_t page_size,
			 size_t *runs)
{
	size_t i, length = 0, longest = 0, count = 0;

	for (i = 0; i < pages; i++) {
		if (i && bus[i] == bus[i - 1] + page_size) {
			length++;
		} else {
			length = 1;
			count++;
		}
		if (length > longest)
			longest = length;
	}
	if (runs)
		*runs = count;
	return longest;
}
