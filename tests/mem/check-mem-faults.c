/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What src/mem does when the kernel or a library says no.
 *
 * The linker wraps the calls (see local.mk); a test arms one of them to fail,
 * or to lie, at its nth use.  What was taken until then must go back: every
 * test ends by counting descriptors and by making an arena that works.
 */
#include "inject.h"
#include "pool.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem/arena.h"
#include "mem/heap.h"
#include "mem/lock.h"
#include "mem/pin.h"
#include "mem/translate.h"

#define PAGES 4

static struct arena *arena;
static struct error error;

static int arena_make(int node, unsigned int flags)
{
	const struct arena_options options = {
		.size = PAGES * POOL_HUGE, .node = node, .flags = flags,
	};

	error.text[0] = 0;
	return arena_new(&options, &arena, &error);
}

static unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* Pagemap and ring stay open: they are the process's. */
static int ready(const char *test)
{
	if (!pool_has(test, POOL_HUGE, 2 * PAGES))
		return 0;
	ck_assert_msg(!arena_prepare(&error), "%s", error.text);
	return 1;
}

static void pool_raise_once(void)
{
	pool_has("faults", POOL_HUGE, 32);
}

static void setup(void)
{
	inject_none();
}

static const struct fault {
	enum inject call;
	unsigned int nth;
	int code;		/* errno that the call fails with */
	int rc;			/* what arena_new() says */
	const char *text;	/* what the error must contain */
} faults[] = {
	{ INJECT_MEMFD, 1, EMFILE, -EMFILE, "memfd_create" },
	{ INJECT_FCHMOD, 1, EPERM, -EPERM, "fchmod" },
	{ INJECT_FTRUNCATE, 1, EFBIG, -EFBIG, "a file of 8 MiB" },
	{ INJECT_MMAP, 1, ENOMEM, -ENOMEM, "hugetlb cgroup limit" },
	{ INJECT_MMAP, 1, EACCES, -EACCES, "mmap of 8 MiB" },
	{ INJECT_MADVISE, 1, EINVAL, -EINVAL, "madvise" },
	{ INJECT_MADVISE, 2, EINVAL, -EINVAL, "madvise" },
	{ INJECT_MADVISE, 3, EFAULT, -ENOMEM, "hugepages of 2048 KiB" },
	{ INJECT_MADVISE, 3, EINVAL, -ENOTSUP, "Linux 5.14" },
	{ INJECT_MADVISE, 3, EHWPOISON, -EHWPOISON, "faulting 4 pages" },
	{ INJECT_PREAD, 1, EIO, -EIO, "reading /proc/self/pagemap" },
	{ INJECT_PREAD, 3, INJECT_SHORT, -EIO, "reading /proc/self/pagemap" },
	{ INJECT_FCNTL, 2, EBUSY, -EBUSY, "sealing" },
	{ INJECT_REGISTER, 1, ENOMEM, -ENOMEM, "RLIMIT_MEMLOCK" },
	{ INJECT_REGISTER, 1, EOPNOTSUPP, -EOPNOTSUPP, "can't register" },
};

START_TEST(each_refusal_of_the_kernel_is_reported_and_nothing_is_kept)
{
	const struct fault *fault = &faults[_i];
	unsigned int before;

	if (!ready(__func__))
		return;
	before = descriptors();
	inject(fault->call, fault->nth, fault->code);
	ck_assert_int_eq(arena_make(-1, 0), fault->rc);
	ck_assert_msg(strstr(error.text, fault->text) != NULL, "%s",
		      error.text);
	ck_assert_uint_eq(descriptors(), before);
	inject_none();
	ck_assert_msg(!arena_make(-1, 0), "%s", error.text);
	arena_free(arena);
}
END_TEST

START_TEST(without_memory_every_allocation_that_fails_is_enomem)
{
	unsigned int nth;
	int rc = -1;

	if (!ready(__func__))
		return;
	for (nth = 1; nth < 20 && rc; nth++) {
		inject(INJECT_CALLOC, nth, ENOMEM);
		rc = arena_make(-1, 0);
		if (rc)
			ck_assert_int_eq(rc, -ENOMEM);
	}
	inject_none();
	ck_assert_uint_gt(nth, 6);
	ck_assert_int_eq(rc, 0);
	arena_free(arena);
}
END_TEST

START_TEST(heap_and_translation_without_memory_are_enomem)
{
	const uint64_t bus[2] = { 0 };
	struct translate translate;
	struct heap *heap;

	inject(INJECT_CALLOC, 1, ENOMEM);
	ck_assert_int_eq(heap_new(1 << 20, &heap), -ENOMEM);
	inject(INJECT_MALLOC, 1, ENOMEM);
	ck_assert_int_eq(heap_new(1 << 20, &heap), -ENOMEM);
	inject(INJECT_CALLOC, 2, ENOMEM);
	ck_assert_int_eq(translate_init(&translate, bus, 2, 12), -ENOMEM);
	ck_assert_uint_eq(translate_bus(&translate, 0, NULL), TRANSLATE_NONE);
}
END_TEST

