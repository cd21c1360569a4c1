/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The direct front door: claims, windows, and waiting for the card's turn,
 * through the public calls on the software card.
 */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "dma/card.h"
#include "dma/front.h"
#include "suites.h"

#define PATTERN 0x40000000u
#define SECOND INT64_C(1000000000)
#define SOON (60 * SECOND)	/* for what comes in milliseconds */
#define SCRATCH 0x28u		/* of the default board, BAR3 */
#define MINE UINT32_C(0x10203040)

static struct plxdma_card *card;

static void card_setup(void)
{
	ck_assert_msg(!plxdma_open("model:pages=small,arena=1M,"
				   "slot=05:0d.0", &card), "%s",
		      plxdma_error(NULL));
}

static void card_teardown(void)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	ck_assert_int_eq(plxdma_card_counters(card, &counters), 0);
	ck_assert_uint_eq(counters.violations, 0);
	plxdma_close(card);
}

static struct dma_card *driver(void)
{
	return direct_card_of(card)->dma;
}

/* ---- Claims ---- */

static struct plxdma_holder holder_of(enum plxdma_claimed what)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };

	ck_assert_int_eq(plxdma_claim_holder(card, what, &holder), 0);
	return holder;
}

START_TEST(a_claim_on_ones_own_card_succeeds_and_is_known)
{
	struct plxdma_holder holder = holder_of(PLXDMA_CLAIM_CHANNEL1);

	ck_assert_int_eq(holder.pid, 0);
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL1, 0, 0), 0);
	holder = holder_of(PLXDMA_CLAIM_CHANNEL1);
	ck_assert_int_eq(holder.pid, getpid());
	ck_assert_uint_eq(holder.uid, getuid());
	ck_assert_uint_eq(holder.own, 1);
	ck_assert_uint_eq(holder.lease_ms, 0);
	ck_assert_str_eq(holder.name, program_invocation_short_name);
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CHANNEL0).pid, 0);
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CARD).pid, 0);
}
END_TEST

START_TEST(a_cards_claim_holds_both_channels)
{
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CARD, 5000, -1), 0);
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CHANNEL0).pid, getpid());
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CHANNEL1).pid, getpid());
	ck_assert_uint_gt(holder_of(PLXDMA_CLAIM_CHANNEL1).lease_ms, 4000);
	ck_assert_uint_le(holder_of(PLXDMA_CLAIM_CHANNEL1).lease_ms, 5000);
	/* Held, but not claimed by itself. */
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0),
			 -EINVAL);
}
END_TEST

START_TEST(what_is_not_held_is_not_released)
{
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "isn't claimed"));
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0), 0);
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD), 0);
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD),
			 -EINVAL);
}
END_TEST

START_TEST(a_lease_runs_out_unless_it_is_renewed)
{
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CARD, 1, 0), 0);
	usleep(3000);
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CARD).pid, 0);
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD),
			 -EINVAL);
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CARD, 1, 0), 0);
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CARD, UINT64_MAX, 0),
			 0);
	usleep(3000);
	ck_assert_int_eq(holder_of(PLXDMA_CLAIM_CARD).pid, getpid());
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD), 0);
}
END_TEST

/* ---- Windows ---- */

START_TEST(a_window_shows_what_peek_does)
{
	volatile void *address, *again;
	volatile uint32_t *words;
	uint32_t value;
	size_t size;

	ck_assert_int_eq(plxdma_window_map(card, 2, &address, &size), 0);
	ck_assert_uint_eq(size, 1 << 20);
	words = address;
	words[5] = 0x12345678;
	ck_assert_int_eq(plxdma_peek(card, 2, 20, 32, &value), 0);
	ck_assert_uint_eq(value, 0x12345678);
	ck_assert_int_eq(plxdma_poke(card, 2, 20, 8, 0x99), 0);
	ck_assert_uint_eq(words[5], 0x12345699);
	ck_assert_int_eq(plxdma_window_map(card, 2, &again, &size), 0);
	ck_assert(again == address);
	ck_assert_int_eq(plxdma_window_unmap(card, 2), 0);
	ck_assert_int_eq(plxdma_window_unmap(card, 2), -EINVAL);
}
END_TEST

