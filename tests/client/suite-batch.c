/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Batches through the daemon: order, values, polls, refusals, threads.
 */
#include "suites.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "lent.h"

#define SCRATCH 0x28		/* the board's, in BAR3 */
#define HIDR 0x70		/* chip ref. 1.1 */

static struct plxdma_step step(enum plxdma_step_op op, enum plxdma_space space,
			       uint32_t offset, uint32_t value)
{
	return (struct plxdma_step){
		.op = (uint8_t)op,
		.space = (uint8_t)space,
		.width = 32,
		.offset = offset,
		.value = value,
	};
}

static struct plxdma_step poll_for(uint32_t offset, uint32_t want,
				   uint32_t timeout_us)
{
	struct plxdma_step made = step(PLXDMA_STEP_POLL, PLXDMA_SPACE_BAR3,
				       offset, 0);

	made.mask = UINT32_MAX;
	made.want = want;
	made.timeout_us = timeout_us;
	return made;
}

START_TEST(steps_are_done_in_order)
{
	struct plxdma_step steps[PLXDMA_BATCH];
	unsigned int done = 77;

	for (uint32_t i = 0; i < PLXDMA_BATCH; i += 2) {
		steps[i] = step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH,
				i * 3 + 1);
		steps[i + 1] = step(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR3,
				    SCRATCH, 0);
	}
	ok(plxdma_batch(card, steps, PLXDMA_BATCH, &done));
	ck_assert_uint_eq(done, PLXDMA_BATCH);
	for (uint32_t i = 0; i < PLXDMA_BATCH; i += 2) {
		ck_assert_uint_eq(steps[i].value, i * 3 + 1);
		ck_assert_uint_eq(steps[i + 1].value, i * 3 + 1);
	}
}
END_TEST

START_TEST(all_spaces_and_widths_are_reached)
{
	struct plxdma_step steps[] = {
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_CHIP, HIDR, 0),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_CHIP, HIDR + 2, 0),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_CONFIG, 0, 0),
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 64, 0x11223344),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR2, 65, 0),
	};

	steps[1].width = 16;
	steps[4].width = 8;
	ok(plxdma_batch(card, steps, 5, NULL));
	ck_assert_uint_eq(steps[0].value, 0x905410b5);
	ck_assert_uint_eq(steps[1].value, 0x9054);
	ck_assert_uint_eq(steps[2].value & 0xffff, 0x10b5);
	ck_assert_uint_eq(steps[4].value, 0x33);
}
END_TEST

START_TEST(one_bad_step_and_none_is_done)
{
	struct plxdma_step steps[] = {
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 5),
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_CHIP, 0x68, 0),
	};
	unsigned int done = 77;
	uint32_t value;

	ok(plxdma_poke(card, 3, SCRATCH, 32, 4));
	failed(plxdma_batch(card, steps, 2, &done), -EPERM, "INTCSR");
	ck_assert_uint_eq(done, 0);
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	ck_assert_uint_eq(value, 4);
}
END_TEST

START_TEST(poll_that_never_comes_true_ends_in_its_bound)
{
	struct plxdma_step steps[] = {
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 5),
		poll_for(SCRATCH, 6, 30000),
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 7),
	};
	unsigned int done;
	uint32_t value;

	failed(plxdma_batch(card, steps, 3, &done), -ETIMEDOUT, "step 1");
	ck_assert_uint_eq(done, 1);
	ck_assert_uint_eq(steps[1].value, 5);
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	ck_assert_uint_eq(value, 5);
}
END_TEST

static atomic_int polled;

static void *poll_long(void *unused)
{
	struct plxdma_card *theirs;
	struct plxdma_step steps[] = { poll_for(SCRATCH, 6, 500000) };
	int result;

	(void)unused;
	if (plxdma_open("daemon:a", &theirs))
		return (void *)-1;
	result = plxdma_batch(theirs, steps, 1, NULL);
	atomic_store(&polled, 1);
	plxdma_close(theirs);
	return (void *)(intptr_t)result;
}