static const struct fault rings[] = {
	{ INJECT_RING, 1, ENOSYS, -ENOTSUP, "no io_uring" },
	{ INJECT_RING, 1, EPERM, -EPERM, "io_uring_disabled" },
	{ INJECT_RING, 1, EMFILE, -EMFILE, "no io_uring" },
	{ INJECT_SPARSE, 1, EINVAL, -ENOTSUP, "Linux 5.19" },
	{ INJECT_SPARSE, 1, ENOMEM, -ENOMEM, "no sparse" },
};

START_TEST(no_ring_is_an_error_unless_unpinned_is_allowed)
{
	const struct fault *fault = &rings[_i];

	if (!pool_has(__func__, POOL_HUGE, PAGES))
		return;
	inject(fault->call, fault->nth, fault->code);
	ck_assert_int_eq(arena_prepare(&error), fault->rc);
	ck_assert_ptr_nonnull(strstr(error.text, fault->text));
	inject(fault->call, fault->nth, fault->code);
	ck_assert_int_eq(arena_make(-1, 0), fault->rc);
	ck_assert_ptr_nonnull(strstr(error.text, fault->text));
	inject(fault->call, fault->nth, fault->code);
	ck_assert_int_eq(arena_make(-1, ARENA_UNPINNED), 0);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_NONE);
	arena_free(arena);
	ck_assert_int_eq(arena_make(-1, 0), 0);
	ck_assert_int_eq(arena->pin, PLXDMA_PIN_MIGRATION);
	arena_free(arena);
}
END_TEST

START_TEST(a_pin_that_fails_halfway_gives_its_slots_back)
{
	const size_t gib = (size_t)1 << 30;
	char *nowhere = NULL;
	struct pin *pin;

	inject_lie(INJECT_REGISTER);
	/* Each of these fails at its third GiB; 600 times three are more than
	 * there are slots. */
	for (int i = 0; i < 600; i++) {
		inject(INJECT_REGISTER, 3, EFAULT);
		ck_assert_int_eq(pin_new(nowhere, 4 * gib, &pin, &error),
				 -EFAULT);
	}
	inject_lie(INJECT_REGISTER);
	ck_assert_int_eq(pin_new(nowhere, 1025 * gib, &pin, &error), -ENOSPC);
	ck_assert_int_eq(pin_new(nowhere, 1024 * gib, &pin, &error), 0);
	pin_free(pin);
	pin_free(NULL);
}
END_TEST

/* Linux 6.1 unpins up to a second late. */
START_TEST(on_a_kernel_that_unpins_late_an_arena_waits_for_its_pages)
{
	if (!ready(__func__) || arena_make(-1, 0))
		return;
	arena_free(arena);
	inject_always(INJECT_MMAP, ENOMEM);
	ck_assert_int_eq(arena_make(-1, 0), -ENOMEM);
	ck_assert_uint_eq(inject_count(INJECT_MMAP), 1);
	inject_kernel("6.1.0-18-amd64");
	inject(INJECT_MMAP, 1, ENOMEM);
	ck_assert_int_eq(arena_make(-1, 0), 0);
	arena_free(arena);
	inject_always(INJECT_MMAP, ENOMEM);
	ck_assert_int_eq(arena_make(-1, 0), -ENOMEM);
	ck_assert_uint_gt(inject_count(INJECT_MMAP), 10);
	ck_assert_uint_lt(inject_count(INJECT_MMAP), 100);
}
END_TEST

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
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL),
			 0);
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

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

int main(void)
{
	Suite *suite = suite_create("faults");
	TCase *tcase = tcase_create("faults");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, pool_raise_once, NULL);
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase,
		each_refusal_of_the_kernel_is_reported_and_nothing_is_kept, 0,
		COUNT(faults));
	tcase_add_test(tcase,
		without_memory_every_allocation_that_fails_is_enomem);
	tcase_add_test(tcase, heap_and_translation_without_memory_are_enomem);
	tcase_add_loop_test(tcase,
		no_ring_is_an_error_unless_unpinned_is_allowed, 0,
		COUNT(rings));
	tcase_add_test(tcase, a_pin_that_fails_halfway_gives_its_slots_back);
	tcase_add_test(tcase,
		on_a_kernel_that_unpins_late_an_arena_waits_for_its_pages);
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
	tcase_add_test(tcase,
	    an_order_that_others_spoil_is_told_as_it_is);
	tcase_add_test(tcase,
		pages_of_two_nodes_are_ordered_once_and_not_for_ever);
	tcase_add_loop_test(tcase, an_order_that_cannot_be_made_is_an_error, 0,
			    COUNT(orders));
	tcase_add_test(tcase, a_page_on_the_move_is_neither_a_hole_nor_moved);
	tcase_add_test(tcase,
		a_child_has_its_own_ring_and_leaves_its_parents_pins_alone);
	tcase_add_test(tcase,
		a_kernel_without_priority_inheritance_still_excludes);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
