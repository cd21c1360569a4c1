/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only the process that raised the pool gives it back, and only if nobody has
 * changed it since: other tests may run beside this one.
 */
#include "pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct raised {
	size_t page_size, former, now;
	pid_t owner;
};

static struct raised raised[2];

static void path_of(char path[128], size_t page_size, const char *what)
{
	snprintf(path, 128,
		 "/sys/kernel/mm/hugepages/hugepages-%zukB/%s_hugepages",
		 page_size >> 10, what);
}

size_t pool_count(size_t page_size, const char *what)
{
	char path[128];
	size_t count = 0;
	FILE *stream;

	path_of(path, page_size, what);
	stream = fopen(path, "re");
	if (!stream)
		return 0;
	if (fscanf(stream, "%zu", &count) != 1)
		count = 0;
	fclose(stream);
	return count;
}

void pool_set(size_t page_size, size_t total)
{
	char path[128];
	FILE *stream;

	path_of(path, page_size, "nr");
	stream = fopen(path, "we");
	if (!stream)
		return;
	fprintf(stream, "%zu\n", total);
	fclose(stream);
}

static void pool_back(void)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!raised[i].now || raised[i].owner != getpid())
			continue;
		if (pool_count(raised[i].page_size, "nr") == raised[i].now)
			pool_set(raised[i].page_size, raised[i].former);
	}
}

static void pool_raise(size_t page_size, size_t by)
{
	struct raised *entry = &raised[page_size == POOL_GIANT];
	size_t former = pool_count(page_size, "nr");

	if (!entry->now) {
		*entry = (struct raised){ .page_size = page_size,
					  .former = former,
					  .owner = getpid() };
		atexit(pool_back);
	}
	pool_set(page_size, former + by);
	entry->now = pool_count(page_size, "nr");
}

int pool_skip(const char *test, const char *reason)
{
	printf("SKIP %s: %s\n", test, reason);
	fflush(stdout);
	return 0;
}

size_t pool_unused(size_t page_size)
{
	size_t unused = pool_count(page_size, "free");
	size_t reserved = pool_count(page_size, "resv");

	return unused > reserved ? unused - reserved : 0;
}

/* Other tests have them for a while. */
static void pool_wait(size_t page_size, size_t pages)
{
	unsigned int i;

	if (pool_count(page_size, "nr") < pages)
		return;
	for (i = 0; i < 1000 && pool_unused(page_size) < pages; i++)
		usleep(50000);
}

int pool_has(const char *test, size_t page_size, size_t pages)
{
	size_t unused = pool_unused(page_size);

	if (unused < pages && !geteuid())
		pool_raise(page_size, pages - unused);
	pool_wait(page_size, pages);
	if (pool_unused(page_size) >= pages)
		return 1;
	return pool_skip(test, geteuid() ? "needs hugepages, and root to "
			 "raise their number" : "this machine gives no more "
			 "hugepages");
}
