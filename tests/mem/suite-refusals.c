/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Refusals of the kernel: each is reported, and nothing is kept.
 */
#include "faults.h"

#include <errno.h>
#include <string.h>

#include "mem/heap.h"
#include "mem/pin.h"
#include "mem/translate.h"
#include "pool.h"

static const struct fault faults[] = {
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

Suite *suite_refusals(void)
{
	TCase *tcase = faults_tcase("refusals");
	Suite *suite = suite_create("refusals");

	tcase_add_loop_test(tcase,
		each_refusal_of_the_kernel_is_reported_and_nothing_is_kept, 0,
		FAULTS(faults));
	tcase_add_test(tcase,
		without_memory_every_allocation_that_fails_is_enomem);
	tcase_add_test(tcase, heap_and_translation_without_memory_are_enomem);
	tcase_add_loop_test(tcase,
		no_ring_is_an_error_unless_unpinned_is_allowed, 0,
		FAULTS(rings));
	tcase_add_test(tcase, a_pin_that_fails_halfway_gives_its_slots_back);
	tcase_add_test(tcase,
		on_a_kernel_that_unpins_late_an_arena_waits_for_its_pages);
	suite_add_tcase(suite, tcase);
	return suite;
}
