/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recipes: each step at its moment and nothing in between.  Everything on the
 * card of paper, look by look.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recipes.h"
#include "suites.h"

#define L 0x20000000u

START_TEST(steps_are_done_at_their_moments)
{
	static const struct fake_access first[] = {
		P(ARM, 1), W(0x80, BLOCK_QUIET), W(0x84, RIG_BUS), W(0x88, L),
		W(0x8c, 256), W(0x90, 8), B(0xa8, 1), B(0xa8, 3),
		P(TRIGGER, 2),
	};
	static const struct fake_access second[] = { P(DISARM, 3) };
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_plain();
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(rig.fake->logged, 0);
	rig_submit(transfer);
	ck_assert(fake_wrote(rig.fake, first, COUNT(first)));
	recipe_turn_free(&rig);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert(fake_wrote(rig.fake, second, COUNT(second)));
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_recipe_is_copied_and_done_again_each_time)
{
	struct dma_transfer *transfer;
	struct rig rig;
	unsigned int i;

	recipe_plain();
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	memset(&recipe, 0xff, sizeof(recipe));
	for (i = 0; i < 3; i++) {
		fake_forget(rig.fake);
		rig_runs(&rig, transfer, PLXDMA_DONE);
		ck_assert_uint_eq(fake_calls(rig.fake, 'w'), 3);
	}
	/* And is gone with a change of the request. */
	rig.request.recipe = NULL;
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL), 0);
	fake_forget(rig.fake);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(fake_calls(rig.fake, 'w'), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static const struct plxdma_step forbidden[] = {
#define FORBIDDEN(space_, width_, offset_) \
	{ .op = PLXDMA_STEP_WRITE, .space = (space_), .width = (width_), \
	  .offset = (offset_) }
	FORBIDDEN(0, 32, 0x68), FORBIDDEN(0, 8, 0x69), /* INTCSR */
	FORBIDDEN(0, 32, 0x6c), FORBIDDEN(0, 8, 0x6f), /* CNTRL */
	FORBIDDEN(0, 32, 0x80), FORBIDDEN(0, 32, 0xa4), /* DMA */
	FORBIDDEN(0, 8, 0xa8), FORBIDDEN(0, 8, 0xa9), FORBIDDEN(0, 32, 0xb0),
	FORBIDDEN(0, 32, 0xb4), FORBIDDEN(0, 32, 0xb8),
	FORBIDDEN(0, 32, 0x08), FORBIDDEN(0, 8, 0x0a), /* arbitration */
	FORBIDDEN(0, 32, 0xac), FORBIDDEN(0, 32, 0x100),
	FORBIDDEN(0, 32, 0x00), FORBIDDEN(0, 32, 0x04), /* spaces */
	FORBIDDEN(0, 32, 0xf0), FORBIDDEN(0, 32, 0xf4),
	FORBIDDEN(0, 32, 0x10), FORBIDDEN(0, 32, 0x14),
	FORBIDDEN(0, 8, 0x0c), FORBIDDEN(0, 8, 0x0d), FORBIDDEN(0, 8, 0x0e),
	FORBIDDEN(0, 32, 0x1c), FORBIDDEN(0, 32, 0x20), /* Direct Master */
	FORBIDDEN(0, 32, 0x28), FORBIDDEN(0, 32, 0xfc),
	FORBIDDEN(0, 32, 0x34), FORBIDDEN(0, 32, 0xe8),
	FORBIDDEN(16, 16, 0x04), FORBIDDEN(16, 16, 0x06),
	FORBIDDEN(16, 32, 0x10), FORBIDDEN(16, 32, 0x18),
	FORBIDDEN(16, 32, 0x4c), FORBIDDEN(16, 32, 0x50), /* VPD */
	FORBIDDEN(16, 16, 0x4e),
};

START_TEST(no_recipe_touches_what_the_engines_live_by)
{
	struct rig rig;

	recipe_init(&recipe);
	recipe_step((enum plxdma_moment)(_i % 3), forbidden[_i]);
	recipe_rig(&rig, C9056, "fake:");
	rig_refuses(&rig, -EPERM, "refused");
	ck_assert_uint_eq(rig.fake->logged, 0);
	rig_break(&rig);
}
END_TEST

static const struct plxdma_step allowed[] = {
	FORBIDDEN(0, 32, 0x48), FORBIDDEN(0, 32, 0x5c), /* mailboxes */
	FORBIDDEN(0, 32, 0x60), FORBIDDEN(0, 32, 0x64), /* doorbells */
	FORBIDDEN(2, 32, 0x00), FORBIDDEN(2, 8, 0x03),
	{ .op = PLXDMA_STEP_READ, .space = 0, .width = 32, .offset = 0x68 },
	{ .op = PLXDMA_STEP_READ, .space = 16, .width = 32, .offset = 0 },
};

START_TEST(boards_mailboxes_and_doorbells_are_its_own)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_init(&recipe);
	recipe_step((enum plxdma_moment)(_i % 3), allowed[_i]);
	recipe_rig(&rig, C9056, "fake:");
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_step_beyond_the_bar_is_refused_and_the_old_request_stands)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_plain();
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	recipe_init(&recipe);
	recipe_step(PLXDMA_AFTER_END, rig_read(1 << 20));
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL),
			 -ERANGE);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert(recipe_disarmed(&rig));
	dma_transfer_free(transfer);
	/* One that nobody built with recipe_add(). */
	recipe_plain();
	recipe.steps[1].width = 24;
	rig_refuses(&rig, -EINVAL, "width");
	rig_break(&rig);
}
END_TEST

