/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an arena is: hugepages in a file that nobody else can change, open or
 * keep, and an error that says what to type where it can't be had.
 */
#include "suites.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem/arena.h"
#include "pool.h"

#define PAGES 8

static struct arena *arena;
static struct error error;

static void pool_raise_once(void)
{
	pool_has("suite", POOL_HUGE, 128);
}

static int arena_make(size_t pages, unsigned int flags)
{
	const struct arena_options options = {
		.size = pages * POOL_HUGE, .node = -1, .flags = flags,
	};

	return arena_new(&options, &arena, &error);
}

static int arena_of(const char *test, size_t pages)
{
	if (!pool_has(test, POOL_HUGE, pages))
		return 0;
	ck_assert_msg(arena_make(pages, 0) == 0, "%s", error.text);
	return 1;
}

START_TEST(an_arena_is_as_large_as_asked_for_in_whole_hugepages)
{
	const struct arena_options options = {
		.size = 3 * POOL_HUGE - 5, .node = -1,
	};

	if (!pool_has(__func__, POOL_HUGE, 3))
		return;
	ck_assert_msg(!arena_new(&options, &arena, &error), "%s", error.text);
	ck_assert_uint_eq(arena->page_size, POOL_HUGE);
	ck_assert_uint_eq(arena->pages, 3);
	ck_assert_uint_eq(arena->size, 3 * POOL_HUGE);
	ck_assert_uint_eq(1u << arena->page_shift, POOL_HUGE);
	memset(arena->base, 0x5a, arena->size);
	ck_assert_int_eq(arena->base[arena->size - 1], 0x5a);
	arena_free(arena);
}
END_TEST

START_TEST(an_arena_is_zeroed)
{
	if (!arena_of(__func__, PAGES))
		return;
	ck_assert_int_eq(arena->base[0], 0);
	ck_assert_int_eq(memcmp(arena->base, arena->base + 1, arena->size - 1),
			 0);
	arena_free(arena);
}
END_TEST

