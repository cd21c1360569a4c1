/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy is set on the file (it is shared memory), so pages that are
 * punched and faulted again come from the same node.
 */
#include "node.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "mem/libraries.h"

#define NODES 1024
#define LONG_BITS (sizeof(long) * CHAR_BIT)

static int node_error(struct error *error, int node, int code)
{
	if (code == -EINVAL)
		return error_set(error, code, "arena: node %d does not exist, "
			"has no memory, or is closed to this process; cat "
			"/sys/devices/system/node/has_memory shows those that "
			"have", node);
	return error_set(error, code, "arena: binding to node %d: %s", node,
			 strerror(-code));
}

int node_bind(const struct arena *arena, int node, struct error *error)
{
	const struct libraries *libraries = libraries_get();
	unsigned long mask[NODES / LONG_BITS] = { 0 };

	if (node < 0)
		return 0;
	if (!libraries->bind || !libraries->policy)
		return error_set(error, -ENOTSUP, "arena: libnuma.so.1 is "
			"missing, so no node can be chosen; apt-get install "
			"libnuma1, or leave out node=");
	if (node >= NODES)
		return node_error(error, node, -EINVAL);
	mask[(size_t)node / LONG_BITS] = 1ul << ((size_t)node % LONG_BITS);
	if (libraries->bind(arena->base, arena->size, MPOL_BIND, mask, NODES,
			    0))
		return node_error(error, node, -errno);
	return 0;
}

static int node_of(const struct libraries *libraries, char *page)
{
	int node = -1;

	if (libraries->policy(&node, NULL, 0, page, MPOL_F_NODE | MPOL_F_ADDR))
		return -errno;
	return node;
}

int node_verify(struct arena *arena, int node, struct error *error)
{
	const struct libraries *libraries = libraries_get();
	int found, first = -1;
	size_t i;

	/* Without a wish the answer is only for information. */
	if (!libraries->policy)
		return 0;
	for (i = 0; i < arena->pages; i++) {
		found = node_of(libraries,
				arena->base + (i << arena->page_shift));
		if (node >= 0 && found != node)
			return error_set(error, found < 0 ? found : -EXDEV,
				"arena: page %zu of %zu is not on node %d", i,
				arena->pages, node);
		if (i && found != first)
			return 0;
		first = found;
	}
	arena->node = first < 0 ? -1 : first;
	return 0;
}
