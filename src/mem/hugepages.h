/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's pools of hugepages: which sizes there are, how many pages are
 * free, and what an administrator types to have more.
 */
#ifndef HUGEPAGES_H
#define HUGEPAGES_H

#include <stddef.h>

#include "error/error.h"

#define HUGEPAGES_SIZES 8

/* Sizes that the kernel has, ascending; how many, or a negative errno. */
int hugepages_sizes(size_t *sizes, int room);
/*
 * Sets the text to why @pages of @page_size on @node (-1: any) can't be had
 * and the command that mends it.  Returns -ENOMEM.
 */
int hugepages_short(struct error *error, size_t pages, size_t page_size,
		    int node);

#endif
