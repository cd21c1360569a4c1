/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arenas of somebody who is not root: each test becomes nobody, for good.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mem/arena.h"
#include "pool.h"

#define PAGES 8
#define NOBODY 65534

static struct arena *arena;
static struct error error;

static void pool_raise_once(void)
{
	pool_has("suite", POOL_HUGE, 128);
}

/* As a login of that user has it: its own /proc, and a small memlock limit. */
static void become_nobody(void)
{
	const struct rlimit memlock = { .rlim_cur = 1 << 20,
					.rlim_max = 1 << 20 };

	ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &memlock), 0);
	ck_assert_int_eq(setresgid(NOBODY, NOBODY, NOBODY), 0);
	ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
}

static int possible(const char *test)
{
	if (geteuid())
		return pool_skip(test, "needs root, to give it up");
	return pool_has(test, POOL_HUGE, PAGES);
}

static int arena_make(unsigned int flags)
{
	const struct arena_options options = {
		.size = PAGES * POOL_HUGE, .node = -1, .flags = flags,
	};

	error.text[0] = 0;
	return arena_new(&options, &arena, &error);
}

START_TEST(beyond_rlimit_memlock_the_error_names_the_limit)
{
	if (!possible(__func__))
		return;
	become_nobody();
	ck_assert_int_eq(arena_make(0), -ENOMEM);
	ck_assert_ptr_nonnull(strstr(error.text, "RLIMIT_MEMLOCK"));
	ck_assert_ptr_nonnull(strstr(error.text, "ulimit -l 16384"));
}
END_TEST

START_TEST(unpinned_goes_on_without_pin_and_frames_are_unknown)
{
	size_t holes = 3;

	if (!possible(__func__))
		return;
	become_nobody();
	ck_assert_msg(arena_make(ARENA_UNPINNED) == 0, "%s", error.text);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_NONE);
	ck_assert_int_eq(arena->frames_known, 0);
	ck_assert_uint_eq(arena->frames[PAGES - 1], 0);
	ck_assert_int_eq(arena_verify(arena, &holes), -ENODATA);
	ck_assert_uint_eq(holes, 0);
	memset(arena->base, 1, arena->size);
	arena_free(arena);
}
END_TEST

START_TEST(small_pages_need_no_privilege_and_no_flag)
{
	if (!possible(__func__))
		return;
	become_nobody();
	ck_assert_msg(arena_make(ARENA_SMALL_PAGES) == 0, "%s", error.text);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_NONE);
	arena_free(arena);
}
END_TEST

START_TEST(who_prepared_before_dropping_root_still_pins_and_sees_frames)
{
	if (!possible(__func__))
		return;
	ck_assert_msg(arena_prepare(&error) == 0, "%s", error.text);
	become_nobody();
	ck_assert_msg(arena_make(0) == 0, "%s", error.text);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_MIGRATION);
	ck_assert_int_eq(arena->frames_known, 1);
	ck_assert_int_eq(arena_verify(arena, NULL), 0);
	arena_free(arena);
}
END_TEST

START_TEST(without_proc_frames_are_unknown_and_the_rest_works)
{
	if (!possible(__func__))
		return;
	/* Not dumpable: /proc/self is root's, as after a daemon's setuid. */
	become_nobody();
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 0), 0);
	ck_assert_msg(arena_make(ARENA_UNPINNED) == 0, "%s", error.text);
	ck_assert_int_eq(arena->frames_known, 0);
	ck_assert_int_eq(arena_verify(arena, NULL), -ENODATA);
	arena_free(arena);
	ck_assert_int_eq(arena_prepare(&error), -EACCES);
	ck_assert_ptr_nonnull(strstr(error.text, "pagemap"));
}
END_TEST

Suite *suite_privilege(void)
{
	Suite *suite = suite_create("privilege");
	TCase *tcase = tcase_create("privilege");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, pool_raise_once, NULL);
	tcase_add_test(tcase, beyond_rlimit_memlock_the_error_names_the_limit);
	tcase_add_test(tcase,
		unpinned_goes_on_without_pin_and_frames_are_unknown);
	tcase_add_test(tcase, small_pages_need_no_privilege_and_no_flag);
	tcase_add_test(tcase,
		who_prepared_before_dropping_root_still_pins_and_sees_frames);
	tcase_add_test(tcase,
		without_proc_frames_are_unknown_and_the_rest_works);
	suite_add_tcase(suite, tcase);
	return suite;
}
