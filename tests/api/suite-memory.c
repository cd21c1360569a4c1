/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory, handles and scatter-gather lists. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "card.h"
#include "suites.h"

static const size_t sizes[] = {1,    63,   64,	   65,	   4095,
			       4096, 4097, 100000, 1 << 20};

START_TEST(memory_is_aligned_and_has_a_linear_handle)
{
	size_t size = sizes[_i];
	plxdma_handle handle = 0;
	char *memory = plxdma_alloc_coherent(card, size, &handle);

	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_ne(handle, 0);
	ck_assert_uint_eq((uintptr_t)memory % (size < 4096 ? 64 : 4096), 0);
	memset(memory, 0x5a, size);
	ck_assert_uint_eq(plxdma_handle_of(card, memory), handle);
	ck_assert_uint_eq(plxdma_handle_of(card, memory + size - 1),
			  handle + size - 1);
	plxdma_free_coherent(card, size, memory, handle);
}
END_TEST

START_TEST(a_full_arena_says_how_to_get_a_larger_one)
{
	void *most = plxdma_alloc_coherent(card, 3 << 20, NULL);

	ck_assert_ptr_nonnull(most);
	errno = 0;
	ck_assert_ptr_null(plxdma_alloc_coherent(card, 2 << 20, NULL));
	ck_assert_int_eq(errno, ENOMEM);
	check_failed(-ENOMEM, -ENOMEM, "arena=");
	plxdma_free_coherent(card, 3 << 20, most, 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 2 << 20, NULL));
}
END_TEST

START_TEST(nothing_and_no_card_can_not_be_allocated)
{
	ck_assert_ptr_null(plxdma_alloc_coherent(card, 0, NULL));
	ck_assert_int_eq(errno, EINVAL);
	check_failed(-EINVAL, -EINVAL, "1 byte");
	ck_assert_ptr_null(plxdma_alloc_coherent(NULL, 64, NULL));
	ck_assert_ptr_null(plxdma_alloc_coherent(card, SIZE_MAX, NULL));
	ck_assert_int_eq(errno, ENOMEM);
}
END_TEST

/* Frees something wrong and checks that the memory is still taken. */
static void check_not_freed(void *memory, size_t size, void *wrong,
			    plxdma_handle handle)
{
	void *other;

	plxdma_free_coherent(card, size, wrong, handle);
	check_failed(-EINVAL, -EINVAL, "nothing is freed");
	other = plxdma_alloc_coherent(card, size, NULL);
	ck_assert_ptr_ne(other, memory);
	if (other)
		plxdma_free_coherent(card, size, other, 0);
}

START_TEST(what_was_not_allocated_is_not_freed)
{
	plxdma_handle handle;
	char *memory = plxdma_alloc_coherent(card, 8192, &handle);
	char mine[64] = {0};

	check_not_freed(memory, 8192, memory + 4096, 0);
	check_not_freed(memory, 8192, memory, handle + 64);
	check_not_freed(memory, 64, mine, 0);
	plxdma_free_coherent(card, 8192, NULL, handle);
	plxdma_free_coherent(NULL, 8192, memory, handle);
	plxdma_free_coherent(card, 8192, memory, handle);
	/* Twice. */
	plxdma_free_coherent(card, 8192, memory, handle);
	check_failed(-EINVAL, -EINVAL, "freed before");
}
END_TEST

START_TEST(an_address_outside_has_no_handle)
{
	struct plxdma_card *other;
	char mine = 0, *memory;

	ck_assert_uint_eq(plxdma_handle_of(card, &mine), 0);
	memory = plxdma_alloc_coherent(card, 64, NULL);
	ck_assert_uint_eq(plxdma_handle_of(card, &mine), 0);
	ck_assert_uint_eq(plxdma_handle_of(card, NULL), 0);
	ck_assert_uint_eq(plxdma_handle_of(NULL, memory), 0);
	ck_assert_uint_eq(plxdma_handle_of(card, memory - (4 << 20)), 0);
	ck_assert_uint_eq(plxdma_handle_of(card, memory + (4 << 20)), 0);
	other = card_open("model:pages=small,arena=64K");
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(other, 64, NULL));
	ck_assert_uint_eq(plxdma_handle_of(other, memory), 0);
	plxdma_close(other);
}
END_TEST

START_TEST(a_linear_range_is_one_piece)
{
	struct plxdma_segment piece;
	plxdma_handle handle;
	char *memory = plxdma_alloc_coherent(card, 1 << 20, &handle);

	ck_assert_int_eq(
		plxdma_map_sg(card, memory + 5, 1000000, 0x20000007, &piece, 1),
		1);
	ck_assert_uint_eq(piece.handle, handle + 5);
	ck_assert_uint_eq(piece.length, 1000000);
	ck_assert_uint_eq(piece.local, 0x20000007);
	ck_assert_int_eq(plxdma_map_sg(card, memory, 0, 0, NULL, 0), 0);
	check_failed(plxdma_map_sg(card, memory, 1, 0, NULL, 0), -ENOSPC,
		     "1 pieces");
}
END_TEST

