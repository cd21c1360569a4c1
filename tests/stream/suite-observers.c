/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Observers beside the owner: what they read is what the board sent, what they
 * miss is counted, and nobody waits for them.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "rig.h"

#define OBSERVERS 3
#define COUNTER_MASK ((1u << 27) - 1)

static struct rig rig;

struct watcher {
	struct plxdma_card *card;
	struct plxdma_observer *observer;
	struct plxdma_block last;
	uint64_t taken, gaps;
	uint32_t first;			/* word of the last block */
};

static struct watcher watchers[OBSERVERS];

static void setup(void)
{
	rig_open(&rig, RIG_OBSERVED,
		 ",board.arm=0,board.word_rate=250000,board.depth=65536");
	rig_stream(&rig);
}

static void watcher_open(struct watcher *watcher, unsigned int watermark)
{
	*watcher = (struct watcher){ 0 };
	ck_assert_msg(!plxdma_open("daemon:crate", &watcher->card), "%s",
		      plxdma_error(NULL));
	ck_assert_msg(!plxdma_observer_open(watcher->card, 0, watermark,
					    &watcher->observer),
		      "%s", plxdma_error(watcher->card));
}

static void watcher_close(struct watcher *watcher)
{
	plxdma_observer_close(watcher->observer);
	plxdma_close(watcher->card);
	watcher->observer = NULL;
}

static void teardown(void)
{
	rig_close(&rig);
}

static struct plxdma_observer_stats account(struct watcher *watcher)
{
	struct plxdma_observer_stats stats = {.size = sizeof(stats)};

	ck_assert_int_eq(plxdma_observer_stats(watcher->observer, &stats), 0);
	return stats;
}

static int take(struct watcher *watcher, int64_t timeout_ns)
{
	const struct plxdma_block before = watcher->last;
	struct plxdma_block block = {.size = sizeof(block)};
	int result = plxdma_observer_take(watcher->observer, timeout_ns,
					  &block);

	if (result)
		return result;
	if (before.size)
		ck_assert_uint_eq(block.sequence,
				  before.sequence + 1 + block.dropped);
	ck_assert_int_ge(block.time_ns, before.time_ns);
	ck_assert_uint_eq(block.bytes, RIG_BLOCK);
	watcher->gaps += block.dropped;
	watcher->last = block;
	return 0;
}

/* Are all words of the block there, each one more than the one before? */
static int look(struct watcher *watcher)
{
	const uint32_t *words = watcher->last.data;
	uint32_t i;

	for (i = 1; i < RIG_WORDS; i++)
		if (((words[i] - words[0]) & COUNTER_MASK) != i)
			return 0;
	watcher->first = words[0];
	return 1;
}

static int give(struct watcher *watcher)
{
	int result = plxdma_observer_give(watcher->observer);

	watcher->taken += !result;
	return result;
}

/* Takes until it has the block that the owner has, or a later one. */
static void catch_up(struct watcher *watcher)
{
	while (!watcher->last.size ||
	       watcher->last.sequence < rig.last.sequence) {
		ck_assert_int_eq(take(watcher, SOON), 0);
		if (watcher->last.sequence != rig.last.sequence)
			give(watcher);
	}
}

/* Before the board's clock, so that it sees the first block: one that comes when
 * all blocks are full, and nobody gives any back, sees none. */
static void begin(struct watcher *watcher, unsigned int watermark)
{
	ck_assert_int_eq(plxdma_stream_start(rig.stream, 1), 0);
	watcher_open(watcher, watermark);
	rig_clock(&rig, 1);
}