START_TEST(what_is_no_plain_memory_has_no_window)
{
	volatile void *address;
	size_t size;

	ck_assert_int_eq(plxdma_window_map(card, 3, &address, &size),
			 -EOPNOTSUPP);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "plxdma_peek"));
	ck_assert_int_eq(plxdma_window_map(card, 0, &address, &size), -EINVAL);
	ck_assert_int_eq(plxdma_window_map(card, 4, &address, &size), -EINVAL);
	ck_assert_int_eq(plxdma_window_unmap(card, 3), -EINVAL);
	ck_assert_int_eq(plxdma_window_unmap(card, 9), -EINVAL);
}
END_TEST

START_TEST(a_card_tells_where_it_sits)
{
	struct plxdma_card_info info = { .size = sizeof(info) };

	ck_assert_int_eq(plxdma_card_info(card, &info), 0);
	ck_assert_str_eq(info.pci, "0000:05:0d.0");
}
END_TEST

/* ---- Turns ---- */

static struct plxdma_step scratch_step(enum plxdma_step_op op, uint32_t value)
{
	return (struct plxdma_step){
		.op = op, .space = PLXDMA_SPACE_BAR3, .width = 32,
		.offset = SCRATCH, .value = value,
	};
}

static struct plxdma_step scratch_poll(uint32_t want, uint32_t timeout_us)
{
	struct plxdma_step step = scratch_step(PLXDMA_STEP_POLL, 0);

	step.mask = UINT32_MAX;
	step.want = want;
	step.timeout_us = timeout_us;
	return step;
}

static void recipe_add_step(struct plxdma_recipe *recipe,
			    enum plxdma_moment moment, struct plxdma_step step)
{
	ck_assert_int_ge(plxdma_recipe_add(recipe, moment, &step), 0);
}

struct lane {
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
};

static void lane_open(struct lane *lane, unsigned int index,
		      const struct plxdma_recipe *recipe)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = 4096,
		.recipe = recipe,
	};

	ck_assert_int_eq(plxdma_channel_open(card, index, &lane->channel), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 4096,
						    &request.handle));
	ck_assert_msg(!plxdma_transfer_new(lane->channel, &request,
					   &lane->transfer), "%s",
		      plxdma_error(card));
}

/* Others' turn, of which nobody sees the end. */
static struct plxdma_step endless;

static void others_begin(struct dma_batch *batch)
{
	endless = scratch_poll(MINE, PLXDMA_POLL_MAX_US);
	*batch = (struct dma_batch){ .steps = &endless, .count = 1 };
	ck_assert_int_eq(dma_card_batch(driver(), batch, NULL), -EAGAIN);
}

START_TEST(waiting_for_others_is_bounded_and_says_who)
{
	struct plxdma_step step = scratch_step(PLXDMA_STEP_READ, 0);
	struct dma_batch others;
	uint64_t began;
	uint32_t value;
	struct lane lane;

	lane_open(&lane, 0, NULL);
	others_begin(&others);
	began = clock_ns();
	switch (_i) {
	case 0:
		ck_assert_int_eq(plxdma_poke(card, 3, SCRATCH, 32, 1), -EBUSY);
		break;
	case 1:
		ck_assert_int_eq(plxdma_batch(card, &step, 1, NULL), -EBUSY);
		break;
	case 2:
		ck_assert_int_eq(plxdma_submit(lane.transfer), -EBUSY);
		break;
	}
	ck_assert_uint_ge(clock_ns() - began, SECOND * 9 / 10);
	ck_assert_uint_lt(clock_ns() - began, SOON);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "recipes"));
	dma_card_batch_drop(driver(), &others);
	/* Nothing is left of it. */
	ck_assert_int_eq(plxdma_peek(card, 3, SCRATCH, 32, &value), 0);
	ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
	ck_assert_int_eq(plxdma_wait(lane.transfer, SOON, NULL), 0);
}
END_TEST

START_TEST(who_shall_not_sleep_does_not_wait_for_others)
{
	struct plxdma_transfer *second;
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN,
	};
	struct dma_batch others;
	struct lane lane;
	uint64_t began;

	lane_open(&lane, 0, NULL);
	ck_assert_int_eq(plxdma_transfer_new(lane.channel, &request, &second),
			 0);
	ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
	ck_assert_int_eq(plxdma_submit(second), 0);
	others_begin(&others);
	began = clock_ns();
	/* The first has ended; the second can't start now. */
	ck_assert_int_eq(plxdma_wait(lane.transfer, SOON, NULL), 0);
	/* Whoever waits for others does so for a second. */
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(plxdma_poll(second, NULL), -EAGAIN);
		ck_assert_ptr_null(plxdma_channel_reap(lane.channel, NULL));
	}
	ck_assert_int_eq(plxdma_wait(second, 20000000, NULL), -ETIMEDOUT);
	ck_assert_uint_lt(clock_ns() - began, 10 * SECOND);
	/* Nor does it stand in others' way meanwhile. */
	dma_card_batch_drop(driver(), &others);
	ck_assert_int_eq(plxdma_poke(card, 3, SCRATCH, 32, 1), 0);
	ck_assert_int_eq(plxdma_wait(second, SOON, NULL), 0);
}
END_TEST

