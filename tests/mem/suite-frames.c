/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames: read here by code of the test's own, so that an arena that is wrong
 * about its frames does not agree with itself.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem/arena.h"
#include "pool.h"

#define PAGES 64

static struct arena *arena;
static struct error error;

static void pool_raise_once(void)
{
	pool_has("suite", POOL_HUGE, 2 * PAGES);
}

static uint64_t frame_at(const char *address)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;
	off_t at = (off_t)((uintptr_t)address / 4096 * 8);

	ck_assert_int_ge(pagemap, 0);
	ck_assert_int_eq(pread(pagemap, &entry, 8, at), 8);
	close(pagemap);
	ck_assert_uint_ne(entry >> 63, 0);
	return (entry & 0x7fffffffffffff) * 4096;
}

static int is_in(const uint64_t *set, size_t count, uint64_t frame)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (set[i] == frame)
			return 1;
	return 0;
}

/* Longest run that a set contains, whatever its order: walk up from each. */
static size_t longest_of_set(const uint64_t *set, size_t count, size_t page)
{
	size_t i, length, longest = 0;

	for (i = 0; i < count; i++) {
		length = 1;
		while (is_in(set, count, set[i] + length * page))
			length++;
		if (length > longest)
			longest = length;
	}
	return longest;
}

/*
 * Brings disorder into the kernel's list of free pages: takes @pages and
 * gives them back one by one, in an order that is no order.
 */
static void pool_shuffle(size_t pages)
{
	int file = memfd_create("shuffle", MFD_HUGETLB | MFD_CLOEXEC);
	size_t i, size = pages * POOL_HUGE;
	char *base;

	ck_assert_int_eq(ftruncate(file, (off_t)size), 0);
	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	ck_assert(base != MAP_FAILED);
	ck_assert_int_eq(madvise(base, size, MADV_POPULATE_WRITE), 0);
	for (i = 0; i < pages; i++)
		ck_assert_int_eq(fallocate(file, FALLOC_FL_PUNCH_HOLE |
					   FALLOC_FL_KEEP_SIZE,
					   (off_t)(i * 37 % pages * POOL_HUGE),
					   (off_t)POOL_HUGE), 0);
	munmap(base, size);
	close(file);
}

static int arena_make(const char *test, unsigned int flags)
{
	const struct arena_options options = {
		.size = PAGES * POOL_HUGE, .node = -1, .flags = flags,
	};

	if (geteuid())
		return pool_skip(test, "frames are root's to see");
	if (!pool_has(test, POOL_HUGE, PAGES))
		return 0;
	pool_shuffle(PAGES);
	ck_assert_msg(!arena_new(&options, &arena, &error), "%s", error.text);
	ck_assert_int_eq(arena->frames_known, 1);
	return 1;
}

START_TEST(frames_are_what_pagemap_says_in_file_order)
{
	uint64_t frames[PAGES];
	char *again;
	size_t i;

	if (!arena_make(__func__, 0))
		return;
	again = mmap(NULL, arena->size, PROT_READ, MAP_SHARED | MAP_POPULATE,
		     arena->fd, 0);
	ck_assert(again != MAP_FAILED);
	for (i = 0; i < PAGES; i++) {
		frames[i] = frame_at(again + i * POOL_HUGE);
		ck_assert_uint_eq(frame_at(arena->base + i * POOL_HUGE),
				  frames[i]);
		ck_assert_uint_eq(arena->frames[i], frames[i]);
	}
	munmap(again, arena->size);
	arena_destroy(arena);
}
END_TEST

/* Others may take hugepages meanwhile: that spoils the order, three times. */
START_TEST(runs_are_as_long_as_the_set_of_frames_contains)
{
	size_t longest = 0, contained = 1, runs, attempt;

	for (attempt = 0; attempt < 20 && longest != contained; attempt++) {
		if (!arena_make(__func__, 0))
			return;
		longest = arena_longest_run(arena->frames, PAGES, POOL_HUGE,
					    &runs);
		contained = longest_of_set(arena->frames, PAGES, POOL_HUGE);
		arena_destroy(arena);
	}
	ck_assert_uint_eq(longest, contained);
}
END_TEST

/* Others may take pages meanwhile, so one of a few attempts has to do it. */
START_TEST(pages_of_a_destroyed_arena_come_back_in_order)
{
	size_t page, ascending = 0, attempt;
	char *base;
	int file;

	for (attempt = 0; attempt < 40 && ascending != PAGES - 1; attempt++) {
		if (!arena_make(__func__, 0))
			return;
		arena_destroy(arena);
		file = memfd_create("next", MFD_HUGETLB | MFD_CLOEXEC);
		ck_assert_int_eq(ftruncate(file, PAGES * POOL_HUGE), 0);
		base = mmap(NULL, PAGES * POOL_HUGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_POPULATE, file, 0);
		ck_assert(base != MAP_FAILED);
		ascending = 0;
		for (page = 1; page < PAGES; page++)
			ascending += frame_at(base + page * POOL_HUGE) >
				     frame_at(base + (page - 1) * POOL_HUGE);
		munmap(base, PAGES * POOL_HUGE);
		close(file);
	}
	ck_assert_uint_eq(ascending, PAGES - 1);
}
END_TEST