START_TEST(values_are_told_once_it_was_taken)
{
	struct dma_transfer *transfer;
	uint32_t value = 0;
	struct rig rig;

	recipe_plain();
	recipe_step(PLXDMA_AFTER_END, rig_read(COUNTER));
	recipe_step(PLXDMA_BEFORE_START, rig_read(READY));
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	ck_assert_int_eq(dma_transfer_value(transfer, 3, &value), -ENODATA);
	fake_bar2_set(rig.fake, COUNTER, 77);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_value(transfer, 3, &value), -ENODATA);
	/* Read already, but nobody has taken it yet. */
	ck_assert_int_eq(dma_transfer_value(transfer, 4, &value), -ENODATA);
	dma_channel_progress(rig.channel);
	dma_channel_take(rig.channel);
	ck_assert_int_eq(dma_transfer_value(transfer, 3, &value), 0);
	ck_assert_uint_eq(value, 77);
	ck_assert_int_eq(dma_transfer_value(transfer, 0, &value), -EINVAL);
	ck_assert_int_eq(dma_transfer_value(transfer, 5, &value), -EINVAL);
	/* What the last run has read is no answer for this one. */
	rig_submit(transfer);
	rig.fake->gone = 1;
	dma_channel_progress(rig.channel);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	ck_assert_int_eq(dma_transfer_value(transfer, 3, &value), -ENODATA);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* Counts. */

static const struct {
	uint32_t count, unit;
	enum plxdma_status status;
	uint64_t bytes;
	uint32_t exact;
} counts[] = {
	{ 13, 4, PLXDMA_EOT, 52, 1 },
	{ 0, 4, PLXDMA_EOT, 0, 1 },
	{ 1024, 4, PLXDMA_DONE, 4096, 1 },
	/* More than was asked for is no count. */
	{ 1025, 4, PLXDMA_EOT, 1024, 0 },
	{ UINT32_MAX, UINT32_MAX, PLXDMA_EOT, 1024, 0 },
};

START_TEST(a_boards_count_makes_an_early_end_exact)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000 };
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	recipe_init(&recipe);
	recipe_step(PLXDMA_AFTER_END, rig_read(COUNTER));
	ck_assert_int_eq(recipe_count(&recipe, 0, counts[_i].unit, NULL), 0);
	rig_make(&rig, C9054, "fake:", bus, 2);
	mode_init(&mode);
	mode.eot = 1;
	rig.request.recipe = &recipe;
	rig.request.mode = &mode;
	rig.request.form = PLXDMA_FORM_CHAIN;
	rig.request.offset = 3072;
	rig.request.length = 4096;
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, FAKE_EOT);
	/* It loaded one descriptor, and SIZ doesn't tell: 0 to 1024 bytes. */
	fake_bar2_set(rig.fake, COUNTER, counts[_i].count);
	rig_submit(transfer);
	dma_channel_progress(rig.channel);
	ck_assert_int_eq(dma_transfer_status(transfer), counts[_i].status);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, counts[_i].exact);
	if (counts[_i].exact)
		ck_assert_uint_eq(rig_result(transfer).bytes,
				  counts[_i].bytes);
	else
		ck_assert_uint_le(rig_result(transfer).bytes,
				  counts[_i].bytes);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_transfer_that_was_not_ended_early_is_not_counted)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_init(&recipe);
	recipe_step(PLXDMA_AFTER_END, rig_read(COUNTER));
	ck_assert_int_eq(recipe_count(&recipe, 0, 4, NULL), 0);
	recipe_rig(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, COUNTER, 13);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(rig_result(transfer).bytes, 256);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static TCase *moments_case(void)
{
	TCase *tcase = tcase_create("moments");

	tcase_add_test(tcase, steps_are_done_at_their_moments);
	tcase_add_test(tcase, a_recipe_is_copied_and_done_again_each_time);
	tcase_add_loop_test(tcase, no_recipe_touches_what_the_engines_live_by,
			    0, COUNT(forbidden));
	tcase_add_loop_test(tcase, boards_mailboxes_and_doorbells_are_its_own,
			    0, COUNT(allowed));
	tcase_add_test(tcase,
		a_step_beyond_the_bar_is_refused_and_the_old_request_stands);
	tcase_add_test(tcase, values_are_told_once_it_was_taken);
	tcase_add_loop_test(tcase, a_boards_count_makes_an_early_end_exact, 0,
			    COUNT(counts));
	tcase_add_test(tcase,
		       a_transfer_that_was_not_ended_early_is_not_counted);
	return tcase;
}

Suite *recipe_suite(void)
{
	Suite *suite = suite_create("recipe");

	suite_add_tcase(suite, moments_case());
	return suite;
}