START_TEST(all_see_what_the_owner_sees)
{
	struct plxdma_observer_stats stats;
	unsigned int i, n;

	ck_assert_int_eq(plxdma_stream_start(rig.stream, 7), 0);
	for (i = 0; i < OBSERVERS; i++)
		watcher_open(&watchers[i], 1);
	rig_clock(&rig, 1);
	for (n = 0; n < 40; n++) {
		/* In the owner's hand it can't be written over. */
		ck_assert_int_eq(rig_take(&rig, SOON), 0);
		for (i = 0; i < OBSERVERS; i++) {
			struct watcher *watcher = &watchers[i];

			catch_up(watcher);
			if (watcher->last.sequence != rig.last.sequence)
				continue;
			ck_assert(look(watcher));
			ck_assert_uint_eq(watcher->first,
					  *(const uint32_t *)rig.last.data);
			ck_assert_uint_eq(watcher->last.run, 7);
			ck_assert_int_eq(watcher->last.time_ns,
					 rig.last.time_ns);
			ck_assert_int_eq(give(watcher), 0);
		}
		rig_give(&rig);
	}
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	for (i = 0; i < OBSERVERS; i++) {
		while (!take(&watchers[i], 0))
			give(&watchers[i]);
		stats = account(&watchers[i]);
		ck_assert_uint_eq(stats.status, PLXDMA_DONE);
		ck_assert_uint_eq(stats.run, 7);
		ck_assert_uint_eq(stats.ready, 0);
		ck_assert_uint_gt(stats.whole, 0);
		ck_assert_uint_eq(stats.whole, watchers[i].taken);
		watcher_close(&watchers[i]);
	}
}
END_TEST

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* It reads on while its observer does something else. */
static void owner_goes_on(int64_t ns)
{
	const int64_t until = now() + ns;

	do
		rig_read(&rig, 1);
	while (now() < until);
}

/* _i: the owner's policy.  One observer is there from the first block on; it
 * takes at random, and both accounts hold. */
START_TEST(who_is_slow_misses_what_is_counted)
{
	struct watcher *watcher = &watchers[0];
	struct plxdma_observer_stats stats;
	uint64_t stale = 0, wrong = 0;
	unsigned int n, seed = 3;

	plxdma_stream_close(rig.stream);
	rig.setup.slow = (uint32_t)_i;
	rig_stream(&rig);
	ck_assert_int_eq(plxdma_stream_start(rig.stream, 1), 0);
	watcher_open(watcher, 1);
	rig_clock(&rig, 1);
	for (n = 0; n < rig_stops(); n++) {
		if (!take(watcher, 0)) {
			int right = look(watcher);

			rig_read(&rig, (seed >> 16) % 12);
			/* What was read first was right, unless it says so. */
			if (give(watcher))
				stale++;
			else
				wrong += !right;
		}
		if (seed >> 30)
			owner_goes_on(rig_stop_ns(&seed));
		else
			rig_pause(rig_stop_ns(&seed));
	}
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	while (!take(watcher, 0)) {
		ck_assert(look(watcher));
		ck_assert_int_eq(give(watcher), 0);
	}
	ck_assert_uint_eq(wrong, 0);
	ck_assert_uint_gt(stale, 0);
	ck_assert_uint_gt(watcher->gaps, 0);
	stats = account(watcher);
	ck_assert_uint_eq(stats.whole + stats.missed, rig_stats(&rig).blocks);
	/* The last ones may be followed by none. */
	ck_assert_uint_ge(stats.missed, stale + watcher->gaps);
	ck_assert_uint_eq(stats.whole_bytes, stats.whole * RIG_BLOCK);
	watcher_close(watcher);
}
END_TEST

START_TEST(nobody_can_write_what_is_observed)
{
	struct watcher *watcher = &watchers[0];
	char some[8] = "";
	size_t page = 4096;

	begin(watcher, 1);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	ck_assert_int_eq(take(watcher, SOON), 0);
	ck_assert_int_eq(mprotect((void *)(uintptr_t)rig.last.data, page,
				  PROT_READ | PROT_WRITE), -1);
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(mprotect((void *)(uintptr_t)watcher->last.data, page,
				  PROT_READ | PROT_WRITE), -1);
	ck_assert_int_eq(errno, EACCES);
	rig_give(&rig);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	ck_assert_int_eq(plxdma_write(rig.card, 0x200000, some, sizeof(some),
				      SECOND), -EACCES);
	watcher_close(watcher);
}
END_TEST