START_TEST(frames_that_stay_are_verified_and_no_hole_is_seen)
{
	size_t holes = 7;

	if (!arena_make(__func__, 0))
		return;
	ck_assert_int_eq(arena_verify(arena, &holes), 0);
	ck_assert_uint_eq(holes, 0);
	arena_destroy(arena);
}
END_TEST

static void page_punch(size_t page)
{
	ck_assert_int_eq(fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE |
				   FALLOC_FL_KEEP_SIZE,
				   (off_t)(page * POOL_HUGE),
				   (off_t)POOL_HUGE), 0);
}

START_TEST(a_page_that_was_punched_is_a_hole_and_not_moved)
{
	size_t holes;

	if (!arena_make(__func__, 0))
		return;
	page_punch(5);
	page_punch(9);
	ck_assert_int_eq(arena_verify(arena, &holes), 0);
	ck_assert_uint_eq(holes, 2);
	ck_assert_uint_eq(arena->quarantine[5], 0);
	ck_assert_int_eq(arena_verify(arena, NULL), 0);
	arena_destroy(arena);
}
END_TEST

/* A page of the file under another: what a migration looks like. */
START_TEST(a_frame_that_changed_is_quarantined_and_counted_once)
{
	char *page;

	if (!arena_make(__func__, ARENA_UNPINNED))
		return;
	page = arena->base + 7 * POOL_HUGE;
	ck_assert(mmap(page, POOL_HUGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_FIXED | MAP_POPULATE, arena->fd,
		       (off_t)(11 * POOL_HUGE)) == page);
	ck_assert_int_eq(arena_verify_pages(arena, 0, 6), 0);
	ck_assert_uint_eq(arena_moved(arena), 0);
	ck_assert_int_eq(arena_verify_pages(arena, 6, 8), 1);
	ck_assert_int_eq(arena_verify(arena, NULL), 1);
	ck_assert_int_eq(arena_verify(arena, NULL), 1);
	ck_assert_uint_eq(arena_moved(arena), 1);
	ck_assert_uint_eq(arena->quarantine[7], 1);
	ck_assert_uint_eq(arena->quarantine[11], 0);
	arena_destroy(arena);
}
END_TEST

/* The kernel's free list is last-in-first-out: an unpinned frame would be the
 * next to come. */
START_TEST(a_pinned_frame_is_not_given_to_anybody_even_if_it_is_punched)
{
	uint64_t former;
	size_t page;

	if (!arena_make(__func__, 0))
		return;
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_MIGRATION);
	for (page = 0; page < 4; page++) {
		if (!pool_has(__func__, POOL_HUGE, 1))
			break;
		former = arena->frames[page];
		page_punch(page);
		arena->base[page * POOL_HUGE] = 1;
		ck_assert_uint_ne(frame_at(arena->base + page * POOL_HUGE),
				  former);
		ck_assert_int_eq(arena_verify(arena, NULL), (int)page + 1);
	}
	arena_destroy(arena);
}
END_TEST

START_TEST(unpinned_pages_are_named_so)
{
	if (!arena_make(__func__, ARENA_UNPINNED))
		return;
	/* It is a leave to go on without, not a wish. */
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_MIGRATION);
	arena_destroy(arena);
}
END_TEST

START_TEST(many_arenas_are_pinned_at_once_and_in_any_order_given_back)
{
	const struct arena_options options = {
		.size = 2 * POOL_HUGE, .node = -1,
	};
	struct arena *many[12];
	size_t i;

	if (!pool_has(__func__, POOL_HUGE, 24))
		return;
	for (i = 0; i < 12; i++)
		ck_assert_msg(!arena_new(&options, &many[i], &error), "%s",
			      error.text);
	for (i = 0; i < 12; i++)
		arena_free(many[i * 5 % 12]);
	ck_assert_msg(!arena_new(&options, &many[0], &error), "%s",
		      error.text);
	arena_free(many[0]);
}
END_TEST

Suite *suite_frames(void)
{
	Suite *suite = suite_create("frames");
	TCase *tcase = tcase_create("frames");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, pool_raise_once, NULL);
	tcase_add_test(tcase, frames_are_what_pagemap_says_in_file_order);
	tcase_add_test(tcase, runs_are_as_long_as_the_set_of_frames_contains);
	tcase_add_test(tcase, pages_of_a_destroyed_arena_come_back_in_order);
	tcase_add_test(tcase,
		frames_that_stay_are_verified_and_no_hole_is_seen);
	tcase_add_test(tcase, a_page_that_was_punched_is_a_hole_and_not_moved);
	tcase_add_test(tcase,
		a_frame_that_changed_is_quarantined_and_counted_once);
	tcase_add_test(tcase,
	    a_pinned_frame_is_not_given_to_anybody_even_if_it_is_punched);
	tcase_add_test(tcase, unpinned_pages_are_named_so);
	tcase_add_test(tcase,
	    many_arenas_are_pinned_at_once_and_in_any_order_given_back);
	suite_add_tcase(suite, tcase);
	return suite;
}
