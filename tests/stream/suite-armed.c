/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boards that have to be asked and armed. */
#include <errno.h>
#include <time.h>

#include "rig.h"

#define DOORS 2

static struct rig rig;

static const struct plxdma_stream_armed armed = {
	.level = {.op = PLXDMA_STEP_READ,
		  .space = PLXDMA_SPACE_BAR2,
		  .width = 32,
		  .offset = 0xe8},
	.arm = {.op = PLXDMA_STEP_WRITE,
		.space = PLXDMA_SPACE_BAR2,
		.width = 32,
		.offset = 0xcc},
	.unit = 4,
	.least = 4096,
	.most_wait_us = 20000,
};

static void open_at(int door, const char *options)
{
	rig_open(&rig, (enum rig_door)door, options);
	rig.setup.source = PLXDMA_STREAM_ARMED;
	rig.setup.armed = &armed;
	rig_stream(&rig);
}

static void teardown(void)
{
	rig_close(&rig);
}

START_TEST(blocks_are_as_long_as_the_board_says)
{
	open_at(_i, ",board.word_rate=1000000,board.depth=65536");
	rig_start(&rig, 1);
	while (rig.blocks < 40) {
		rig_read(&rig, 1);
		ck_assert_uint_ge(rig.last.bytes, armed.least);
	}
	rig_balance(&rig, PLXDMA_STREAM_DRAIN);
}
END_TEST

START_TEST(little_is_fetched_after_a_while)
{
	open_at(_i, ",board.word_rate=100");
	rig_start(&rig, 1);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	ck_assert_uint_lt(rig.last.bytes, armed.least);
	ck_assert_uint_gt(rig.last.bytes, 0);
	rig_give(&rig);
	rig_balance(&rig, PLXDMA_STREAM_DRAIN);
}
END_TEST

/* With the clock off and blocks free, nothing stays behind in the board. */
START_TEST(a_drain_empties_the_board)
{
	struct rig_account board;

	open_at(_i, ",board.word_rate=1000000,board.depth=16384");
	rig_start(&rig, 1);
	rig_read(&rig, 3);
	/* The FIFO gets more than a block's. */
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	rig_clock(&rig, 0);
	while (rig_stats(&rig).ready)
		rig_read(&rig, 1);
	ck_assert_int_eq(plxdma_stream_stop(rig.stream, PLXDMA_STREAM_DRAIN,
					    SOON), 0);
	ck_assert_int_eq(rig_read_rest(&rig), -ENODATA);
	rig_account(&rig, &board);
	ck_assert_uint_eq(board.level, 0);
	ck_assert_uint_eq(board.produced, rig.words + board.overflowed);
}
END_TEST

Suite *suite_armed(void)
{
	Suite *suite = suite_create("armed");
	TCase *tcase = tcase_create("armed");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, blocks_are_as_long_as_the_board_says, 0,
			    DOORS);
	tcase_add_loop_test(tcase, little_is_fetched_after_a_while, 0, DOORS);
	tcase_add_loop_test(tcase, a_drain_empties_the_board, 0, DOORS);
	suite_add_tcase(suite, tcase);
	return suite;
}
