/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frame order: the pages of a hugetlb file, in the order of their frames.
 *
 * What a card sees as contiguous is what lies in adjacent frames, so a file
 * in frame order has the longest runs that its set of frames contains, under
 * one linear mapping.
 */
#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>
#include <stdint.h>

struct order_file {
	int fd;
	char *base;		/* linear mapping of all of it, populated */
	size_t pages;
	unsigned int page_shift;
};

/* Faults all pages in.  0 or a negative errno. */
int order_populate(const struct order_file *file);
/*
 * Brings the file into frame order; frames[] comes in as it is and goes out
 * as it has become.  0 if it is in order, 1 if others who took hugepages
 * meanwhile spoilt it (frames[] is true in any case), or a negative errno.
 */
int order_frames(const struct order_file *file, uint64_t *frames);
/*
 * Empties a file in frame order from its end on: who takes the pages next has
 * them in order at once, and is spared the second zeroing.
 */
void order_give_back(const struct order_file *file);

#endif
