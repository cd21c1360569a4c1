/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments of what came with real programs: batches, windows, recipes,
 * claims, tuning, reports. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "card.h"
#include "suites.h"

static struct plxdma_step reading(uint32_t offset)
{
	return (struct plxdma_step){.op = PLXDMA_STEP_READ,
				    .space = PLXDMA_SPACE_BAR3,
				    .width = 32,
				    .offset = offset};
}

static struct plxdma_step polling(uint32_t microseconds)
{
	return (struct plxdma_step){.op = PLXDMA_STEP_POLL,
				    .space = PLXDMA_SPACE_BAR3,
				    .width = 32,
				    .offset = BOARD_SCRATCH,
				    .mask = 1,
				    .want = 1,
				    .timeout_us = microseconds};
}

START_TEST(a_batch_does_its_steps_in_order)
{
	struct plxdma_step steps[] = {reading(BOARD_ID), reading(BOARD_SCRATCH),
				      polling(1000), reading(BOARD_SCRATCH)};
	unsigned int done = 99;

	steps[1].op = PLXDMA_STEP_WRITE;
	steps[1].value = 5;
	ck_assert_msg(!plxdma_batch(card, steps, 4, &done), "%s",
		      plxdma_error(card));
	ck_assert_uint_eq(done, 4);
	ck_assert_uint_eq(steps[0].value, BOARD_ID_VALUE);
	ck_assert_uint_eq(steps[2].value, 5);
	ck_assert_uint_eq(steps[3].value, 5);
}
END_TEST

START_TEST(a_batch_of_nothing_is_done)
{
	unsigned int done = 99;

	ck_assert_int_eq(plxdma_batch(card, NULL, 0, &done), 0);
	ck_assert_uint_eq(done, 0);
}
END_TEST

START_TEST(a_poll_that_stays_untrue_stops_the_batch)
{
	struct plxdma_step steps[] = {reading(BOARD_ID), polling(2000),
				      reading(BOARD_ID)};
	unsigned int done = 99;

	board_put(BOARD_SCRATCH, 2);
	check_failed(plxdma_batch(card, steps, 3, &done), -ETIMEDOUT, "");
	ck_assert_uint_eq(done, 1);
	ck_assert_uint_eq(steps[1].value, 2);
	ck_assert_uint_eq(steps[2].value, 0);
}
END_TEST

START_TEST(a_batch_is_checked_before_its_first_step)
{
	struct plxdma_step steps[] = {reading(BOARD_SCRATCH), reading(0)};
	unsigned int done = 99;

	board_put(BOARD_SCRATCH, 7);
	steps[0].op = PLXDMA_STEP_WRITE;
	steps[0].value = 1;
	steps[1].op = PLXDMA_STEP_WRITE;
	steps[1].space = PLXDMA_SPACE_CHIP;
	steps[1].offset = 0x68;
	check_failed(plxdma_batch(card, steps, 2, &done), -EPERM, "INTCSR");
	ck_assert_uint_eq(done, 0);
	steps[1].width = 12;
	check_failed(plxdma_batch(card, steps, 2, &done), -EINVAL, "width 12");
	ck_assert_uint_eq(board_get(BOARD_SCRATCH), 7);
}
END_TEST

START_TEST(a_batch_has_its_limits)
{
	static struct plxdma_step steps[PLXDMA_BATCH + 1];
	unsigned int i;

	for (i = 0; i <= PLXDMA_BATCH; i++)
		steps[i] = reading(BOARD_ID);
	ck_assert_int_eq(plxdma_batch(card, steps, PLXDMA_BATCH, NULL), 0);
	check_failed(plxdma_batch(card, steps, PLXDMA_BATCH + 1, NULL),
		     -EINVAL, "at most 256 steps");
	steps[3] = polling(PLXDMA_POLL_MAX_US);
	steps[7] = polling(1);
	check_failed(plxdma_batch(card, steps, 10, NULL), -EINVAL,
		     "all polls of a batch together");
	check_failed(plxdma_batch(card, NULL, 1, NULL), -EINVAL, "its steps");
	check_failed_on(NULL, plxdma_batch(NULL, steps, 1, NULL), -EINVAL,
			"needs a card");
}
END_TEST

