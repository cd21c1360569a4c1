/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Old kernels, missing libraries, empty nodes: what serves instead, or what the
 * error says.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "pool.h"

START_TEST(an_old_kernel_that_knows_no_noexec_seal_is_enough)
{
	if (!ready(__func__))
		return;
	inject(INJECT_MEMFD, 1, EINVAL);
	ck_assert_int_eq(arena_make(-1, 0), 0);
	ck_assert_int_eq(arena->sealed, 1);
	arena_free(arena);
}
END_TEST

START_TEST(without_hugetlb_memfd_the_error_says_what_to_mount)
{
	if (!ready(__func__))
		return;
	inject_always(INJECT_MEMFD, ENOSYS);
	inject_library(INJECT_NO_MOUNT);
	ck_assert_int_eq(arena_make(-1, 0), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(error.text, "mount -t hugetlbfs -o "
				     "pagesize=2048K"));
}
END_TEST

START_TEST(without_hugetlb_memfd_a_mount_serves_and_is_marked_unsealed)
{
	char directory[] = "/tmp/check-mem-XXXXXX";

	if (geteuid() || unshare(CLONE_NEWNS)) {
		pool_skip(__func__, "mounts hugetlbfs: needs root");
		return;
	}
	if (!ready(__func__))
		return;
	/* Below a chroot "/" is no mount point; the mount is then seen outside
	 * as well until it is taken back. */
	ck_assert(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		  errno == EINVAL);
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(mount("none", directory, "hugetlbfs", 0,
			       "pagesize=2M"), 0);
	inject_always(INJECT_MEMFD, EINVAL);
	ck_assert_msg(!arena_make(-1, 0), "%s", error.text);
	ck_assert_int_eq(arena->sealed, 0);
	ck_assert_int_eq(fcntl(arena->fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_MIGRATION);
	memset(arena->base, 1, arena->size);
	arena_free(arena);
	umount(directory);
	rmdir(directory);
}
END_TEST

START_TEST(small_pages_have_no_fallback)
{
	inject_always(INJECT_MEMFD, ENOSYS);
	ck_assert_int_eq(arena_make(-1, ARENA_SMALL_PAGES), -ENOTSUP);
}
END_TEST

START_TEST(without_libnuma_a_node_is_refused_and_any_node_is_unknown)
{
	if (!ready(__func__))
		return;
	inject_library(INJECT_NO_NUMA);
	ck_assert_int_eq(arena_make(0, 0), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(error.text, "apt-get install libnuma1"));
	ck_assert_int_eq(arena_make(-1, 0), 0);
	ck_assert_int_eq(arena->node, -1);
	arena_free(arena);
}
END_TEST

START_TEST(without_libhugetlbfs_the_error_names_the_package)
{
	inject_library(INJECT_NO_HUGETLBFS);
	ck_assert_int_eq(arena_make(-1, 0), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(error.text, "libhugetlbfs0"));
}
END_TEST

START_TEST(a_kernel_without_hugepages_is_told_from_one_that_has_none_free)
{
	inject_library(INJECT_NO_SIZES);
	ck_assert_int_eq(arena_make(-1, 0), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(error.text, "CONFIG_HUGETLBFS"));
	ck_assert_int_lt(arena_page_sizes((size_t[8]){ 0 }, 8), 0);
}
END_TEST

START_TEST(a_page_on_another_node_is_an_error_where_one_was_asked_for)
{
	if (!ready(__func__))
		return;
	inject_library(INJECT_TWO_NODES);
	ck_assert_int_eq(arena_make(0, 0), -EXDEV);
	ck_assert_ptr_nonnull(strstr(error.text, "page 1 of 4"));
	ck_assert_int_eq(arena_make(-1, 0), 0);
	ck_assert_int_eq(arena->node, -1);
	arena_free(arena);
}
END_TEST

START_TEST(a_node_that_cannot_be_looked_up_or_bound_is_an_error)
{
	if (!ready(__func__))
		return;
	inject_library(INJECT_BLIND_NODES);
	ck_assert_int_eq(arena_make(0, 0), -EPERM);
	ck_assert_int_eq(arena_make(1, 0), -EACCES);
	ck_assert_ptr_nonnull(strstr(error.text, "binding to node 1"));
}
END_TEST

START_TEST(an_empty_pool_of_a_node_names_that_node_in_the_command)
{
	if (!ready(__func__))
		return;
	inject(INJECT_MADVISE, 3, EFAULT);
	inject_always(INJECT_FOPEN, ENOENT);
	ck_assert_int_eq(arena_make(0, 0), -ENOMEM);
	ck_assert_ptr_nonnull(strstr(error.text, "echo 4 > /sys/devices/system/"
		"node/node0/hugepages/hugepages-2048kB/nr_hugepages"));
}
END_TEST

Suite *suite_fallbacks(void)
{
	TCase *tcase = faults_tcase("fallbacks");
	Suite *suite = suite_create("fallbacks");

	tcase_add_test(tcase,
		an_old_kernel_that_knows_no_noexec_seal_is_enough);
	tcase_add_test(tcase,
		without_hugetlb_memfd_the_error_says_what_to_mount);
	tcase_add_test(tcase,
		without_hugetlb_memfd_a_mount_serves_and_is_marked_unsealed);
	tcase_add_test(tcase, small_pages_have_no_fallback);
	tcase_add_test(tcase,
		without_libnuma_a_node_is_refused_and_any_node_is_unknown);
	tcase_add_test(tcase, without_libhugetlbfs_the_error_names_the_package);
	tcase_add_test(tcase,
		a_kernel_without_hugepages_is_told_from_one_that_has_none_free);
	tcase_add_test(tcase,
		a_page_on_another_node_is_an_error_where_one_was_asked_for);
	tcase_add_test(tcase,
		a_node_that_cannot_be_looked_up_or_bound_is_an_error);
	tcase_add_test(tcase,
		an_empty_pool_of_a_node_names_that_node_in_the_command);
	suite_add_tcase(suite, tcase);
	return suite;
}
