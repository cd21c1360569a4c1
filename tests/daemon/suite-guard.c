/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The copy that survives a hole, in any thread, and only that.
 */
#include "suites.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error/guard.h"

#define PAGE 4096

static char *pages;	/* two, of which the second is not there */

static void set_up(void)
{
	int fd = memfd_create("holed", MFD_CLOEXEC);

	ck_assert_int_eq(guard_install(), 0);
	ck_assert_int_eq(ftruncate(fd, PAGE), 0);
	pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		     0);
	ck_assert_ptr_ne(pages, MAP_FAILED);
	close(fd);
}

static void tear_down(void)
{
	munmap(pages, 2 * PAGE);
}

START_TEST(copy_copies)
{
	char text[] = "0123456789";

	ck_assert_int_eq(guard_copy(pages, text, sizeof(text)), 0);
	ck_assert_str_eq(pages, text);
	ck_assert_int_eq(guard_copy(pages, text, 0), 0);
}
END_TEST

#ifndef __SANITIZE_THREAD__
START_TEST(hole_on_either_side_is_an_error_again_and_again)
{
	char bytes[64] = { 0 };

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(guard_copy(pages + PAGE, bytes, 64), -EFAULT);
		ck_assert_int_eq(guard_copy(bytes, pages + PAGE, 64), -EFAULT);
		ck_assert_int_eq(guard_copy(pages + PAGE - 8, bytes, 64),
				 -EFAULT);
		ck_assert_int_eq(guard_copy(bytes, pages, 64), 0);
	}
}
END_TEST

static void *many_faults(void *result)
{
	char bytes[64] = { 0 };

	for (int i = 0; i < 2000; i++) {
		if (guard_copy(bytes, pages + PAGE, 64) != -EFAULT ||
		    guard_copy(bytes, pages, 64))
			return NULL;
	}
	return result;
}

START_TEST(threads_fault_at_once)
{
	pthread_t threads[4];
	int marks[4];
	void *result;

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, many_faults,
						&marks[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		ck_assert_ptr_eq(result, &marks[i]);
	}
}
END_TEST
#endif

START_TEST(fault_of_anybody_else_kills)
{
	*(volatile char *)(pages + PAGE) = 1;
}
END_TEST

START_TEST(fault_after_a_caught_one_kills)
{
	char bytes[64] = { 0 };

	guard_copy(bytes, pages + PAGE, 64);
	*(volatile char *)(pages + PAGE) = 1;
}
END_TEST

Suite *guard_suite(void)
{
	Suite *suite = suite_create("guard");
	TCase *tcase = tcase_create("guard");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, copy_copies);
#ifndef __SANITIZE_THREAD__ /* whose memcpy() keeps the signal from us */
	tcase_add_test(tcase, hole_on_either_side_is_an_error_again_and_again);
	tcase_add_test(tcase, threads_fault_at_once);
#endif
	tcase_add_test_raise_signal(tcase, fault_of_anybody_else_kills, SIGBUS);
	tcase_add_test_raise_signal(tcase, fault_after_a_caught_one_kills,
				    SIGBUS);
	suite_add_tcase(suite, tcase);
	return suite;
}