START_TEST(runs_end_and_go_on_but_a_closed_stream_is_over)
{
	struct watcher *watcher = &watchers[0];

	begin(watcher, 1);
	rig_read(&rig, 3);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
	while (!take(watcher, 0))
		give(watcher);
	ck_assert_int_eq(take(watcher, 0), -EAGAIN);
	ck_assert_int_eq(take(watcher, 1000000), -ETIMEDOUT);
	rig_start(&rig, 2);
	ck_assert_int_eq(take(watcher, SOON), 0);
	ck_assert_uint_eq(watcher->last.run, 2);
	give(watcher);
	rig_clock(&rig, 0);
	plxdma_stream_close(rig.stream);
	rig.stream = NULL;
	plxdma_channel_close(rig.channel);
	while (!take(watcher, SOON))
		give(watcher);
	ck_assert_int_eq(take(watcher, SOON), -ENODATA);
	ck_assert_uint_eq(account(watcher).status, PLXDMA_GONE);
	watcher_close(watcher);
}
END_TEST

START_TEST(a_daemon_that_dies_is_told)
{
	struct watcher *watcher = &watchers[0];
	int result;

	begin(watcher, 1);
	ck_assert_int_eq(take(watcher, SOON), 0);
	rig_daemon_kill();
	while (!(result = take(watcher, SOON)))
		give(watcher);
	ck_assert_int_eq(result, -ENODEV);
	ck_assert_int_eq(take(watcher, 0), -ENODEV);
	watcher_close(watcher);
	plxdma_stream_close(rig.stream);
	plxdma_close(rig.card);
	rig.card = NULL;
}
END_TEST

START_TEST(a_poll_loop_of_an_observer_is_woken)
{
	struct watcher *watcher = &watchers[0];
	struct pollfd poller = {.events = POLLIN};
	unsigned int turns = 0;

	begin(watcher, 2);
	poller.fd = plxdma_observer_fd(watcher->observer);
	while (watcher->taken < 10 && turns++ < 500) {
		while (!take(watcher, 0))
			give(watcher);
		ck_assert_int_eq(poll(&poller, 1, 60000), 1);
		rig_read_rest(&rig);
	}
	ck_assert_uint_ge(watcher->taken, 10);
	watcher_close(watcher);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

static int open_code(const char *spec, unsigned int channel, const char *word)
{
	struct plxdma_observer *observer;
	struct plxdma_card *card;
	int result;

	ck_assert_msg(!plxdma_open(spec, &card), "%s", plxdma_error(NULL));
	result = plxdma_observer_open(card, channel, 1, &observer);
	ck_assert_msg(strstr(plxdma_error(card), word), "%s",
		      plxdma_error(card));
	plxdma_close(card);
	return result;
}

START_TEST(what_can_not_be_observed_says_why)
{
	struct watcher *watcher = &watchers[0];
	struct plxdma_observer *second;
	struct plxdma_card *card;

	ck_assert_int_eq(open_code("model:pages=small,arena=1M", 0,
				   "only cards of plxdmad's"), -ENOTSUP);
	ck_assert_int_eq(open_code("daemon:crate", 0, "observers=yes"),
			 -ENOENT);
	ck_assert_int_eq(open_code("daemon:crate", 2, "0 and 1"), -EINVAL);
	begin(watcher, 1);
	ck_assert_int_eq(plxdma_observer_open(watcher->card, 0, 1, &second),
			 -EBUSY);
	ck_assert_int_eq(plxdma_observer_give(watcher->observer), -EINVAL);
	watcher_close(watcher);
	ck_assert_int_eq(plxdma_open("model:observers=yes", &card), -ENOTSUP);
	ck_assert_int_eq(plxdma_open("daemon:crate,observers=no", &card),
			 -EINVAL);
	rig_balance(&rig, PLXDMA_STREAM_ABORT);
}
END_TEST

static void teardown_dead(void)
{
}

Suite *suite_observers(void)
{
	Suite *suite = suite_create("observers");
	TCase *tcase = tcase_create("observers");

	tcase_set_timeout(tcase, 60 + 3 * rig_stops());
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, all_see_what_the_owner_sees);
	tcase_add_loop_test(tcase, who_is_slow_misses_what_is_counted, 0,
			    PLXDMA_STREAM_DROP_OLDEST + 1);
	tcase_add_test(tcase, nobody_can_write_what_is_observed);
	tcase_add_test(tcase, runs_end_and_go_on_but_a_closed_stream_is_over);
	tcase_add_test(tcase, a_poll_loop_of_an_observer_is_woken);
	tcase_add_test(tcase, what_can_not_be_observed_says_why);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("gone");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown_dead);
	tcase_add_test(tcase, a_daemon_that_dies_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
