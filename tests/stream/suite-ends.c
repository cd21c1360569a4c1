/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How runs end: stopped, by faults, with the daemon; and that they go on. */
#include <errno.h>

#include "rig.h"

#define DOORS 2

static struct rig rig;

static void open_at(int door, const char *options)
{
	rig_open(&rig, (enum rig_door)door, options);
}

static void teardown(void)
{
	rig_close(&rig);
}

#define CLOCKED ",board.arm=0,board.word_rate=500000,board.depth=4M"

START_TEST(what_is_ready_at_a_stop_can_be_taken)
{
	uint64_t ready;

	open_at(_i, CLOCKED);
	rig.setup.watermark = 4;
	rig_stream(&rig);
	rig_start(&rig, 1);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	ready = rig_stats(&rig).ready;
	ck_assert_uint_ge(ready, 3);
	rig_give(&rig);
	rig_balance(&rig, PLXDMA_STREAM_DRAIN);
	ck_assert_uint_gt(rig.blocks, ready);
}
END_TEST

START_TEST(a_drain_lets_the_last_block_become_full)
{
	uint64_t before;

	open_at(_i, CLOCKED);
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 2);
	before = rig_stats(&rig).blocks;
	ck_assert_int_eq(plxdma_stream_stop(rig.stream, PLXDMA_STREAM_DRAIN,
					    SOON), 0);
	ck_assert_uint_gt(rig_stats(&rig).blocks, before);
	ck_assert_int_eq(rig_read_rest(&rig), -ENODATA);
	ck_assert_uint_eq(rig.missing, 0);
}
END_TEST

START_TEST(runs_share_one_sequence)
{
	uint64_t first;

	open_at(_i, CLOCKED);
	rig.setup.sequence = 1000;
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 3);
	ck_assert_uint_ge(rig.last.sequence, 1002);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	first = rig.last.sequence + 1;
	rig_start(&rig, 2);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	ck_assert_uint_eq(rig.last.run, 2);
	ck_assert_uint_eq(rig.last.sequence, first);
	rig_give(&rig);
}
END_TEST

START_TEST(a_closed_stream_frees_its_memory)
{
	unsigned int i;

	open_at(_i, CLOCKED);
	rig.setup.block_bytes = 512u << 10;
	rig.setup.block_count = 6;
	for (i = 0; i < 4; i++) {
		rig_stream(&rig);
		ck_assert_int_eq(plxdma_stream_start(rig.stream, i), 0);
		plxdma_stream_close(rig.stream);
		rig.stream = NULL;
	}
}
END_TEST

static const struct {
	const char *fault;
	int code;
	enum plxdma_status status;
	/* Does the channel, and does the board without being booted again? */
	enum { NOTHING, CHANNEL, BOARD } goes_on;
} faults[] = {
	{"master-abort@data:8000", -EFAULT, PLXDMA_MASTER_ABORT, BOARD},
	{"target-abort@data:8000", -EREMOTEIO, PLXDMA_TARGET_ABORT, BOARD},
	{"reset@data:8000", -ECONNRESET, PLXDMA_RESET, CHANNEL},
	{"stuck@data:8000", -ESHUTDOWN, PLXDMA_STUCK, NOTHING},
	{"gone@data:8000", -ENODEV, PLXDMA_GONE, NOTHING},
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

START_TEST(a_fault_ends_the_run_and_is_told)
{
	struct plxdma_stream_stats stats;
	int result;

	open_at(RIG_DIRECT, CLOCKED);
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 1);
	ck_assert_int_eq(plxdma_card_fault(rig.card, faults[_i].fault), 0);
	do {
		result = rig_take(&rig, 5 * SECOND);
		if (!result)
			rig_give(&rig);
		/* An engine that hangs is its owner's to stop. */
		if (result == -ETIMEDOUT) {
			result = plxdma_stream_stop(rig.stream,
						    PLXDMA_STREAM_ABORT, 0);
			break;
		}
	} while (!result);
	ck_assert_msg(result == faults[_i].code, "%d: %s", result,
		      plxdma_error(rig.card));
	stats = rig_stats(&rig);
	ck_assert_uint_eq(stats.status, faults[_i].status);
	ck_assert_uint_eq(stats.queued, 0);
	ck_assert_int_eq(plxdma_card_fault(rig.card, "none"), 0);
	if (faults[_i].goes_on == NOTHING) {
		ck_assert_int_lt(plxdma_stream_start(rig.stream, 2), 0);
		return;
	}
	rig_start(&rig, 2);
	if (faults[_i].goes_on == CHANNEL)
		return;
	rig.place = 0;
	rig.words = 0;
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	ck_assert_uint_eq(rig.last.run, 2);
	rig_give(&rig);
}
END_TEST

START_TEST(an_interrupt_that_is_lost_delays)
{
	open_at(RIG_DIRECT, CLOCKED ",fault=lost-irq@irq:2x20");
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 40);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	ck_assert_uint_eq(rig.missing, 0);
}
END_TEST

/* The next daemon's card is another one, and the numbers go on. */
START_TEST(the_daemons_death_ends_the_run)
{
	uint64_t next;
	uint32_t word;
	int result;

	open_at(RIG_DAEMON, CLOCKED);
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 3);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	word = *(const uint32_t *)rig.last.data;
	rig_daemon_kill();
	while (!(result = rig_take(&rig, SOON)))
		rig_give(&rig);
	ck_assert_msg(result == -ENODEV, "%d: %s", result,
		      plxdma_error(rig.card));
	ck_assert_uint_eq(rig_stats(&rig).status, PLXDMA_GONE);
	ck_assert_uint_eq(rig_stats(&rig).queued, 0);
	ck_assert_uint_eq(rig_stats(&rig).ready, 0);
	ck_assert_uint_eq(*(const uint32_t *)rig.last.data >> 27, word >> 27);
	next = rig.last.sequence + 1;
	plxdma_stream_close(rig.stream);
	plxdma_close(rig.card);
	open_at(RIG_DAEMON, CLOCKED);
	rig.setup.sequence = next;
	rig_stream(&rig);
	rig_start(&rig, 2);
	rig_read(&rig, 3);
	ck_assert_uint_ge(rig.last.sequence, next + 2);
}
END_TEST

Suite *suite_ends(void)
{
	Suite *suite = suite_create("ends");
	TCase *tcase = tcase_create("ends");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, what_is_ready_at_a_stop_can_be_taken, 0,
			    DOORS);
	tcase_add_loop_test(tcase, a_drain_lets_the_last_block_become_full, 0,
			    DOORS);
	tcase_add_loop_test(tcase, runs_share_one_sequence, 0, DOORS);
	tcase_add_loop_test(tcase, a_closed_stream_frees_its_memory, 0, DOORS);
	tcase_add_loop_test(tcase, a_fault_ends_the_run_and_is_told, 0, FAULTS);
	tcase_add_test(tcase, an_interrupt_that_is_lost_delays);
	tcase_add_test(tcase, the_daemons_death_ends_the_run);
	suite_add_tcase(suite, tcase);
	return suite;
}
