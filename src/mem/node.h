/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena's NUMA node: asked for before the pages are faulted in, and looked
 * up page by page afterwards.
 */
#ifndef NODE_H
#define NODE_H

#include "error/error.h"
#include "mem/arena.h"

/* @node: -1 for any. */
int node_bind(const struct arena *arena, int node, struct error *error);
/* Sets arena->node; -EXDEV if a page lies elsewhere than on @node. */
int node_verify(struct arena *arena, int node, struct error *error);

#endif