START_TEST(its_file_is_its_owners_and_cannot_grow_nor_be_sealed_further)
{
	struct stat status;

	if (!arena_of(__func__, PAGES))
		return;
	ck_assert_int_eq(fstat(arena->fd, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_int_eq(status.st_size, PAGES * POOL_HUGE);
	ck_assert_int_eq(fcntl(arena->fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(arena->sealed, 1);
	ck_assert_int_eq(fcntl(arena->fd, F_GET_SEALS) &
			 (F_SEAL_GROW | F_SEAL_SEAL | F_SEAL_SHRINK),
			 F_SEAL_GROW | F_SEAL_SEAL);
	ck_assert_int_eq(ftruncate(arena->fd, (off_t)(16 * POOL_HUGE)), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(fcntl(arena->fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	arena_free(arena);
}
END_TEST

static int vm_flag(const void *address, const char *flag)
{
	char line[512], range[32];
	int inside = 0, found = 0;
	FILE *maps = fopen("/proc/self/smaps", "re");

	ck_assert_ptr_nonnull(maps);
	snprintf(range, sizeof(range), "%lx-", (unsigned long)address);
	while (fgets(line, sizeof(line), maps)) {
		if (!strncmp(line, range, strlen(range)))
			inside = 1;
		if (inside && !strncmp(line, "VmFlags:", 8)) {
			found = strstr(line, flag) != NULL;
			break;
		}
	}
	fclose(maps);
	return found;
}

START_TEST(it_is_in_no_core_dump_and_in_no_child)
{
	unsigned char present;
	pid_t child;
	int status;

	if (!arena_of(__func__, 1))
		return;
	ck_assert(vm_flag(arena->base, " dd"));
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		_exit(mincore(arena->base, 4096, &present) && errno == ENOMEM
		      ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	arena_free(arena);
}
END_TEST

static unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	ck_assert_ptr_nonnull(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

START_TEST(what_it_took_goes_back)
{
	unsigned int i, before = 0;

	for (i = 0; i < 6; i++) {
		if (!arena_of(__func__, PAGES))
			return;
		if (i & 1)
			arena_free(arena);
		else
			arena_destroy(arena);
		/* The first one opens what the process keeps. */
		if (!i)
			before = descriptors();
	}
	ck_assert_uint_eq(descriptors(), before);
	arena_free(NULL);
	arena_destroy(NULL);
}
END_TEST

START_TEST(who_holds_the_file_keeps_pages_that_were_freed_but_not_destroyed)
{
	struct stat status;
	int file;

	if (!arena_of(__func__, 1))
		return;
	file = dup(arena->fd);
	arena_free(arena);
	ck_assert_int_eq(fstat(file, &status), 0);
	ck_assert_int_eq(status.st_size, POOL_HUGE);
	ck_assert_int_eq(status.st_blocks, POOL_HUGE / 512);
	close(file);

	ck_assert(arena_of(__func__, 1));
	file = dup(arena->fd);
	arena_destroy(arena);
	ck_assert_int_eq(fstat(file, &status), 0);
	ck_assert_int_eq(status.st_size, 0);
	ck_assert_int_eq(status.st_blocks, 0);
	close(file);
}
END_TEST

/* The command that the error's text gives: what follows "as root: ". */
static const char *remedy(void)
{
	const char *at = strstr(error.text, "as root: ");

	ck_assert_msg(at != NULL, "no remedy in: %s", error.text);
	return at + strlen("as root: ");
}

/* Does the command of the error give as many free pages as were missing? More
 * than all of the machine's are asked for, whatever others give back. */
static int remedy_mends(void)
{
	size_t former = pool_count(POOL_HUGE, "nr");
	size_t wanted = former + 4, unused;

	ck_assert_int_eq(arena_make(wanted, 0), -ENOMEM);
	ck_assert_int_eq(system(remedy()), 0);
	unused = pool_unused(POOL_HUGE);
	if (pool_count(POOL_HUGE, "nr") > former)
		pool_set(POOL_HUGE, former);
	return unused == wanted;
}

START_TEST(too_few_hugepages_are_an_error_whose_command_mends_it)
{
	int attempt, mends = 0;

	if (geteuid()) {
		pool_skip(__func__, "changes the pool: needs root");
		return;
	}
	/* Other tests may take or give back pages meanwhile. */
	for (attempt = 0; attempt < 200 && !mends; attempt++) {
		usleep(20000 * (attempt > 0));
		mends = remedy_mends();
	}
	ck_assert(mends);
}
END_TEST

START_TEST(a_size_or_page_size_that_cannot_be_is_refused)
{
	static const struct arena_options cases[] = {
		{ .size = 0, .node = -1 },
		{ .size = SIZE_MAX, .node = -1 },
		{ .size = 1 << 20, .page_size = 4096, .node = -1 },
		{ .size = 1 << 20, .page_size = 3 << 20, .node = -1 },
		{ .size = 0, .node = -1, .flags = ARENA_SMALL_PAGES },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		error.text[0] = 0;
		ck_assert_int_eq(arena_new(&cases[i], &arena, &error),
				 -EINVAL);
		ck_assert_str_ne(error.text, "");
		ck_assert_int_eq(arena_new(&cases[i], &arena, NULL), -EINVAL);
	}
}
END_TEST

START_TEST(its_pages_lie_on_the_node_that_was_asked_for)
{
	struct arena_options options = { .size = POOL_HUGE };

	if (!pool_has(__func__, POOL_HUGE, 1))
		return;
	ck_assert_msg(!arena_new(&options, &arena, &error), "%s", error.text);
	ck_assert_int_eq(arena->node, 0);
	arena_free(arena);
	options.node = 1023;
	ck_assert_int_eq(arena_new(&options, &arena, &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "node 1023"));
	options.node = 5000;
	ck_assert_int_eq(arena_new(&options, &arena, &error), -EINVAL);
}
END_TEST

START_TEST(page_sizes_are_the_kernels_in_ascending_order)
{
	size_t sizes[8], one;
	int i, count = arena_page_sizes(sizes, 8);
	char path[96];

	ck_assert_int_ge(count, 1);
	for (i = 0; i < count; i++) {
		ck_assert(!i || sizes[i - 1] < sizes[i]);
		snprintf(path, sizeof(path),
			 "/sys/kernel/mm/hugepages/hugepages-%zukB",
			 sizes[i] >> 10);
		ck_assert_int_eq(access(path, F_OK), 0);
	}
	ck_assert_int_eq(arena_page_sizes(&one, 1), 1);
	ck_assert_uint_eq(one, sizes[0]);
}
END_TEST

START_TEST(small_pages_are_taken_only_when_asked_for)
{
	const struct arena_options options = {
		.size = 10000, .node = -1, .flags = ARENA_SMALL_PAGES,
	};

	ck_assert_msg(!arena_new(&options, &arena, &error), "%s", error.text);
	ck_assert_uint_eq(arena->page_size, 4096);
	ck_assert_uint_eq(arena->pages, 3);
	ck_assert_int_eq(arena->sealed, 1);
	memset(arena->base, 1, arena->size);
	ck_assert_int_le(arena_verify(arena, NULL), 0);
	arena_free(arena);
}
END_TEST

START_TEST(a_page_of_1_gib_works_like_others)
{
	const struct arena_options options = {
		.size = 1, .page_size = POOL_GIANT, .node = -1,
	};

	if (!pool_has(__func__, POOL_GIANT, 1))
		return;
	ck_assert_msg(!arena_new(&options, &arena, &error), "%s", error.text);
	ck_assert_uint_eq(arena->pages, 1);
	ck_assert_uint_eq(arena->size, POOL_GIANT);
	arena->base[POOL_GIANT - 1] = 1;
	arena_free(arena);
}
END_TEST

Suite *suite_arena(void)
{
	Suite *suite = suite_create("arena");
	TCase *tcase = tcase_create("arena");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, pool_raise_once, NULL);
	tcase_add_test(tcase,
		an_arena_is_as_large_as_asked_for_in_whole_hugepages);
	tcase_add_test(tcase, an_arena_is_zeroed);
	tcase_add_test(tcase,
		its_file_is_its_owners_and_cannot_grow_nor_be_sealed_further);
	tcase_add_test(tcase, it_is_in_no_core_dump_and_in_no_child);
	tcase_add_test(tcase, what_it_took_goes_back);
	tcase_add_test(tcase,
	    who_holds_the_file_keeps_pages_that_were_freed_but_not_destroyed);
	tcase_add_test(tcase,
		too_few_hugepages_are_an_error_whose_command_mends_it);
	tcase_add_test(tcase, a_size_or_page_size_that_cannot_be_is_refused);
	tcase_add_test(tcase, its_pages_lie_on_the_node_that_was_asked_for);
	tcase_add_test(tcase, page_sizes_are_the_kernels_in_ascending_order);
	tcase_add_test(tcase, small_pages_are_taken_only_when_asked_for);
	tcase_add_test(tcase, a_page_of_1_gib_works_like_others);
	suite_add_tcase(suite, tcase);
	return suite;
}
