/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers that keep up, and readers that don't, by each policy and door. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "rig.h"

#define DOORS 2
#define POLICIES 3

static struct rig rig;

static void open_with(int door, uint32_t rate, const char *depth)
{
	char options[100];

	snprintf(options, sizeof(options),
		 ",board.arm=0,board.word_rate=%u,board.depth=%s", rate, depth);
	rig_open(&rig, (enum rig_door)door, options);
}

static void open_at(int door, uint32_t rate)
{
	open_with(door, rate, "65536");
}

static void teardown(void)
{
	rig_close(&rig);
}

/* _i: the door. */
START_TEST(who_keeps_up_gets_every_word)
{
	/* On a machine that may stand still for seconds. */
	open_with(_i, 250000, "4M");
	rig_stream(&rig);
	rig_start(&rig, 1);
	rig_read(&rig, 50);
	ck_assert_uint_eq(rig.missing, 0);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	ck_assert_uint_eq(rig.missing, 0);
}
END_TEST

/* Nobody wakes up for a block where the watermark is three. */
START_TEST(a_sleeper_gets_as_many_as_the_watermark)
{
	unsigned int tries = 0;

	open_at(_i, 250000);
	rig.setup.watermark = 3;
	rig_stream(&rig);
	rig_start(&rig, 1);
	/* On a busy machine one may be there before it is asked for. */
	do {
		ck_assert_int_eq(rig_take(&rig, SOON), 0);
		rig_give(&rig);
	} while (rig_stats(&rig).ready < 2 && ++tries < 20);
	ck_assert_uint_ge(rig_stats(&rig).ready, 2);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

START_TEST(a_timeout_is_kept_and_gives_what_there_is)
{
	struct timespec before, after;

	open_at(_i, 100);
	rig_stream(&rig);
	ck_assert_int_eq(plxdma_stream_start(rig.stream, 1), 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	ck_assert_int_eq(rig_take(&rig, 20000000), -ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_ge((after.tv_sec - before.tv_sec) * SECOND +
			 after.tv_nsec - before.tv_nsec, 20000000);
	ck_assert_int_eq(rig_take(&rig, 0), -EAGAIN);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

START_TEST(a_poll_loop_needs_the_descriptor_alone)
{
	struct pollfd poller = {.events = POLLIN};
	unsigned int turns = 0;
	int result = 0;

	open_at(_i, 250000);
	rig_stream(&rig);
	poller.fd = plxdma_stream_fd(rig.stream);
	ck_assert_int_ge(poller.fd, 0);
	rig_start(&rig, 1);
	while (rig.blocks < 20 && turns++ < 2000) {
		ck_assert_int_ge(poll(&poller, 1, 1000), 0);
		/* A slow machine finds another one each time. */
		while (rig.blocks < 20 && !(result = rig_take(&rig, 0)))
			rig_give(&rig);
		if (rig.blocks < 20)
			ck_assert_int_eq(result, -EAGAIN);
	}
	ck_assert_uint_eq(rig.blocks, 20);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

/* _i: door and policy.  The reader stops at random moments; the FIFO has room
 * for 0.26 s at this rate and overflows now and then. */
START_TEST(slow_readers_lose_what_is_counted)
{
	unsigned int seed = 1, stop;

	open_at(_i % DOORS, 1000000);
	rig.setup.slow = (uint32_t)(_i / DOORS);
	rig_stream(&rig);
	rig_start(&rig, 1);
	for (stop = 0; stop < rig_stops(); stop++) {
		rig_read(&rig, 1 + (seed >> 16) % 6);
		/* With a block in its hand. */
		ck_assert_int_eq(rig_take(&rig, SOON), 0);
		rig_pause(rig_stop_ns(&seed));
		rig_give(&rig);
	}
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	if (rig.setup.slow == PLXDMA_STREAM_HOLD)
		ck_assert_uint_eq(rig_stats(&rig).dropped, 0);
}
END_TEST

/* A reader that looks, but gives nothing back: policy has nothing to drop. */
START_TEST(blocks_in_the_readers_hands_stay_his)
{
	uint64_t held[RIG_BLOCKS];
	const uint32_t *data[RIG_BLOCKS];
	uint32_t first[RIG_BLOCKS];
	unsigned int i;

	open_at(_i % DOORS, 0);
	rig.setup.slow = (uint32_t)(_i / DOORS);
	rig_stream(&rig);
	rig_start(&rig, 1);
	for (i = 0; i < RIG_BLOCKS; i++) {
		ck_assert_int_eq(rig_take(&rig, SOON), 0);
		held[i] = rig.last.sequence;
		data[i] = rig.last.data;
		first[i] = data[i][0];
	}
	ck_assert_int_eq(rig_take(&rig, SOON), -ENOBUFS);
	for (i = 0; i < RIG_BLOCKS; i++) {
		ck_assert_uint_eq(data[i][0], first[i]);
		ck_assert_int_eq(plxdma_stream_give(rig.stream, held[i]), 0);
	}
	rig_read(&rig, 20);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

/* The first that is dropped is the one that would be taken, or one behind all
 * that waits. */
START_TEST(policy_says_which_are_dropped)
{
	open_at(_i % DOORS, 0);
	rig.setup.slow = (uint32_t)(1 + _i / DOORS);
	rig_stream(&rig);
	rig_start(&rig, 1);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	while (!rig_stats(&rig).dropped && rig.blocks < 1000) {
		rig_give(&rig);
		rig_pause((int64_t)(5000) * 1000);
		ck_assert_int_eq(rig_take(&rig, SOON), 0);
	}
	ck_assert_uint_gt(rig_stats(&rig).dropped, 0);
	if (rig.setup.slow == PLXDMA_STREAM_DROP_OLDEST)
		ck_assert_uint_eq(rig.last.dropped, rig_stats(&rig).dropped);
	else
		ck_assert_uint_eq(rig.last.dropped, 0);
	rig_give(&rig);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

Suite *suite_slow(void)
{
	Suite *suite = suite_create("slow");
	TCase *tcase = tcase_create("slow");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	/* A stop takes half a second on the average. */
	tcase_set_timeout(tcase, 60 + 3 * rig_stops());
	tcase_add_loop_test(tcase, who_keeps_up_gets_every_word, 0, DOORS);
	tcase_add_loop_test(tcase, a_sleeper_gets_as_many_as_the_watermark, 0,
			    DOORS);
	tcase_add_loop_test(tcase, a_timeout_is_kept_and_gives_what_there_is, 0,
			    DOORS);
	tcase_add_loop_test(tcase, a_poll_loop_needs_the_descriptor_alone, 0,
			    DOORS);
	tcase_add_loop_test(tcase, slow_readers_lose_what_is_counted, 0,
			    DOORS * POLICIES);
	tcase_add_loop_test(tcase, blocks_in_the_readers_hands_stay_his, 0,
			    DOORS * POLICIES);
	tcase_add_loop_test(tcase, policy_says_which_are_dropped, 0,
			    DOORS * (POLICIES - 1));
	suite_add_tcase(suite, tcase);
	return suite;
}
