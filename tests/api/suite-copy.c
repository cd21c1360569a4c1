/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma_read() and plxdma_write(): any memory, any size, every byte. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "card.h"
#include "suites.h"

#define MARGIN 64

static void check_pattern(const uint8_t *data, size_t size, uint32_t offset)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (data[i] != pattern_byte(offset + (uint32_t)i))
			ck_abort_msg("byte %zu of %zu: %#x instead of %#x", i,
				     size, data[i],
				     pattern_byte(offset + (uint32_t)i));
}

static void check_untouched(const uint8_t *data, size_t size)
{
	size_t i;

	/* A ck_assert for each byte would be a system call for each. */
	for (i = 0; i < size; i++)
		if (data[i] != 0xa5)
			ck_abort_msg("byte %zu outside is %#x", i, data[i]);
}

/* clang-format off */
static const size_t sizes[] = {
	1, 2, 3, 4, 5, 63, 4095, 4096, 4097, 65537, 1000003, 1048576,
	1048577, 2097153, 5000011,
};
/* clang-format on */

/* Every alignment of both sides, and nothing outside the range. */
START_TEST(exactly_the_range_is_read)
{
	size_t size = sizes[_i / 4];
	uint32_t local = (uint32_t)_i % 4;
	uint8_t *data = malloc(size + 2 * MARGIN);
	unsigned int at;

	for (at = 0; at < 4; at++) {
		uint8_t *begin = data + MARGIN / 2 + at;

		memset(data, 0xa5, size + 2 * MARGIN);
		ck_assert_msg(!plxdma_read(card, PATTERN + local, begin, size,
					   SOON),
			      "%s", plxdma_error(card));
		check_pattern(begin, size, local);
		check_untouched(data, MARGIN / 2 + at);
		check_untouched(begin + size, MARGIN);
	}
	free(data);
}
END_TEST

START_TEST(exactly_the_range_is_written)
{
	size_t size = sizes[_i / 4] % (SRAM_SIZE - 2 * MARGIN), i;
	uint32_t offset = MARGIN + (uint32_t)_i % 4;
	uint8_t *all = malloc(SRAM_SIZE), *data = malloc(size + 1);

	memset(all, 0xa5, SRAM_SIZE);
	ck_assert_int_eq(plxdma_write(card, SRAM, all, SRAM_SIZE, SOON),
			 0);
	for (i = 0; i < size; i++)
		data[i + 1] = (uint8_t)(i * 13 + i / 251);
	ck_assert_int_eq(
		plxdma_write(card, SRAM + offset, data + 1, size, SOON),
		0);
	memset(all, 0, SRAM_SIZE);
	ck_assert_int_eq(plxdma_read(card, SRAM, all, SRAM_SIZE, SOON),
			 0);
	ck_assert_mem_eq(all + offset, data + 1, size);
	check_untouched(all, offset);
	check_untouched(all + offset + size, SRAM_SIZE - offset - size);
	free(all);
	free(data);
}
END_TEST

START_TEST(memory_of_the_arena_moves_in_place)
{
	struct plxdma_counters counters = {.size = sizeof(counters)};
	uint8_t *memory = plxdma_alloc_coherent(card, 3 << 20, NULL);

	/* No room for bounce buffers is left. */
	ck_assert_ptr_nonnull(memory);
	while (plxdma_alloc_coherent(card, 4096, NULL))
		;
	ck_assert_msg(
		!plxdma_read(card, PATTERN + 3, memory + 1, 3000000, SOON),
		"%s", plxdma_error(card));
	check_pattern(memory + 1, 3000000, 3);
	ck_assert_int_eq(plxdma_card_counters(card, &counters), 0);
	ck_assert_uint_eq(counters.transfers, 1);
	ck_assert_int_eq(plxdma_write(card, SRAM, memory, 5000, SOON), 0);
}
END_TEST

