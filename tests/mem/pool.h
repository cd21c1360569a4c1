/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hugepages for tests: the pool is raised where this may be done, and given
 * back as it was when the program ends.
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

#define POOL_HUGE ((size_t)2 << 20)
#define POOL_GIANT ((size_t)1 << 30)

/*
 * 1 if @pages are free, or become so when other tests give back what they hold
 * of the machine's; else prints SKIP, @test and the reason and returns 0.
 * The pool goes back at exit of the process that raised it.
 */
int pool_has(const char *test, size_t page_size, size_t pages);
/* Prints SKIP, @test and @reason; returns 0. */
int pool_skip(const char *test, const char *reason);
/* Counts of the kernel's pool: "nr", "free", "resv". */
size_t pool_count(size_t page_size, const char *what);
/* Pages that are free and not promised to anybody. */
size_t pool_unused(size_t page_size);
void pool_set(size_t page_size, size_t total);

#endif