/* Returns whether the card's information came before the poll was over. */
static int asked_while_polled(void)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	pthread_t thread;
	void *result;
	uint32_t value;
	int before;

	atomic_store(&polled, 0);
	pthread_create(&thread, NULL, poll_long, NULL);
	settle(50);
	ok(plxdma_card_info(card, &info));
	before = !atomic_load(&polled);
	/* In line behind the poll. */
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	pthread_join(thread, &result);
	ck_assert_int_eq((int)(intptr_t)result, -ETIMEDOUT);
	return before;
}

START_TEST(poll_holds_up_the_registers_and_nothing_else)
{
	uint32_t value;
	int before = 0;

	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	/* This thread may have come late; five times is no accident. */
	for (int i = 0; i < 5 && !before; i++)
		before = asked_while_polled();
	ck_assert(before);
}
END_TEST

static void *count_up(void *number)
{
	uint32_t offset = 0x100 * (uint32_t)(uintptr_t)number;
	uint32_t value;

	for (uint32_t i = 0; i < 2000; i++) {
		if (plxdma_poke(card, 2, offset, 32, i) ||
		    plxdma_peek(card, 2, offset, 32, &value) || value != i)
			return (void *)1;
	}
	return NULL;
}

START_TEST(many_threads_of_one_card_get_their_own_answers)
{
	pthread_t threads[4];
	void *result;

	for (uintptr_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, count_up, (void *)i);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		ck_assert_ptr_null(result);
	}
}
END_TEST

START_TEST(access_that_makes_no_sense_is_refused)
{
	uint32_t value;

	ck_assert_int_eq(plxdma_peek(card, 5, 0, 32, &value), -EINVAL);
	ck_assert_int_eq(plxdma_peek(card, 2, UINT64_C(1) << 40, 32, &value),
			 -ERANGE);
	ck_assert_int_eq(plxdma_peek(card, 2, 0xfffffffc, 32, &value),
			 -ERANGE);
	ck_assert_int_eq(plxdma_peek(card, 2, 1, 32, &value), -EINVAL);
	ck_assert_int_eq(plxdma_reg_read(card, 0, 288, &value), -EINVAL);
}
END_TEST

static void recipe_fill(struct plxdma_recipe *recipe)
{
	struct plxdma_step steps[] = {
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 1),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR3, SCRATCH, 0),
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 2),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR3, SCRATCH, 0),
		step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, SCRATCH, 3),
		step(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR3, SCRATCH, 0),
	};

	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(plxdma_recipe_add(recipe,
					(enum plxdma_moment)(i / 2),
					&steps[i]), i);
}

START_TEST(recipe_needs_a_claim)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	struct plxdma_transfer *transfer;

	recipe_fill(recipe);
	request.recipe = recipe;
	failed(plxdma_transfer_new(channel, &request, &transfer), -EPERM,
	       "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0));
	failed(plxdma_submit(transfer), -EPERM, "plxdma_claim()");
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(recipe_is_done_around_every_run)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 4096);
	struct plxdma_transfer *transfer;
	uint32_t value;

	recipe_fill(recipe);
	request.recipe = recipe;
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_transfer_new(channel, &request, &transfer));
	plxdma_recipe_free(recipe);
	ck_assert_int_eq(plxdma_transfer_value(transfer, 1, &value), -ENODATA);
	for (int i = 0; i < 20; i++) {
		ok(plxdma_submit(transfer));
		ok(plxdma_wait(transfer, SOON, NULL));
		for (unsigned int k = 1; k < 6; k += 2) {
			value = 0;
			ok(plxdma_transfer_value(transfer, k, &value));
			ck_assert_uint_eq(value, k / 2 + 1);
		}
		ck_assert_int_eq(plxdma_transfer_value(transfer, 0, &value),
				 -EINVAL);
		ck_assert_int_eq(plxdma_transfer_value(transfer, 6, &value),
				 -EINVAL);
	}
	request.recipe = NULL;
	ok(plxdma_transfer_change(transfer, &request));
	ck_assert_int_eq(plxdma_transfer_value(transfer, 1, &value), -EINVAL);
	ok(plxdma_poke(card, 3, SCRATCH, 32, 9));
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, SOON, NULL));
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	ck_assert_uint_eq(value, 9);
}
END_TEST

