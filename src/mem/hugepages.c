/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sizes come from libhugetlbfs; the pools' counts from sysfs, where the
 * administrator's remedy lies as well.
 */
#include "hugepages.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem/libraries.h"

#define PATH_ROOM 128

static int by_size(const void *a, const void *b)
{
	const size_t left = *(const size_t *)a, right = *(const size_t *)b;

	return (left > right) - (left < right);
}

int hugepages_sizes(size_t *sizes, int room)
{
	const struct libraries *libraries = libraries_get();
	long found[HUGEPAGES_SIZES];
	int i, count;

	if (!libraries->page_sizes)
		return -ENOPKG;
	count = libraries->page_sizes(found, HUGEPAGES_SIZES);
	if (count < 0)
		return -errno;
	if (count > room)
		count = room;
	for (i = 0; i < count; i++)
		sizes[i] = (size_t)found[i];
	qsort(sizes, (size_t)(count < 0 ? 0 : count), sizeof(*sizes), by_size);
	return count;
}

static void pool_path(char path[PATH_ROOM], size_t page_size, int node,
		      const char *file)
{
	size_t kib = page_size >> 10;

	if (node < 0)
		snprintf(path, PATH_ROOM,
			 "/sys/kernel/mm/hugepages/hugepages-%zukB/%s", kib,
			 file);
	else
		snprintf(path, PATH_ROOM, "/sys/devices/system/node/node%d/"
			 "hugepages/hugepages-%zukB/%s", node, kib, file);
}

/* A count of the pool; 0 where it is not shown (nodes have no resv_). */
static size_t pool_count(size_t page_size, int node, const char *file)
{
	char path[PATH_ROOM];
	size_t count = 0;
	FILE *stream;

	pool_path(path, page_size, node, file);
	stream = fopen(path, "re");
	if (!stream)
		return 0;
	if (fscanf(stream, "%zu", &count) != 1)
		count = 0;
	fclose(stream);
	return count;
}

int hugepages_short(struct error *error, size_t pages, size_t page_size,
		    int node)
{
	size_t total = pool_count(page_size, node, "nr_hugepages");
	size_t unused = pool_count(page_size, node, "free_hugepages");
	size_t reserved = pool_count(page_size, node, "resv_hugepages");
	char path[PATH_ROOM], where[32] = "";

	unused -= reserved < unused ? reserved : unused;
	if (node >= 0)
		snprintf(where, sizeof(where), " on node %d", node);
	if (unused >= pages)
		return error_set(error, -ENOMEM, "arena: the kernel refuses %zu "
			"hugepages of %zu KiB%s although %zu are free: a "
			"hugetlb cgroup limit, or somebody took them just now; "
			"raise hugetlb.*.max of this cgroup, or try again",
			pages, page_size >> 10, where, unused);
	pool_path(path, page_size, node, "nr_hugepages");
	return error_set(error, -ENOMEM, "arena: %zu hugepages of %zu KiB are "
		"needed%s and %zu are free; as root: echo %zu > %s", pages,
		page_size >> 10, where, unused, total - unused + pages, path);
}