struct late {
	struct dma_batch batch;
	pthread_t thread;
};

static void *others_end(void *argument)
{
	struct late *late = argument;

	usleep(20000);
	dma_card_batch_drop(driver(), &late->batch);
	return NULL;
}

START_TEST(who_waits_goes_on_once_the_others_have_done)
{
	struct plxdma_step step = scratch_step(PLXDMA_STEP_WRITE, 6);
	struct lane lane;
	struct late late;
	uint32_t value;

	lane_open(&lane, 0, NULL);
	others_begin(&late.batch);
	ck_assert_int_eq(pthread_create(&late.thread, NULL, others_end, &late),
			 0);
	switch (_i) {
	case 0:
		ck_assert_int_eq(plxdma_poke(card, 3, SCRATCH, 32, 5), 0);
		break;
	case 1:
		ck_assert_int_eq(plxdma_batch(card, &step, 1, NULL), 0);
		break;
	case 2:
		ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
		ck_assert_int_eq(plxdma_wait(lane.transfer, SOON, NULL), 0);
		break;
	}
	pthread_join(late.thread, NULL);
	ck_assert_int_eq(plxdma_peek(card, 3, SCRATCH, 32, &value), 0);
	ck_assert_uint_eq(value, _i == 0 ? 5 : _i == 1 ? 6 : 0);
}
END_TEST

START_TEST(a_poll_that_fails_tells_which_and_takes_its_time)
{
	struct plxdma_step steps[] = {
		scratch_step(PLXDMA_STEP_WRITE, 3), scratch_poll(MINE, 3000),
		scratch_step(PLXDMA_STEP_WRITE, 4),
	};
	unsigned int done = 99;
	uint64_t began = clock_ns();
	uint32_t value;

	ck_assert_int_eq(plxdma_batch(card, steps, 3, &done), -ETIMEDOUT);
	ck_assert_uint_eq(done, 1);
	ck_assert_uint_ge(clock_ns() - began, 3000000);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "step 1"));
	ck_assert_int_eq(plxdma_peek(card, 3, SCRATCH, 32, &value), 0);
	ck_assert_uint_eq(value, 3);
}
END_TEST

