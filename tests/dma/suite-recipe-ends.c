/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recipes whose transfer ends in any way, in any phase: the last steps are done
 * all the same, where there is a card to do them on.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "recipes.h"
#include "suites.h"

enum phase { BEFORE, AFTER_START, RUN, AFTER_END, PHASES };

/* A transfer that stands in a phase. */
static struct dma_transfer *stands_in(struct rig *rig, enum phase phase,
				      enum fake_end end)
{
	struct dma_transfer *transfer;

	recipe_polls(LONG_US / 3);
	rig->request.recipe = &recipe;
	transfer = rig_transfer(rig);
	fake_plan(rig->fake, 0, end);
	if (phase > BEFORE)
		fake_bar2_set(rig->fake, READY, 1);
	if (phase > AFTER_START)
		fake_bar2_set(rig->fake, RUNNING, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	dma_channel_progress(rig->channel);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RUNNING);
	return transfer;
}

static enum fake_end end_of(enum phase phase)
{
	return phase == AFTER_END ? FAKE_DONE : FAKE_HANG;
}

START_TEST(cancelled_in_any_phase_its_last_steps_are_done)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = stands_in(&rig, phase, end_of(phase));
	/* The engine is stopped when it returns; the poll may take longer. */
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -EAGAIN);
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'),
			  phase == AFTER_START || phase == RUN);
	ck_assert(!recipe_disarmed(&rig));
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -EAGAIN);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert(recipe_disarmed(&rig));
	ck_assert_int_eq(dma_transfer_status(transfer),
			 phase == AFTER_END ? PLXDMA_DONE : PLXDMA_CANCELLED);
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(of_one_that_never_got_its_turn_no_step_is_done)
{
	struct plxdma_step poll = rig_poll(0x40, 1, 1, LONG_US);
	struct dma_batch batch = { .steps = &poll, .count = 1 };
	struct dma_transfer *waits, *queued;
	struct rig rig;

	recipe_plain();
	recipe_rig(&rig, C9054, "fake:");
	waits = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	ck_assert_int_eq(dma_card_batch(rig.card, &batch, NULL), -EAGAIN);
	ck_assert_int_eq(dma_transfer_submit(waits), 0);
	ck_assert_int_eq(dma_transfer_submit(queued), 0);
	ck_assert_int_eq(dma_transfer_cancel(queued, PLXDMA_CANCELLED), 0);
	ck_assert_int_eq(dma_transfer_cancel(waits, PLXDMA_CANCELLED), 0);
	dma_card_batch_drop(rig.card, &batch);
	dma_channel_progress(rig.channel);
	ck_assert_int_eq(dma_transfer_status(waits), PLXDMA_CANCELLED);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_CANCELLED);
	ck_assert_uint_eq(fake_calls(rig.fake, 'w'), 0);
	recipe_turn_free(&rig);
	dma_transfer_free(waits);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

START_TEST(freed_in_any_phase_its_last_steps_are_done_in_haste)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = stands_in(&rig, phase, end_of(phase));
	dma_transfer_free(transfer);
	ck_assert(recipe_disarmed(&rig));
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	recipe_turn_free(&rig);
	rig_break(&rig);
}
END_TEST

START_TEST(a_card_that_is_closed_in_any_phase_is_left_disarmed)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = stands_in(&rig, phase, end_of(phase));
	ck_assert_int_eq(dma_detach(rig.map), 0);
	dma_card_close(rig.card);
	ck_assert(recipe_disarmed(&rig));
	ck_assert_int_eq(rig.fake->closed, 1);
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	free(transfer->recipe);
	free(transfer);
	fake_arena_free(rig.arena);
	fake_free(rig.fake);
}
END_TEST

START_TEST(reset_in_any_phase_it_says_so_and_disarms)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:reset=allowed", NULL, 4);
	transfer = stands_in(&rig, phase, end_of(phase));
	rig.request.recipe = NULL;
	queued = rig_transfer(&rig);
	ck_assert_int_eq(dma_transfer_submit(queued), 0);
	ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
	fake_bar2_set(rig.fake, IDLE, 1);
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RESET);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_RESET);
	ck_assert(recipe_disarmed(&rig));
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

