/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena is whole pages of a size that the kernel has; anything else is
 * refused here, before a page is touched.
 */
#include "geometry.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "mem/hugepages.h"

int arena_page_sizes(size_t *sizes, int room)
{
	return hugepages_sizes(sizes, room);
}

/* The page size that is asked for, or the smallest hugepage. */
static int page_size_choose(struct arena *arena,
			    const struct arena_options *options,
			    struct error *error)
{
	size_t sizes[HUGEPAGES_SIZES];
	int i, count;

	if (options->flags & ARENA_SMALL_PAGES) {
		arena->page_size = (size_t)sysconf(_SC_PAGESIZE);
		return 0;
	}
	count = hugepages_sizes(sizes, HUGEPAGES_SIZES);
	if (count == -ENOPKG)
		return error_set(error, -ENOTSUP, "arena: libhugetlbfs.so.0 is "
			"missing; apt-get install libhugetlbfs0");
	if (count <= 0)
		return error_set(error, -ENOTSUP, "arena: this kernel has no "
			"hugepages (CONFIG_HUGETLBFS)");
	arena->page_size = options->page_size ? options->page_size : sizes[0];
	for (i = 0; i < count; i++)
		if (sizes[i] == arena->page_size)
			return 0;
	return error_set(error, -EINVAL, "arena: this machine has no pages of "
		"%zu KiB; ls /sys/kernel/mm/hugepages shows those that it has",
		arena->page_size >> 10);
}

int geometry_choose(struct arena *arena, const struct arena_options *options,
		    struct error *error)
{
	int rc = page_size_choose(arena, options, error);

	if (rc)
		return rc;
	if (!options->size || options->size > SIZE_MAX / 4)
		return error_set(error, -EINVAL, "arena: a size of %zu bytes "
				 "can't be had", options->size);
	arena->page_shift = (unsigned int)__builtin_ctzl(arena->page_size);
	arena->pages = (options->size - 1) / arena->page_size + 1;
	arena->size = arena->pages << arena->page_shift;
	return 0;
}
