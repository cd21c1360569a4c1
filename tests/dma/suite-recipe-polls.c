/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recipes that poll: looked at again and again, waited for, given up.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "recipes.h"
#include "suites.h"

START_TEST(polls_are_waited_for_look_by_look)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(LONG_US / 3);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_HAS);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_lt(dma_channel_deadline(rig.channel),
			  clock_ns() + 1000000);
	fake_bar2_set(rig.fake, READY, 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(fake_bar2(rig.fake, TRIGGER), 2);
	/* Done long ago, but its steps come first. */
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_HAS);
	fake_bar2_set(rig.fake, RUNNING, 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	recipe_turn_free(&rig);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_HAS);
	ck_assert(!recipe_disarmed(&rig));
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert(recipe_disarmed(&rig));
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_before_the_start_that_fails_starts_nothing)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes, 0);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	ck_assert_uint_eq(fake_bar2(rig.fake, TRIGGER), 0);
	ck_assert(recipe_disarmed(&rig));
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_after_the_start_that_fails_stops_the_engine)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 1);
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	ck_assert(recipe_disarmed(&rig));
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_after_the_end_that_fails_keeps_no_step_back)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, RUNNING, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes, 256);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	ck_assert(recipe_disarmed(&rig));
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(the_other_channel_waits_for_the_group_and_not_for_the_transfer)
{
	struct dma_channel *other;
	struct dma_transfer *first, *second;
	struct rig rig;

	recipe_polls(LONG_US / 3);
	recipe_rig(&rig, C9054, "fake:");
	other = dma_card_channel(rig.card, 1);
	first = rig_transfer(&rig);
	rig.request.recipe = NULL;
	second = rig_transfer_on(&rig, 1);
	fake_plan(rig.fake, 0, FAKE_HANG);
	ck_assert_int_eq(dma_transfer_submit(first), 0);
	ck_assert_int_eq(dma_transfer_submit(second), 0);
	dma_channel_progress(other);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	fake_bar2_set(rig.fake, READY, 1);
	dma_channel_progress(rig.channel);
	fake_forget(rig.fake);
	dma_channel_progress(other);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	fake_bar2_set(rig.fake, RUNNING, 1);
	dma_channel_progress(rig.channel);
	/* The first runs; the second may start. */
	ck_assert_int_eq(dma_transfer_status(first), PLXDMA_RUNNING);
	dma_channel_progress(other);
	ck_assert_uint_ne(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(dma_channel_progress(other), 1);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_cancel(first, PLXDMA_CANCELLED), 0);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

START_TEST(the_next_of_the_channel_waits_for_the_last_step)
{
	struct dma_transfer *first, *second;
	struct rig rig;

	recipe_polls(LONG_US / 3);
	recipe_rig(&rig, C9054, "fake:");
	first = rig_transfer(&rig);
	rig.request.recipe = NULL;
	second = rig_transfer(&rig);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, RUNNING, 1);
	ck_assert_int_eq(dma_transfer_submit(first), 0);
	ck_assert_int_eq(dma_transfer_submit(second), 0);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(first), PLXDMA_DONE);
	ck_assert_uint_ne(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(second), PLXDMA_DONE);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

START_TEST(a_submission_behind_the_last_steps_is_queued)
{
	struct dma_transfer *first, *second;
	struct rig rig;

	recipe_polls(LONG_US / 3);
	recipe_rig(&rig, C9054, "fake:");
	first = rig_transfer(&rig);
	rig.request.recipe = NULL;
	second = rig_transfer(&rig);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, RUNNING, 1);
	ck_assert_int_eq(dma_transfer_submit(first), 0);
	dma_channel_progress(rig.channel);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_submit(second), 0);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 PLXDMA_WAIT_SPIN), -EBUSY);
	fake_bar2_set(rig.fake, IDLE, 1);
	recipe_look(&rig, second);
	ck_assert_int_eq(dma_transfer_status(second), PLXDMA_DONE);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

/* Waiting sleeps between looks, and ends polls that fail as well. */

START_TEST(a_wait_goes_through_polls_at_every_moment)
{
	struct dma_transfer *transfer;
	struct rig rig;
	uint64_t began;

	recipe_polls(SOON_US);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, RUNNING, 1);
	began = clock_ns();
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_transfer_wait(transfer, INT64_C(60000000000)), 0);
	ck_assert_uint_ge(clock_ns() - began, 2000000);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	/* It looked some forty times in 2 ms, and didn't spin all along. */
	ck_assert_uint_lt(rig.fake->bar_reads, 2000);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static TCase *polls_case(void)
{
	TCase *tcase = tcase_create("polls");

	tcase_add_test(tcase, polls_are_waited_for_look_by_look);
	tcase_add_test(tcase,
		       a_poll_before_the_start_that_fails_starts_nothing);
	tcase_add_test(tcase,
		       a_poll_after_the_start_that_fails_stops_the_engine);
	tcase_add_test(tcase,
		       a_poll_after_the_end_that_fails_keeps_no_step_back);
	tcase_add_test(tcase,
		the_other_channel_waits_for_the_group_and_not_for_the_transfer);
	tcase_add_test(tcase, the_next_of_the_channel_waits_for_the_last_step);
	tcase_add_test(tcase, a_submission_behind_the_last_steps_is_queued);
	tcase_add_test(tcase, a_wait_goes_through_polls_at_every_moment);
	return tcase;
}

Suite *recipe_polls_suite(void)
{
	Suite *suite = suite_create("recipe-polls");

	suite_add_tcase(suite, polls_case());
	return suite;
}
