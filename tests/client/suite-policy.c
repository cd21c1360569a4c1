/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What plxdmad.conf allows and refuses, seen from a program: each refusal, by
 * single accesses, batches and recipes alike.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "lent.h"

#define SCRATCH 0x28		/* the board's, in BAR3 */

static void set_up(void)
{
	static const char *const more[] = { "--config", REACHING, NULL };

	ck_assert_int_eq(fixture_start(&lender, NULL, "model:pages=small",
				       more), 0);
	ck_assert_msg(!plxdma_open("daemon:b,arena=2M", &card), "%s",
		      plxdma_error(NULL));
	memory = plxdma_alloc_coherent(card, MEMORY, &handle);
	ck_assert_ptr_nonnull(memory);
	ok(plxdma_channel_open(card, 0, &channel));
}

START_TEST(reads_are_policy)
{
	uint32_t value;

	ok(plxdma_reg_read(card, 0x70, 32, &value));
	ok(plxdma_peek(card, 2, 0x1000, 32, &value));
	ok(plxdma_peek(card, 3, SCRATCH, 32, &value));
	failed(plxdma_reg_read(card, 0x74, 32, &value), -EACCES, "read=");
	failed(plxdma_peek(card, 3, SCRATCH + 4, 32, &value), -EACCES,
	       "read=");
	failed(plxdma_config_read(card, 0, 32, &value), -EACCES, "config");
	failed(plxdma_mailbox_read(card, 3, &value), -EACCES, "chip");
}
END_TEST

START_TEST(writes_are_policy)
{
	ok(plxdma_poke(card, 2, 0xfc, 32, 1));
	failed(plxdma_poke(card, 2, 0x200, 32, 1), -EACCES, "write=");
	failed(plxdma_poke(card, 2, 0x100, 32, 1), -EPERM, "plxdma_claim()");
	failed(plxdma_poke(card, 3, SCRATCH, 32, 1), -EPERM,
	       "plxdma_claim()");
	failed(plxdma_doorbell_ring(card, 1), -EACCES, "chip");
	failed(plxdma_config_write(card, 0x3c, 8, 1), -EACCES, "config");
	/* A channel's claim is not enough. */
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	failed(plxdma_poke(card, 2, 0x100, 32, 1), -EPERM, "claimed the card");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	ok(plxdma_poke(card, 2, 0x100, 32, 1));
	ok(plxdma_poke(card, 3, SCRATCH, 32, 1));
	failed(plxdma_poke(card, 2, 0x200, 32, 1), -EACCES, "write=");
}
END_TEST

START_TEST(one_refused_step_and_no_batch)
{
	struct plxdma_step steps[2] = {
		{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR2,
		  .width = 32, .value = 5 },
		{ .op = PLXDMA_STEP_POLL, .space = PLXDMA_SPACE_BAR3,
		  .width = 32, .offset = SCRATCH + 4, .timeout_us = 1 },
	};
	unsigned int done;
	uint32_t value;

	ok(plxdma_poke(card, 2, 0, 32, 4));
	failed(plxdma_batch(card, steps, 2, &done), -EACCES, "read=");
	ck_assert_uint_eq(done, 0);
	ok(plxdma_peek(card, 2, 0, 32, &value));
	ck_assert_uint_eq(value, 4);
}
END_TEST

START_TEST(recipes_keep_to_policy)
{
	struct plxdma_step denied = { .op = PLXDMA_STEP_READ, .width = 32,
				      .space = PLXDMA_SPACE_BAR3 };
	struct plxdma_step guarded = { .op = PLXDMA_STEP_WRITE, .width = 32,
				       .space = PLXDMA_SPACE_BAR3,
				       .offset = SCRATCH };
	struct plxdma_recipe *bad = plxdma_recipe_new();
	struct plxdma_recipe *good = plxdma_recipe_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	struct plxdma_transfer *transfer;

	ck_assert_int_eq(plxdma_recipe_add(bad, PLXDMA_AFTER_END, &denied), 0);
	ck_assert_int_eq(plxdma_recipe_add(good, PLXDMA_BEFORE_START,
					   &guarded), 0);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	request.recipe = bad;
	failed(plxdma_transfer_new(channel, &request, &transfer), -EACCES,
	       "read=");
	request.recipe = good;
	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, SOON, NULL));
	/* The channel's claim will do for the recipe, not for its step. */
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CARD));
	ok(plxdma_submit(transfer));
	failed(plxdma_wait(transfer, SOON, NULL), -EPERM,
	       "claimed the card");
	plxdma_recipe_free(bad);
	plxdma_recipe_free(good);
}
END_TEST

START_TEST(window_is_the_cards_to_refuse)
{
	volatile void *address;
	size_t size;

	failed(plxdma_window_map(card, 2, &address, &size), -EOPNOTSUPP,
	       "plxdma_batch()");
}
END_TEST

START_TEST(tuning_is_allowed)
{
	struct plxdma_tuning tuning = { .size = sizeof(tuning) };

	memset((char *)&tuning + 4, 0xff, sizeof(tuning) - 4);
	tuning.pci_latency = 48;
	ok(plxdma_tuning_set(card, &tuning));
	ok(plxdma_tuning_get(card, &tuning));
	ck_assert_uint_eq(tuning.pci_latency, 48);
}
END_TEST

Suite *policy_suite(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");

	tcase_add_checked_fixture(tcase, set_up, lent_close);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, reads_are_policy);
	tcase_add_test(tcase, writes_are_policy);
	tcase_add_test(tcase, one_refused_step_and_no_batch);
	tcase_add_test(tcase, recipes_keep_to_policy);
	tcase_add_test(tcase, window_is_the_cards_to_refuse);
	tcase_add_test(tcase, tuning_is_allowed);
	suite_add_tcase(suite, tcase);
	return suite;
}