START_TEST(of_a_card_that_went_in_any_phase_nothing_more_is_asked)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = stands_in(&rig, phase, end_of(phase));
	rig.request.recipe = NULL;
	queued = rig_transfer(&rig);
	ck_assert_int_eq(dma_transfer_submit(queued), 0);
	rig.fake->gone = 1;
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_GONE);
	ck_assert(!recipe_disarmed(&rig));
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_NONE);
	dma_transfer_free(transfer);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

START_TEST(an_engine_that_cannot_be_stopped_gets_no_more_steps)
{
	const enum phase phase = _i ? RUN : AFTER_START;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = stands_in(&rig, phase, FAKE_STUCK);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -ESHUTDOWN);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_STUCK);
	ck_assert(!recipe_disarmed(&rig));
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_NONE);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(out_of_service_in_any_phase_it_ends)
{
	const enum phase phase = (enum phase)_i;
	struct dma_transfer *transfer, *stuck;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 1, FAKE_STUCK);
	stuck = rig_transfer_on(&rig, 1);
	ck_assert_int_eq(dma_transfer_submit(stuck), 0);
	transfer = stands_in(&rig, phase, end_of(phase));
	ck_assert_int_eq(dma_transfer_cancel(stuck, PLXDMA_CANCELLED),
			 -ESHUTDOWN);
	recipe_look(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_CANCELLED);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_NONE);
	rig.fake->regs[PLX_DMACSR1] |= PLX_DMACSR_DONE;
	dma_transfer_free(transfer);
	dma_transfer_free(stuck);
	rig_break(&rig);
}
END_TEST

static const struct {
	enum fake_end end;
	enum plxdma_status status;
} ends[] = {
	{ FAKE_MASTER_ABORT, PLXDMA_MASTER_ABORT },
	{ FAKE_TARGET_ABORT, PLXDMA_TARGET_ABORT },
	{ FAKE_RESET, PLXDMA_RESET },
};

START_TEST(after_a_fault_its_last_steps_are_done)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	recipe_plain();
	rig.request.recipe = &recipe;
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, ends[_i].end);
	rig_submit(transfer);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), ends[_i].status);
	ck_assert(recipe_disarmed(&rig));
	recipe_turn_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_9080_is_mended_once_others_let_it)
{
	struct plxdma_step poll = rig_poll(0x40, 1, 1, LONG_US);
	struct dma_batch batch = { .steps = &poll, .count = 1 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9080, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, FAKE_HANG);
	rig_submit(transfer);
	ck_assert_int_eq(dma_card_batch(rig.card, &batch, NULL), -EAGAIN);
	fake_forget(rig.fake);
	/* E8's transfer of no bytes is a start like any other. */
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	dma_transfer_take(transfer);
	fake_bar2_set(rig.fake, 0x40, 1);
	ck_assert_int_eq(dma_card_batch(rig.card, &batch, NULL), 0);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	/* Two starts: that, and the one that was asked for. */
	ck_assert_uint_eq(rig.fake->played[0], 1);
	ck_assert_uint_eq(fake_starts(rig.fake, 0), 2);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static TCase *ends_case(void)
{
	TCase *tcase = tcase_create("however it ends");

	tcase_add_loop_test(tcase,
			    cancelled_in_any_phase_its_last_steps_are_done, 0,
			    PHASES);
	tcase_add_test(tcase, of_one_that_never_got_its_turn_no_step_is_done);
	tcase_add_loop_test(tcase,
		freed_in_any_phase_its_last_steps_are_done_in_haste, 0, PHASES);
	tcase_add_loop_test(tcase,
		a_card_that_is_closed_in_any_phase_is_left_disarmed, 0, PHASES);
	tcase_add_loop_test(tcase, reset_in_any_phase_it_says_so_and_disarms,
			    0, PHASES);
	tcase_add_loop_test(tcase,
		of_a_card_that_went_in_any_phase_nothing_more_is_asked, 0,
		PHASES);
	tcase_add_loop_test(tcase,
		an_engine_that_cannot_be_stopped_gets_no_more_steps, 0, 2);
	tcase_add_loop_test(tcase, out_of_service_in_any_phase_it_ends, 0,
			    PHASES);
	tcase_add_loop_test(tcase, after_a_fault_its_last_steps_are_done, 0,
			    COUNT(ends));
	tcase_add_test(tcase, a_9080_is_mended_once_others_let_it);
	return tcase;
}

Suite *recipe_ends_suite(void)
{
	Suite *suite = suite_create("recipe-ends");

	suite_add_tcase(suite, ends_case());
	return suite;
}