START_TEST(a_window_needs_its_arguments)
{
	volatile void *address;
	size_t size;

	check_failed_on(NULL, plxdma_window_map(NULL, 2, &address, &size),
			-EINVAL, "needs a card");
	check_failed(plxdma_window_map(card, 2, NULL, &size), -EINVAL,
		     "places for address");
	check_failed(plxdma_window_map(card, 2, &address, NULL), -EINVAL,
		     "places for address");
	check_failed_on(NULL, plxdma_window_unmap(NULL, 2), -EINVAL,
			"needs a card");
}
END_TEST

START_TEST(a_recipe_is_made_step_by_step)
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_step step = reading(0);

	ck_assert_ptr_nonnull(recipe);
	ck_assert_int_eq(plxdma_recipe_add(recipe, PLXDMA_BEFORE_START, &step),
			 0);
	ck_assert_int_eq(plxdma_recipe_add(recipe, PLXDMA_AFTER_END, &step),
			 1);
	ck_assert_int_eq(plxdma_recipe_count(recipe, 1, 4), 0);
	check_failed_on(NULL, plxdma_recipe_count(recipe, 0, 4), -EINVAL,
			"no read after the end");
	step.width = 3;
	check_failed_on(NULL,
			plxdma_recipe_add(recipe, PLXDMA_AFTER_END, &step),
			-EINVAL, "width 3");
	check_failed_on(NULL, plxdma_recipe_add(NULL, 0, &step), -EINVAL,
			"needs a recipe");
	check_failed_on(NULL, plxdma_recipe_add(recipe, 0, NULL), -EINVAL,
			"needs a recipe");
	check_failed_on(NULL, plxdma_recipe_count(NULL, 0, 1), -EINVAL,
			"needs a recipe");
	plxdma_recipe_free(recipe);
	plxdma_recipe_free(NULL);
}
END_TEST

START_TEST(claims_need_their_arguments)
{
	struct plxdma_holder holder = {.size = sizeof(holder)};

	check_failed_on(NULL, plxdma_claim(NULL, 0, 0, 0), -EINVAL,
			"needs a card");
	check_failed(plxdma_claim(card, (enum plxdma_claimed)3, 0, 0), -EINVAL,
		     "enum plxdma_claimed");
	check_failed(plxdma_claim_release(card, (enum plxdma_claimed)-1),
		     -EINVAL, "enum plxdma_claimed");
	check_failed(plxdma_claim_holder(card, (enum plxdma_claimed)9,
					 &holder),
		     -EINVAL, "enum plxdma_claimed");
	check_failed(plxdma_claim_holder(card, PLXDMA_CLAIM_CARD, NULL),
		     -EINVAL, "size member");
	holder.size = 0;
	check_failed(plxdma_claim_holder(card, PLXDMA_CLAIM_CARD, &holder),
		     -EINVAL, "size member");
}
END_TEST

START_TEST(an_own_card_is_claimed_at_once)
{
	struct plxdma_holder holder = {.size = sizeof(holder)};

	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL1, 0, 0), 0);
	ck_assert_int_eq(plxdma_claim_holder(card, PLXDMA_CLAIM_CHANNEL1,
					     &holder), 0);
	ck_assert_int_eq(holder.own, 1);
	ck_assert_int_eq(holder.pid, getpid());
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL1), 0);
}
END_TEST

static struct plxdma_tuning kept(void)
{
	struct plxdma_tuning tuning;

	memset(&tuning, 0xff, sizeof(tuning));
	tuning.size = sizeof(tuning);
	return tuning;
}