START_TEST(no_turn_outlasts_the_call_in_which_it_began)
{
	static const enum plxdma_moment moments[] = {
		PLXDMA_BEFORE_START, PLXDMA_AFTER_START, PLXDMA_AFTER_END,
	};
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_result result = { .size = sizeof(result) };
	struct dma_channel *channel = dma_card_channel(driver(), 0);
	struct lane lane;
	unsigned int calls;
	int code;

	recipe_add_step(recipe, moments[_i], scratch_poll(MINE, 20000));
	recipe_add_step(recipe, PLXDMA_AFTER_END,
			scratch_step(PLXDMA_STEP_WRITE, 8));
	lane_open(&lane, 0, recipe);
	ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
	ck_assert_int_eq(dma_channel_turn(channel), DMA_TURN_NONE);
	for (calls = 0; calls < 100000; calls++) {
		code = plxdma_poll(lane.transfer, &result);
		ck_assert_int_eq(dma_channel_turn(channel), DMA_TURN_NONE);
		if (code != -EAGAIN)
			break;
	}
	ck_assert_int_eq(code, -ETIME);
	ck_assert_uint_eq(result.status, PLXDMA_POLL_TIMED_OUT);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "poll"));
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(a_wait_that_ends_early_leaves_no_turn_behind)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct dma_channel *channel = dma_card_channel(driver(), 0);
	struct plxdma_transfer *second;
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .recipe = recipe,
	};
	struct lane lane;

	/* The first has none; the second's begins in the wait for the first. */
	lane_open(&lane, 0, NULL);
	recipe_add_step(recipe, PLXDMA_BEFORE_START, scratch_poll(MINE, 5000));
	ck_assert_int_eq(plxdma_transfer_new(lane.channel, &request, &second),
			 0);
	ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
	ck_assert_int_eq(plxdma_submit(second), 0);
	ck_assert_int_eq(plxdma_wait(lane.transfer, SOON, NULL), 0);
	ck_assert_int_eq(dma_channel_turn(channel), DMA_TURN_NONE);
	ck_assert_int_eq(plxdma_wait(second, SOON, NULL), -ETIME);
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(a_poll_loop_of_the_callers_takes_recipes_as_well)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_result result = { .size = sizeof(result) };
	struct lane lane;
	struct pollfd fd;
	unsigned int round;
	uint32_t value;
	int step;

	recipe_add_step(recipe, PLXDMA_BEFORE_START,
			scratch_step(PLXDMA_STEP_WRITE, 1));
	recipe_add_step(recipe, PLXDMA_AFTER_START, scratch_poll(1, 1000));
	recipe_add_step(recipe, PLXDMA_AFTER_END,
			scratch_step(PLXDMA_STEP_WRITE, 9));
	step = plxdma_recipe_add(recipe, PLXDMA_AFTER_END,
				 &(struct plxdma_step){ .width = 32,
				 .space = PLXDMA_SPACE_BAR3,
				 .offset = SCRATCH });
	lane_open(&lane, 0, recipe);
	fd = (struct pollfd){ .fd = plxdma_channel_fd(lane.channel),
			      .events = POLLIN };
	for (round = 0; round < 10; round++) {
		ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
		while (!plxdma_channel_reap(lane.channel, &result))
			ck_assert_int_ge(poll(&fd, 1, 1000), 0);
		ck_assert_uint_eq(result.status, PLXDMA_DONE);
		ck_assert_int_eq(plxdma_transfer_value(lane.transfer,
						       (unsigned int)step,
						       &value), 0);
		ck_assert_uint_eq(value, 9);
	}
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(closing_in_the_middle_leaves_the_board_disarmed)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct lane lane;
	uint32_t value;

	recipe_add_step(recipe, PLXDMA_BEFORE_START,
			scratch_step(PLXDMA_STEP_WRITE, 1));
	recipe_add_step(recipe, PLXDMA_AFTER_END,
			scratch_step(PLXDMA_STEP_WRITE, 9));
	lane_open(&lane, 0, recipe);
	ck_assert_int_eq(plxdma_card_fault(card, "hang"), 0);
	ck_assert_int_eq(plxdma_submit(lane.transfer), 0);
	plxdma_channel_close(lane.channel);
	ck_assert_int_eq(plxdma_peek(card, 3, SCRATCH, 32, &value), 0);
	ck_assert_uint_eq(value, 9);
	plxdma_recipe_free(recipe);
}
END_TEST

static TCase *card_case(const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, card_setup, card_teardown);
	tcase_set_timeout(tcase, 30);
	return tcase;
}

Suite *front_suite(void)
{
	Suite *suite = suite_create("direct front door");
	TCase *tcase = card_case("claims");

	tcase_add_test(tcase, a_claim_on_ones_own_card_succeeds_and_is_known);
	tcase_add_test(tcase, a_cards_claim_holds_both_channels);
	tcase_add_test(tcase, what_is_not_held_is_not_released);
	tcase_add_test(tcase, a_lease_runs_out_unless_it_is_renewed);
	suite_add_tcase(suite, tcase);
	tcase = card_case("windows");
	tcase_add_test(tcase, a_window_shows_what_peek_does);
	tcase_add_test(tcase, what_is_no_plain_memory_has_no_window);
	tcase_add_test(tcase, a_card_tells_where_it_sits);
	suite_add_tcase(suite, tcase);
	tcase = card_case("turns");
	tcase_add_loop_test(tcase, waiting_for_others_is_bounded_and_says_who,
			    0, 3);
	tcase_add_loop_test(tcase, who_waits_goes_on_once_the_others_have_done,
			    0, 3);
	tcase_add_test(tcase, who_shall_not_sleep_does_not_wait_for_others);
	tcase_add_test(tcase, a_poll_that_fails_tells_which_and_takes_its_time);
	tcase_add_loop_test(tcase, no_turn_outlasts_the_call_in_which_it_began,
			    0, 3);
	tcase_add_test(tcase, a_wait_that_ends_early_leaves_no_turn_behind);
	tcase_add_test(tcase, a_poll_loop_of_the_callers_takes_recipes_as_well);
	tcase_add_test(tcase, closing_in_the_middle_leaves_the_board_disarmed);
	suite_add_tcase(suite, tcase);
	return suite;
}