START_TEST(recipes_poll_that_never_comes_true_is_told)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 4096);
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_step never = poll_for(SCRATCH, 6, 20000);
	struct plxdma_step end = step(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3,
				      SCRATCH, 8);
	uint32_t value;

	ok(plxdma_poke(card, 3, SCRATCH, 32, 5));
	plxdma_recipe_add(recipe, (enum plxdma_moment)_i, &never);
	plxdma_recipe_add(recipe, PLXDMA_AFTER_END, &end);
	request.recipe = recipe;
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	failed(plxdma_transfer_once(channel, &request, SOON, &result),
	       -ETIME, "poll");
	ck_assert_uint_eq(result.status, PLXDMA_POLL_TIMED_OUT);
	plxdma_recipe_free(recipe);
	request.recipe = NULL;
	ok(plxdma_transfer_once(channel, &request, SOON, NULL));
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	ck_assert_uint_eq(value, 8);
}
END_TEST

START_TEST(recipes_are_bounded)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	struct plxdma_transfer *made[129] = { NULL };
	int i, result = 0;

	recipe_fill(recipe);
	request.recipe = recipe;
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	for (i = 0; i < 129 && !result; i++)
		result = plxdma_transfer_new(channel, &request, &made[i]);
	failed(result, -ENOSPC, "recipe");
	ck_assert_int_eq(i, 129);
	plxdma_transfer_free(made[17]);
	ok(plxdma_transfer_new(channel, &request, &made[17]));
	ok(plxdma_transfer_change(made[18], &request));
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(cancel_ends_a_recipe_that_polls)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_step never = poll_for(SCRATCH, 6, 400000);
	struct plxdma_transfer *transfer;

	plxdma_recipe_add(recipe, (enum plxdma_moment)_i, &never);
	request.recipe = recipe;
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_submit(transfer));
	settle(20);
	ok(plxdma_cancel(transfer));
	ck_assert_int_lt(plxdma_poll(transfer, &result), 0);
	ck_assert_msg(result.status == PLXDMA_CANCELLED ||
		      result.status == PLXDMA_POLL_TIMED_OUT, "%u",
		      result.status);
	request.recipe = NULL;
	ok(plxdma_transfer_once(channel, &request, SOON, NULL));
	plxdma_recipe_free(recipe);
}
END_TEST

START_TEST(closed_channel_ends_a_recipe_that_polls)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	struct plxdma_step never = poll_for(SCRATCH, 6, 900000);
	struct plxdma_transfer *transfer;

	plxdma_recipe_add(recipe, (enum plxdma_moment)_i, &never);
	request.recipe = recipe;
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	for (int i = 0; i < 3; i++) {
		ok(plxdma_transfer_new(channel, &request, &transfer));
		ok(plxdma_submit(transfer));
	}
	settle(20);
	plxdma_channel_close(channel);
	ok(plxdma_channel_open(card, 0, &channel));
	request.recipe = NULL;
	ok(plxdma_transfer_once(channel, &request, SOON, NULL));
	plxdma_recipe_free(recipe);
}
END_TEST

Suite *batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *tcase = tcase_create("batch");

	tcase_add_checked_fixture(tcase, lent_fast, lent_close);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, steps_are_done_in_order);
	tcase_add_test(tcase, all_spaces_and_widths_are_reached);
	tcase_add_test(tcase, one_bad_step_and_none_is_done);
	tcase_add_test(tcase, poll_that_never_comes_true_ends_in_its_bound);
	tcase_add_test(tcase, poll_holds_up_the_registers_and_nothing_else);
	tcase_add_test(tcase, many_threads_of_one_card_get_their_own_answers);
	tcase_add_test(tcase, access_that_makes_no_sense_is_refused);
	tcase_add_test(tcase, recipe_needs_a_claim);
	tcase_add_test(tcase, recipe_is_done_around_every_run);
	tcase_add_loop_test(tcase, recipes_poll_that_never_comes_true_is_told,
			    0, 3);
	tcase_add_test(tcase, recipes_are_bounded);
	tcase_add_loop_test(tcase, cancel_ends_a_recipe_that_polls, 0, 3);
	tcase_add_loop_test(tcase, closed_channel_ends_a_recipe_that_polls, 0,
			    3);
	suite_add_tcase(suite, tcase);
	return suite;
}