START_TEST(memory_half_in_the_arena_is_not_taken_for_it)
{
	uint8_t *memory = plxdma_alloc_coherent(card, 4096, NULL);

	/* A range that runs past the arena's end can't be in place; it
	 * isn't mapped either, so it is only looked at by address. */
	ck_assert_uint_ne(plxdma_handle_of(card, memory), 0);
	check_failed(plxdma_map_sg(card, memory, 5 << 20, 0,
				   &(struct plxdma_segment){0}, 1),
		     -ERANGE, "arena");
}
END_TEST

START_TEST(a_small_arena_bounces_in_small_pieces)
{
	size_t size = 1000003;
	uint8_t *data = malloc(size);
	struct plxdma_card *first = card;

	card = card_open("model:pages=small,arena=64K");
	ck_assert_msg(!plxdma_read(card, PATTERN + 1, data, size, SOON),
		      "%s", plxdma_error(card));
	check_pattern(data, size, 1);
	plxdma_close(card);
	card = first;
	free(data);
}
END_TEST

/*
 * A read of the FIFO's aliases pops an Lword each: a cut inside one would pop
 * two for it, and the stream would show it.
 */
START_TEST(no_lword_is_read_twice_at_an_inner_cut)
{
	const size_t size = 40001;
	uint8_t *data = malloc(size);
	struct plxdma_card *first = card;
	uint32_t begin;
	size_t i;

	card = card_open("model:pages=small,arena=64K");
	/* The whole in one piece doesn't fit any more. */
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 4096, NULL));
	board_put(BOARD_CONTROL, BOARD_CONTROL_REFILL);
	begin = board_get(BOARD_POPPED);
	ck_assert_int_eq(plxdma_read(card, FIFO + 1, data, size, SOON), 0);
	ck_assert_uint_eq(board_get(BOARD_POPPED) - begin, (size + 1 + 3) / 4);
	for (i = 7; i + 4 < size; i += 4)
		if (memcmp(data + i, &(uint32_t){(uint32_t)(i / 4 + 1)}, 4))
			ck_abort_msg("word at byte %zu", i);
	plxdma_close(card);
	card = first;
	free(data);
}
END_TEST

START_TEST(an_arena_without_room_to_bounce_says_so)
{
	uint8_t data[64];

	while (plxdma_alloc_coherent(card, 4096, NULL))
		;
	while (plxdma_alloc_coherent(card, 64, NULL))
		;
	check_failed(plxdma_read(card, PATTERN, data, 64, SOON), -ENOMEM,
		     "arena=");
}
END_TEST

START_TEST(bounce_buffers_are_given_back)
{
	uint8_t *data = malloc(3000000);
	void *most;
	unsigned int i;

	for (i = 0; i < 20; i++)
		ck_assert_int_eq(
			plxdma_read(card, PATTERN, data, 3000000, SOON), 0);
	ck_assert_int_eq(plxdma_card_fault(card, "master-abort"), 0);
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 3000000, SOON),
			 -EFAULT);
	most = plxdma_alloc_coherent(card, 4 << 20, NULL);
	ck_assert_msg(most, "%s", plxdma_error(card));
	free(data);
}
END_TEST

START_TEST(a_fault_in_any_piece_is_told)
{
	uint8_t *data = malloc(5000000);
	char fault[64];

	snprintf(fault, sizeof(fault), "target-abort@start:%d", _i);
	ck_assert_int_eq(plxdma_card_fault(card, fault), 0);
	check_failed(plxdma_read(card, PATTERN, data, 5000000, SOON),
		     -EREMOTEIO, "target abort");
	ck_assert_int_eq(plxdma_card_fault(card, "none"), 0);
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 5000000, SOON), 0);
	check_pattern(data, 5000000, 0);
	free(data);
}
END_TEST

START_TEST(the_deadline_covers_the_whole)
{
	uint8_t *data = malloc(4000000);

	card_reopen("rate=10e6");
	/* 0.4 s of bus time; each piece alone would fit. */
	check_failed(plxdma_read(card, PATTERN, data, 4000000, 200000000),
		     -ETIMEDOUT, "aborted");
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 65536, -1), 0);
	check_pattern(data, 65536, 0);
	free(data);
}
END_TEST