START_TEST(a_range_outside_is_no_list)
{
	struct plxdma_segment pieces[4];
	char mine[64] = {0}, *memory;

	check_failed(plxdma_map_sg(card, mine, 64, 0, pieces, 4), -ERANGE,
		     "plxdma_alloc_coherent");
	memory = plxdma_alloc_coherent(card, 64, NULL);
	check_failed(plxdma_map_sg(card, mine, 64, 0, pieces, 4), -ERANGE,
		     "plxdma_alloc_coherent");
	check_failed(plxdma_map_sg(card, memory, (4 << 20) + 1, 0, pieces, 4),
		     -ERANGE, "arena");
	check_failed(plxdma_map_sg(card, memory, 64, 0, NULL, 4), -EINVAL,
		     "place");
	check_failed(plxdma_map_sg(card, NULL, 64, 0, pieces, 4), -EINVAL,
		     "memory");
	check_failed_on(NULL, plxdma_map_sg(NULL, memory, 64, 0, pieces, 4),
			-EINVAL, "card");
}
END_TEST

/* True frames of small pages are scattered: many pieces, which join to the
 * range and never cross a run's end. */
START_TEST(scattered_pages_are_as_many_pieces_as_runs)
{
	static struct plxdma_segment pieces[1024];
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_card *scattered;
	uint64_t sum = 0;
	char *memory;
	int count, i;

	if (geteuid()) {
		puts("skipped: needs root to read frames");
		return;
	}
	scattered = card_open("model:pages=small,arena=4M,iommu=off");
	memory = plxdma_alloc_coherent(scattered, 4 << 20, NULL);
	ck_assert_msg(memory, "%s", plxdma_error(scattered));
	ck_assert_int_eq(plxdma_card_info(scattered, &info), 0);
	ck_assert_uint_eq(info.iommu, 0);
	ck_assert_uint_eq(info.frames_known, 1);
	count = plxdma_map_sg(scattered, memory, 4 << 20, 0x40000000, pieces,
			      1024);
	ck_assert_int_eq(count, (int)info.arena_runs);
	for (i = 0; i < count; i++) {
		ck_assert_uint_eq(pieces[i].handle,
				  plxdma_handle_of(scattered, memory + sum));
		ck_assert_uint_eq(pieces[i].local, 0x40000000 + sum);
		ck_assert_uint_le(pieces[i].length, info.arena_longest);
		sum += pieces[i].length;
	}
	ck_assert_uint_eq(sum, 4 << 20);
	if (count > 1)
		check_failed_on(scattered,
				plxdma_map_sg(scattered, memory, 4 << 20, 0,
					      pieces, (unsigned int)count - 1),
				-ENOSPC, "room");
	plxdma_close(scattered);
}
END_TEST

START_TEST(sync_is_harmless)
{
	char *memory = plxdma_alloc_coherent(card, 64, NULL);

	plxdma_sync_for_device(card, memory, 64);
	plxdma_sync_for_cpu(card, memory, 64);
}
END_TEST

START_TEST(an_arena_that_can_not_be_had_says_what_mends_it)
{
	struct plxdma_card *greedy;

	/* 1 TiB of hugepages: no machine that runs this has them. */
	greedy = card_open("model:arena=1024G");
	ck_assert_ptr_null(plxdma_alloc_coherent(greedy, 64, NULL));
	ck_assert_int_lt(-errno, 0);
	ck_assert_str_ne(plxdma_error(greedy), "");
	/* Registers work without. */
	ck_assert_int_eq(plxdma_reg_read(greedy, 0x70, 32, &(uint32_t){0}), 0);
	ck_assert_int_lt(plxdma_read(greedy, SRAM, &(uint32_t){0}, 4, SECOND),
			 0);
	plxdma_close(greedy);
}
END_TEST

START_TEST(a_hugepage_arena_works_alike)
{
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_card *huge = card_open("model:arena=4M,pages=2M");
	char *memory = plxdma_alloc_coherent(huge, 3 << 20, NULL);

	if (!memory) {
		printf("skipped: %s\n", plxdma_error(huge));
		plxdma_close(huge);
		return;
	}
	ck_assert_int_eq(plxdma_read(huge, PATTERN, memory, 3 << 20, SOON),
			 0);
	ck_assert_uint_eq((uint8_t)memory[(3 << 20) - 1],
			  pattern_byte((3 << 20) - 1));
	ck_assert_int_eq(plxdma_card_info(huge, &info), 0);
	ck_assert_uint_eq(info.arena_page, 2 << 20);
	plxdma_close(huge);
}
END_TEST

Suite *suite_memory(void)
{
	Suite *suite = suite_create("memory");
	TCase *tests = tcase_create("arena");

	/* Hugepages may have to be zeroed and sorted on a busy machine. */
	tcase_set_timeout(tests, 30);
	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_loop_test(tests, memory_is_aligned_and_has_a_linear_handle, 0,
			    sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_test(tests, a_full_arena_says_how_to_get_a_larger_one);
	tcase_add_test(tests, nothing_and_no_card_can_not_be_allocated);
	tcase_add_test(tests, what_was_not_allocated_is_not_freed);
	tcase_add_test(tests, an_address_outside_has_no_handle);
	tcase_add_test(tests, a_linear_range_is_one_piece);
	tcase_add_test(tests, a_range_outside_is_no_list);
	tcase_add_test(tests, scattered_pages_are_as_many_pieces_as_runs);
	tcase_add_test(tests, sync_is_harmless);
	tcase_add_test(tests, an_arena_that_can_not_be_had_says_what_mends_it);
	tcase_add_test(tests, a_hugepage_arena_works_alike);
	suite_add_tcase(suite, tests);
	return suite;
}