START_TEST(tuning_is_set_and_read_back)
{
	struct plxdma_tuning tuning = kept(),
			     got = {.size = sizeof(got)};

	tuning.pci_latency = 80;
	tuning.cache_line = 8;
	tuning.local_latency = 0x20;
	tuning.local_latency_on = 1;
	tuning.read_command = 0xc;
	tuning.threshold = 0x77;
	ck_assert_msg(!plxdma_tuning_set(card, &tuning), "%s",
		      plxdma_error(card));
	ck_assert_int_eq(plxdma_tuning_get(card, &got), 0);
	ck_assert_uint_eq(got.size, sizeof(got));
	ck_assert_uint_eq(got.pci_latency, 80);
	ck_assert_uint_eq(got.cache_line, 8);
	ck_assert_uint_eq(got.local_latency, 0x20);
	ck_assert_uint_eq(got.local_latency_on, 1);
	ck_assert_uint_eq(got.local_pause_on, 0);
	ck_assert_uint_eq(got.read_command, 0xc);
	ck_assert_uint_eq(got.write_command, 7);
	ck_assert_uint_eq(got.threshold, 0x77);
}
END_TEST

START_TEST(tuning_outlives_a_reset)
{
	struct plxdma_tuning got = {.size = sizeof(got)};

	card_reopen("reset=allowed,tune.pci_latency=64,tune.threshold=0x44");
	ck_assert_int_eq(plxdma_card_reset(card), 0);
	ck_assert_int_eq(plxdma_tuning_get(card, &got), 0);
	ck_assert_uint_eq(got.pci_latency, 64);
	ck_assert_uint_eq(got.threshold, 0x44);
}
END_TEST

START_TEST(tuning_has_a_size)
{
	/* An older program's: it knows the first field alone. */
	struct plxdma_tuning tuning = kept();

	tuning.size = 8;
	tuning.pci_latency = 32;
	tuning.cache_line = 99999;
	ck_assert_int_eq(plxdma_tuning_set(card, &tuning), 0);
	tuning = kept();
	tuning.size = 8;
	ck_assert_int_eq(plxdma_tuning_get(card, &tuning), 0);
	ck_assert_uint_eq(tuning.pci_latency, 32);
	ck_assert_uint_eq(tuning.cache_line, PLXDMA_TUNING_KEEP);
	tuning.size = 0;
	check_failed(plxdma_tuning_get(card, &tuning), -EINVAL, "size member");
	check_failed(plxdma_tuning_set(card, &tuning), -EINVAL, "size member");
	check_failed(plxdma_tuning_set(card, NULL), -EINVAL, "needs a card");
	check_failed_on(NULL, plxdma_tuning_get(NULL, &tuning), -EINVAL,
			"needs a card");
	tuning = kept();
	tuning.pci_latency = 256;
	check_failed(plxdma_tuning_set(card, &tuning), -EINVAL,
		     "pci_latency takes 0 to 255");
}
END_TEST

START_TEST(a_report_needs_a_place)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	check_failed(plxdma_card_report(card, -1), -EINVAL, "descriptor");
	check_failed(plxdma_card_report(card, fd), -EBADF, "can't be written");
	check_failed_on(NULL, plxdma_card_report(NULL, fd), -EINVAL,
			"needs a card");
	close(fd);
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	ck_assert_int_eq(plxdma_card_report(card, fd), 0);
	close(fd);
}
END_TEST

Suite *suite_steps(void)
{
	Suite *suite = suite_create("steps");
	TCase *tcase = tcase_create("steps");

	tcase_add_checked_fixture(tcase, card_setup, card_teardown);
	tcase_add_test(tcase, a_batch_does_its_steps_in_order);
	tcase_add_test(tcase, a_batch_of_nothing_is_done);
	tcase_add_test(tcase, a_poll_that_stays_untrue_stops_the_batch);
	tcase_add_test(tcase, a_batch_is_checked_before_its_first_step);
	tcase_add_test(tcase, a_batch_has_its_limits);
	tcase_add_test(tcase, a_window_needs_its_arguments);
	tcase_add_test(tcase, a_recipe_is_made_step_by_step);
	tcase_add_test(tcase, claims_need_their_arguments);
	tcase_add_test(tcase, an_own_card_is_claimed_at_once);
	tcase_add_test(tcase, tuning_is_set_and_read_back);
	tcase_add_test(tcase, tuning_outlives_a_reset);
	tcase_add_test(tcase, tuning_has_a_size);
	tcase_add_test(tcase, a_report_needs_a_place);
	suite_add_tcase(suite, tcase);
	return suite;
}