START_TEST(nothing_is_read_where_nothing_was_asked_for)
{
	ck_assert_int_eq(plxdma_read(card, PATTERN, NULL, 0, 0), 0);
	ck_assert_int_eq(plxdma_write(card, PATTERN, NULL, 0, 0), 0);
}
END_TEST

START_TEST(arguments_are_checked)
{
	char data[64] = {0};

	check_failed_on(NULL, plxdma_read(NULL, 0, data, 64, 0), -EINVAL,
			"card");
	check_failed_on(NULL, plxdma_write(NULL, 0, data, 64, 0), -EINVAL,
			"card");
	check_failed(plxdma_read(card, 0, NULL, 64, 0), -EINVAL, "memory");
	check_failed(plxdma_write(card, 0, NULL, 64, 0), -EINVAL, "memory");
	check_failed(plxdma_read(card, 0xffffffff, data, 2, 0), -ERANGE,
		     "4 GiB");
}
END_TEST

START_TEST(with_both_channels_open_it_waits_its_turn)
{
	struct plxdma_channel *channels[2];
	uint8_t data[64];

	ck_assert_int_eq(plxdma_channel_open(card, 0, &channels[0]), 0);
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 64, SOON), 0);
	ck_assert_int_eq(plxdma_channel_open(card, 1, &channels[1]), 0);
	check_failed(plxdma_read(card, PATTERN, data, 64, 5000000), -EBUSY,
		     "close one");
	plxdma_channel_close(channels[0]);
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 64, SOON), 0);
}
END_TEST

static const char *const options[] = {
	"chip=9080",
	"chip=9056",
	"posted=on",
	"prefetch=32",
	"iommu=off",
	"engine=thread",
	"engine=inline,rate=132e6",
	"engine=thread,rate=132e6",
};

START_TEST(every_kind_of_card_copies_alike)
{
	uint8_t *data = malloc(1000003);

	card_reopen(options[_i]);
	if (plxdma_read(card, PATTERN + 2, data, 1000003, SOON) ==
		    -EPERM &&
	    strstr(options[_i], "iommu=off")) {
		printf("skipped: %s\n", plxdma_error(card));
		free(data);
		return;
	}
	check_pattern(data, 1000003, 2);
	/* The checker compares with the pattern. */
	ck_assert_int_eq(
		plxdma_write(card, CHECKER + 2, data, 1000003, SOON), 0);
	ck_assert_uint_eq(board_get(BOARD_ERRORS), 0);
	data[4711] ^= 1;
	ck_assert_int_eq(
		plxdma_write(card, CHECKER + 2, data, 1000003, SOON), 0);
	ck_assert_uint_eq(board_get(BOARD_ERRORS), 1);
	free(data);
}
END_TEST

Suite *suite_copy(void)
{
	Suite *suite = suite_create("copy");
	TCase *tests = tcase_create("any memory");

	tcase_set_timeout(tests, 20);
	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_loop_test(tests, exactly_the_range_is_read, 0,
			    4 * sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_loop_test(tests, exactly_the_range_is_written, 0,
			    4 * sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_test(tests, memory_of_the_arena_moves_in_place);
	tcase_add_test(tests, memory_half_in_the_arena_is_not_taken_for_it);
	tcase_add_test(tests, a_small_arena_bounces_in_small_pieces);
	tcase_add_test(tests, no_lword_is_read_twice_at_an_inner_cut);
	tcase_add_test(tests, an_arena_without_room_to_bounce_says_so);
	tcase_add_test(tests, bounce_buffers_are_given_back);
	tcase_add_loop_test(tests, a_fault_in_any_piece_is_told, 0, 4);
	tcase_add_test(tests, the_deadline_covers_the_whole);
	tcase_add_test(tests, nothing_is_read_where_nothing_was_asked_for);
	tcase_add_test(tests, arguments_are_checked);
	tcase_add_test(tests, with_both_channels_open_it_waits_its_turn);
	tcase_add_loop_test(tests, every_kind_of_card_copies_alike, 0,
			    sizeof(options) / sizeof(options[0]));
	suite_add_tcase(suite, tests);
	return suite;
}
