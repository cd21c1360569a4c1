/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recipes: each step at its moment and nothing in between, whatever happens to
 * the transfer meanwhile.  Everything on the card of paper, look by look.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chip/recipe.h"
#include "rig.h"
#include "suites.h"

#define L 0x20000000u
#define SOON_US 2000u
#define LONG_US 900000u

/* BAR2's registers of the board that the recipes are for. */
enum { ARM = 0x00, READY = 0x04, TRIGGER = 0x08, RUNNING = 0x0c,
       COUNTER = 0x10, DISARM = 0x14, IDLE = 0x18 };

static struct plxdma_recipe recipe;

static int add(enum plxdma_moment moment, struct plxdma_step step)
{
	struct error error = { "" };
	int index = recipe_add(&recipe, moment, &step, &error);

	ck_assert_msg(index >= 0, "%s", error.text);
	return index;
}

/* Arm, start, trigger, disarm. */
static void recipe_plain(void)
{
	recipe_init(&recipe);
	add(PLXDMA_BEFORE_START, rig_write(ARM, 1));
	add(PLXDMA_AFTER_START, rig_write(TRIGGER, 2));
	add(PLXDMA_AFTER_END, rig_write(DISARM, 3));
}

/* The same with a poll at each moment. */
static void recipe_polls(uint32_t timeout_us)
{
	/* Those shall not end while a slow machine looks elsewhere. */
	if (timeout_us > SOON_US)
		rig_clock_stop();
	recipe_init(&recipe);
	add(PLXDMA_BEFORE_START, rig_write(ARM, 1));
	add(PLXDMA_BEFORE_START, rig_poll(READY, 1, 1, timeout_us));
	add(PLXDMA_AFTER_START, rig_write(TRIGGER, 2));
	add(PLXDMA_AFTER_START, rig_poll(RUNNING, 1, 1, timeout_us));
	add(PLXDMA_AFTER_END, rig_poll(IDLE, 1, 1, timeout_us));
	add(PLXDMA_AFTER_END, rig_write(DISARM, 3));
}

static void rig_of_recipe(struct rig *rig, uint32_t chip, const char *options)
{
	rig_make(rig, chip, options, NULL, 4);
	rig->request.recipe = &recipe;
}

static int disarmed(const struct rig *rig)
{
	return fake_bar2(rig->fake, DISARM) == 3;
}

/* Looks until it has ended, or the look after which it never will. */
static void look_until_ended(struct rig *rig,
			     const struct dma_transfer *transfer)
{
	uint64_t end = clock_ns() + UINT64_C(60000000000);

	while (dma_transfer_status(transfer) == PLXDMA_RUNNING) {
		ck_assert_uint_lt(clock_ns(), end);
		dma_channel_progress(rig->channel);
	}
}

static void is_free(struct rig *rig)
{
	uint32_t value;

	ck_assert_int_eq(dma_channel_turn(rig->channel), DMA_TURN_NONE);
	ck_assert_int_eq(dma_card_bar(rig->card, 0, 2, 0x80, 32, &value, NULL),
			 0);
}

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
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(rig.fake->logged, 0);
	rig_submit(transfer);
	ck_assert(fake_wrote(rig.fake, first, COUNT(first)));
	is_free(&rig);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert(fake_wrote(rig.fake, second, COUNT(second)));
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	is_free(&rig);
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
	rig_of_recipe(&rig, C9054, "fake:");
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
	add((enum plxdma_moment)(_i % 3), forbidden[_i]);
	rig_of_recipe(&rig, C9056, "fake:");
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
	add((enum plxdma_moment)(_i % 3), allowed[_i]);
	rig_of_recipe(&rig, C9056, "fake:");
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
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	recipe_init(&recipe);
	add(PLXDMA_AFTER_END, rig_read(1 << 20));
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL),
			 -ERANGE);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert(disarmed(&rig));
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
	add(PLXDMA_AFTER_END, rig_read(COUNTER));
	add(PLXDMA_BEFORE_START, rig_read(READY));
	rig_of_recipe(&rig, C9054, "fake:");
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

/* Polls. */

START_TEST(polls_are_waited_for_look_by_look)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(LONG_US / 3);
	rig_of_recipe(&rig, C9054, "fake:");
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
	is_free(&rig);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_HAS);
	ck_assert(!disarmed(&rig));
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert(disarmed(&rig));
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	is_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_before_the_start_that_fails_starts_nothing)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	look_until_ended(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes, 0);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	ck_assert_uint_eq(fake_bar2(rig.fake, TRIGGER), 0);
	ck_assert(disarmed(&rig));
	is_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_after_the_start_that_fails_stops_the_engine)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	look_until_ended(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 1);
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	ck_assert(disarmed(&rig));
	is_free(&rig);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_after_the_end_that_fails_keeps_no_step_back)
{
	struct dma_transfer *transfer;
	struct rig rig;

	recipe_polls(SOON_US);
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, READY, 1);
	fake_bar2_set(rig.fake, RUNNING, 1);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	look_until_ended(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer),
			 PLXDMA_POLL_TIMED_OUT);
	ck_assert_uint_eq(rig_result(transfer).bytes, 256);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	ck_assert(disarmed(&rig));
	is_free(&rig);
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
	rig_of_recipe(&rig, C9054, "fake:");
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
	rig_of_recipe(&rig, C9054, "fake:");
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
	rig_of_recipe(&rig, C9054, "fake:");
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
	look_until_ended(&rig, second);
	ck_assert_int_eq(dma_transfer_status(second), PLXDMA_DONE);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

/* However it ends. */

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
	ck_assert(!disarmed(&rig));
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -EAGAIN);
	fake_bar2_set(rig.fake, IDLE, 1);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert(disarmed(&rig));
	ck_assert_int_eq(dma_transfer_status(transfer),
			 phase == AFTER_END ? PLXDMA_DONE : PLXDMA_CANCELLED);
	is_free(&rig);
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
	rig_of_recipe(&rig, C9054, "fake:");
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
	is_free(&rig);
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
	ck_assert(disarmed(&rig));
	ck_assert(rig.fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE);
	is_free(&rig);
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
	ck_assert(disarmed(&rig));
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
	look_until_ended(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RESET);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_RESET);
	ck_assert(disarmed(&rig));
	is_free(&rig);
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
	look_until_ended(&rig, transfer);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_GONE);
	ck_assert(!disarmed(&rig));
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
	ck_assert(!disarmed(&rig));
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
	look_until_ended(&rig, transfer);
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
	ck_assert(disarmed(&rig));
	is_free(&rig);
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
	add(PLXDMA_AFTER_END, rig_read(COUNTER));
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
	add(PLXDMA_AFTER_END, rig_read(COUNTER));
	ck_assert_int_eq(recipe_count(&recipe, 0, 4, NULL), 0);
	rig_of_recipe(&rig, C9054, "fake:");
	transfer = rig_transfer(&rig);
	fake_bar2_set(rig.fake, COUNTER, 13);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(rig_result(transfer).bytes, 256);
	dma_transfer_free(transfer);
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
	rig_of_recipe(&rig, C9054, "fake:");
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

Suite *recipe_suite(void)
{
	Suite *suite = suite_create("recipe");

	suite_add_tcase(suite, moments_case());
	suite_add_tcase(suite, polls_case());
	suite_add_tcase(suite, ends_case());
	return suite;
}
