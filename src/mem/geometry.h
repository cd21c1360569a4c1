/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Page size, number of pages and size of an arena.
 */
#ifndef GEOMETRY_H
#define GEOMETRY_H

#include "error/error.h"
#include "mem/arena.h"

int geometry_choose(struct arena *arena, const struct arena_options *options,
		    struct error *error);

#endif
