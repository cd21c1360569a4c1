/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames that lie or change, and processes and threads that multiply.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem/lock.h"
#include "pool.h"

START_TEST(an_order_that_others_spoil_is_told_as_it_is)
{
	size_t runs;

	if (!ready(__func__))
		return;
	inject_frames(INJECT_DESCENDING);
	ck_assert_msg(!arena_make(-1, 0), "%s", error.text);
	ck_assert_int_eq(arena->frames_known, 1);
	ck_assert_uint_eq(arena_longest_run(arena->frames, PAGES, POOL_HUGE,
					    &runs), 1);
	ck_assert_uint_eq(runs, PAGES);
	/* Once, in one piece, and not again since it brought nothing. */
	ck_assert_uint_eq(inject_count(INJECT_FALLOCATE), 1);
	arena_free(arena);
}
END_TEST

START_TEST(pages_of_two_nodes_are_ordered_once_and_not_for_ever)
{
	size_t runs;

	if (!ready(__func__))
		return;
	inject_frames(INJECT_HALVES);
	ck_assert_msg(!arena_make(-1, 0), "%s", error.text);
	ck_assert_uint_eq(arena_longest_run(arena->frames, PAGES, POOL_HUGE,
					    &runs), 2);
	ck_assert_uint_eq(runs, 2);
	ck_assert_uint_eq(inject_count(INJECT_FALLOCATE), 1);
	arena_free(arena);
}
END_TEST

static const struct fault orders[] = {
	{ INJECT_FALLOCATE, 1, EIO, -EIO, "in frame order" },
	{ INJECT_MADVISE, 4, EFAULT, -ENOMEM, "hugepages of 2048 KiB" },
	{ INJECT_PREAD, PAGES + 1, EIO, -EIO, "in frame order" },
};

START_TEST(an_order_that_cannot_be_made_is_an_error)
{
	const struct fault *fault = &orders[_i];

	if (!ready(__func__))
		return;
	inject(fault->call, fault->nth, fault->code);
	inject_frames(INJECT_DESCENDING);
	ck_assert_int_eq(arena_make(-1, 0), fault->rc);
	ck_assert_msg(strstr(error.text, fault->text) != NULL, "%s",
		      error.text);
}
END_TEST

START_TEST(a_page_on_the_move_is_neither_a_hole_nor_moved)
{
	size_t holes;

	if (!ready(__func__) || arena_make(-1, 0))
		return;
	inject_frames(INJECT_MIGRATING);
	ck_assert_int_eq(arena_verify(arena, &holes), 0);
	ck_assert_uint_eq(holes, 0);
	inject_none();
	inject(INJECT_PREAD, 2, EIO);
	ck_assert_int_eq(arena_verify(arena, &holes), -EIO);
	arena_free(arena);
}
END_TEST

/* An unpinned frame that is punched would be the next to come back. */
static int pin_holds(void)
{
	if (fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		      POOL_HUGE))
		return 0;
	arena->base[0] = 1;
	return arena_verify(arena, NULL) == 1;
}

START_TEST(a_child_has_its_own_ring_and_leaves_its_parents_pins_alone)
{
	pid_t child;
	int status;

	if (!ready(__func__) || arena_make(-1, 0))
		return;
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		/* Its memory isn't the child's, its descriptors are. */
		arena_free(arena);
		if (arena_make(-1, 0) || arena_verify(arena, NULL))
			_exit(1);
		_exit(pin_holds() ? 0 : 2);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(arena_verify(arena, NULL), 0);
	ck_assert(pin_holds());
	arena_free(arena);
}
END_TEST

static struct lock lock;
static _Atomic int got;

static void *waiter(void *unused)
{
	(void)unused;
	lock_take(&lock);
	atomic_store(&got, 1);
	lock_drop(&lock);
	return NULL;
}

/* A process of one thread takes no lock: this makes it one of two. */
static void *bystander(void *unused)
{
	usleep(200000);
	return unused;
}

START_TEST(a_kernel_without_priority_inheritance_still_excludes)
{
	pthread_t thread, other;

	ck_assert_int_eq(pthread_create(&other, NULL, bystander, NULL), 0);
	inject_always(INJECT_FUTEX, ENOSYS);
	lock_take(&lock);
	ck_assert_int_eq(pthread_create(&thread, NULL, waiter, NULL), 0);
	usleep(20000);
	ck_assert_int_eq(atomic_load(&got), 0);
	lock_drop(&lock);
	pthread_join(thread, NULL);
	pthread_join(other, NULL);
	ck_assert_int_eq(atomic_load(&got), 1);
}
END_TEST

Suite *suite_disorder(void)
{
	TCase *tcase = faults_tcase("disorder");
	Suite *suite = suite_create("disorder");

	tcase_add_test(tcase, an_order_that_others_spoil_is_told_as_it_is);
	tcase_add_test(tcase,
		pages_of_two_nodes_are_ordered_once_and_not_for_ever);
	tcase_add_loop_test(tcase,
		an_order_that_cannot_be_made_is_an_error, 0,
		FAULTS(orders));
	tcase_add_test(tcase, a_page_on_the_move_is_neither_a_hole_nor_moved);
	tcase_add_test(tcase,
		a_child_has_its_own_ring_and_leaves_its_parents_pins_alone);
	tcase_add_test(tcase,
		a_kernel_without_priority_inheritance_still_excludes);
	suite_add_tcase(suite, tcase);
	return suite;
}
