/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's turn and batches: what is done in one, and that nothing of
 * anybody else's comes in between.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "suites.h"

#define LONG_US 1000000u

static int batch_run(struct rig *rig, struct dma_batch *batch)
{
	return dma_card_batch(rig->card, batch, NULL);
}

START_TEST(steps_are_done_in_order_and_tell_what_they_read)
{
	struct plxdma_step steps[] = {
		rig_write(0x10, 7), rig_read(0x10),
		rig_poll(0x10, 0xf, 7, 10), rig_write(0x14, 9),
	};
	struct dma_batch batch = { .steps = steps, .count = COUNT(steps) };
	static const struct fake_access expected[] = {
		P(0x10, 7), R(0x10, 7), R(0x10, 7), P(0x14, 9),
	};
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(batch_run(&rig, &batch), 0);
	ck_assert_uint_eq(batch.position, 4);
	ck_assert_uint_eq(steps[1].value, 7);
	ck_assert_uint_eq(steps[2].value, 7);
	ck_assert(fake_wrote(rig.fake, expected, COUNT(expected)));
	rig_break(&rig);
}
END_TEST

static struct plxdma_step chip_write(uint32_t offset, uint32_t value)
{
	struct plxdma_step step = rig_write(offset, value);

	step.space = PLXDMA_SPACE_CHIP;
	return step;
}

START_TEST(nothing_is_done_if_one_of_them_may_not_be)
{
	struct plxdma_step steps[] = {
		rig_write(0x10, 7), chip_write(PLX_CNTRL, 0),
	};
	struct dma_batch batch = { .steps = steps, .count = COUNT(steps) };
	uint32_t value;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(batch_run(&rig, &batch), -EPERM);
	ck_assert_uint_eq(rig.fake->logged, 0);
	/* And the turn is free again. */
	ck_assert_int_eq(dma_card_bar(rig.card, 0, 2, 0, 32, &value, NULL), 0);
	rig_break(&rig);
}
END_TEST

static const struct {
	struct plxdma_step step;
	int code;
} refused[] = {
	{ { .op = 1, .space = 0, .width = 32, .offset = 0x68 }, -EPERM },
	{ { .op = 1, .space = 0, .width = 8, .offset = 0x6f }, -EPERM },
	{ { .op = 1, .space = 0, .width = 8, .offset = 0xa8 }, -EPERM },
	{ { .op = 1, .space = 16, .width = 16, .offset = 4 }, -EPERM },
	{ { .op = 1, .space = 16, .width = 16, .offset = 0x4e }, -EPERM },
	{ { .op = 1, .space = 2, .width = 32, .offset = 1 << 20 }, -ERANGE },
	{ { .op = 0, .space = 0, .width = 32, .offset = 0x200 }, -ERANGE },
	{ { .op = 0, .space = 3, .width = 32, .offset = 0 }, -ENXIO },
	{ { .op = 0, .space = 16, .width = 32, .offset = 0x100 }, -ERANGE },
};

START_TEST(steps_are_refused_as_single_accesses_are)
{
	struct plxdma_step step = refused[_i].step;
	struct dma_batch batch = { .steps = &step, .count = 1 };
	struct error error = { "" };
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(dma_card_batch(rig.card, &batch, &error),
			 refused[_i].code);
	ck_assert_str_ne(error.text, "");
	ck_assert_uint_eq(rig.fake->logged, 0);
	rig_break(&rig);
}
END_TEST

START_TEST(a_poll_that_never_comes_true_ends_in_its_time)
{
	struct plxdma_step steps[] = {
		rig_write(0x10, 7), rig_poll(0x14, 1, 1, 2000),
		rig_write(0x18, 9),
	};
	struct dma_batch batch = { .steps = steps, .count = COUNT(steps) };
	struct error error = { "" };
	uint64_t began = clock_ns(), took;
	struct rig rig;
	int result;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	do {
		result = dma_card_batch(rig.card, &batch, &error);
	} while (result == -EAGAIN);
	took = clock_ns() - began;
	ck_assert_int_eq(result, -ETIMEDOUT);
	ck_assert_uint_eq(batch.position, 1);
	ck_assert_uint_ge(took, 2000000);
	ck_assert_ptr_nonnull(strstr(error.text, "step 1"));
	ck_assert_uint_eq(fake_bar2(rig.fake, 0x18), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(the_last_look_of_a_poll_is_after_its_time)
{
	struct plxdma_step steps[] = { rig_poll(0x14, 1, 1, 1) };
	struct dma_batch batch = { .steps = steps, .count = 1 };
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(batch_run(&rig, &batch), -EAGAIN);
	usleep(1000);
	/* Nobody looked for long, and meanwhile it came true. */
	fake_bar2_set(rig.fake, 0x14, 1);
	ck_assert_int_eq(batch_run(&rig, &batch), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(a_card_that_went_is_no_poll_that_came_true)
{
	struct plxdma_step steps[] = { rig_poll(0x14, 1, 1, 100) };
	struct dma_batch batch = { .steps = steps, .count = 1 };
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.fake->gone = 1;
	ck_assert_int_eq(batch_run(&rig, &batch), -ENODEV);
	rig.fake->gone = 0;
	/* All ones that a register holds are. */
	fake_bar2_set(rig.fake, 0x14, UINT32_MAX);
	batch = (struct dma_batch){ .steps = steps, .count = 1 };
	ck_assert_int_eq(batch_run(&rig, &batch), 0);
	rig_break(&rig);
}
END_TEST

/* A batch that waits in a poll, in the middle of its turn. */
struct waiting {
	struct plxdma_step steps[2];
	struct dma_batch batch;
};

static void waiting_begin(struct rig *rig, struct waiting *waiting)
{
	waiting->steps[0] = rig_poll(0x40, 1, 1, LONG_US);
	waiting->steps[1] = rig_write(0x44, 5);
	waiting->batch = (struct dma_batch){
		.steps = waiting->steps, .count = 2,
	};
	ck_assert_int_eq(batch_run(rig, &waiting->batch), -EAGAIN);
	ck_assert(waiting->batch.turn.begun);
}

static void waiting_end(struct rig *rig, struct waiting *waiting)
{
	fake_bar2_set(rig->fake, 0x40, 1);
	ck_assert_int_eq(batch_run(rig, &waiting->batch), 0);
}

START_TEST(no_other_access_comes_between_the_steps)
{
	struct plxdma_step other = rig_write(0x48, 1);
	struct dma_batch second = { .steps = &other, .count = 1 };
	struct waiting first;
	uint32_t value = 3;
	uint16_t word;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	waiting_begin(&rig, &first);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_card_bar(rig.card, 1, 2, 0, 32, &value, NULL),
			 -EAGAIN);
	ck_assert_int_eq(dma_card_reg(rig.card, 0, PLX_MBOX3, 32, &value, NULL),
			 -EAGAIN);
	ck_assert_int_eq(dma_card_config(rig.card, 0, 0, 32, &value, NULL),
			 -EAGAIN);
	ck_assert_int_eq(dma_card_eeprom(rig.card, 0, 0, &word, 1, NULL),
			 -EAGAIN);
	ck_assert_int_eq(batch_run(&rig, &second), -EAGAIN);
	ck_assert(!second.turn.begun);
	ck_assert_uint_eq(rig.fake->logged, 0);
	waiting_end(&rig, &first);
	ck_assert_int_eq(dma_card_bar(rig.card, 1, 2, 0, 32, &value, NULL),
			 -EAGAIN);
	ck_assert_int_eq(batch_run(&rig, &second), 0);
	ck_assert_int_eq(dma_card_bar(rig.card, 1, 2, 0, 32, &value, NULL), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(no_start_comes_between_the_steps_but_right_after)
{
	struct dma_transfer *transfer;
	struct waiting batch;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	waiting_begin(&rig, &batch);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_WAITS);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_ne(dma_channel_deadline(rig.channel), 0);
	ck_assert_uint_lt(dma_channel_deadline(rig.channel),
			  clock_ns() + 1000000);
	waiting_end(&rig, &batch);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_ne(fake_writes(rig.fake), 0);
	ck_assert_int_eq(dma_channel_turn(rig.channel), DMA_TURN_NONE);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(who_came_first_is_served_first)
{
	struct plxdma_step step[2] = { rig_write(0x20, 1), rig_write(0x20, 2) };
	struct dma_batch second = { .steps = &step[0], .count = 1 };
	struct dma_batch third = { .steps = &step[1], .count = 1 };
	struct waiting first;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	waiting_begin(&rig, &first);
	ck_assert_int_eq(batch_run(&rig, &second), -EAGAIN);
	ck_assert_int_eq(batch_run(&rig, &third), -EAGAIN);
	waiting_end(&rig, &first);
	ck_assert_int_eq(batch_run(&rig, &third), -EAGAIN);
	ck_assert_int_eq(batch_run(&rig, &second), 0);
	ck_assert_int_eq(batch_run(&rig, &third), 0);
	ck_assert_uint_eq(fake_bar2(rig.fake, 0x20), 2);
	rig_break(&rig);
}
END_TEST

START_TEST(who_is_dropped_holds_nobody_up)
{
	struct plxdma_step step[2] = { rig_write(0x20, 1), rig_write(0x20, 2) };
	struct dma_batch second = { .steps = &step[0], .count = 1 };
	struct dma_batch third = { .steps = &step[1], .count = 1 };
	struct waiting first;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	waiting_begin(&rig, &first);
	ck_assert_int_eq(batch_run(&rig, &second), -EAGAIN);
	ck_assert_int_eq(batch_run(&rig, &third), -EAGAIN);
	/* One from the middle of the line, one in the middle of its turn. */
	dma_card_batch_drop(rig.card, &second);
	dma_card_batch_drop(rig.card, &first.batch);
	ck_assert_int_eq(batch_run(&rig, &third), 0);
	ck_assert_uint_eq(fake_bar2(rig.fake, 0x20), 2);
	ck_assert_uint_eq(fake_bar2(rig.fake, 0x44), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(a_start_that_waits_for_its_turn_can_be_cancelled)
{
	struct dma_transfer *transfer;
	struct waiting batch;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	waiting_begin(&rig, &batch);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_CANCELLED);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	waiting_end(&rig, &batch);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(the_channels_byte_order_is_never_a_programs)
{
	struct plxdma_mode mode;
	struct dma_transfer *transfer;
	struct error error = { "" };
	uint32_t value;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	mode_init(&mode);
	mode.big_endian = 1;
	rig.request.mode = &mode;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(rig.fake->regs[PLX_BIGEND], PLX_BIGEND_DMA0);
	value = PLX_BIGEND_DMA1 | PLX_BIGEND_DMA0;
	ck_assert_int_eq(dma_card_reg(rig.card, 1, PLX_BIGEND, 8, &value,
				      &error), -EPERM);
	ck_assert_ptr_nonnull(strstr(error.text, "big_endian"));
	value = 0;
	ck_assert_int_eq(dma_card_reg(rig.card, 1, PLX_BIGEND, 32, &value,
				      NULL), -EPERM);
	/* The spaces' are, and stay. */
	value = PLX_BIGEND_DMA0 | PLX_BIGEND_SPACE0;
	ck_assert_int_eq(dma_card_reg(rig.card, 1, PLX_BIGEND, 8, &value,
				      NULL), 0);
	dma_transfer_free(transfer);
	mode.big_endian = 0;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(rig.fake->regs[PLX_BIGEND], PLX_BIGEND_SPACE0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* What begins while an access or a start is being made waits until it is. */

struct meanwhile {
	struct rig rig;
	pthread_t thread;
	struct plxdma_step step;
	struct dma_batch batch;
};

static void *batch_meanwhile(void *argument)
{
	struct meanwhile *meanwhile = argument;
	int result;

	do {
		result = dma_card_batch(meanwhile->rig.card, &meanwhile->batch,
					NULL);
		usleep(100);
	} while (result == -EAGAIN);
	ck_assert_int_eq(result, 0);
	return NULL;
}

/* Once; gives the batch time to get in if nothing keeps it out. */
static void meanwhile_begin(struct fake *fake, char kind)
{
	struct meanwhile *meanwhile = fake->context;

	(void)kind;
	fake->just_before = NULL;
	ck_assert_int_eq(pthread_create(&meanwhile->thread, NULL,
					batch_meanwhile, meanwhile), 0);
	usleep(20000);
}

static void meanwhile_make(struct meanwhile *meanwhile)
{
	memset(meanwhile, 0, sizeof(*meanwhile));
	rig_make(&meanwhile->rig, C9054, "fake:", NULL, 4);
	meanwhile->step = rig_write(0x70, 1);
	meanwhile->batch = (struct dma_batch){
		.steps = &meanwhile->step, .count = 1,
	};
	meanwhile->rig.fake->context = meanwhile;
}

START_TEST(a_turn_begins_when_no_access_is_under_way)
{
	static const struct fake_access expected[] = {
		R(0x74, 0), P(0x70, 1),
	};
	struct meanwhile meanwhile;
	uint32_t value;

	meanwhile_make(&meanwhile);
	meanwhile.rig.fake->just_before = meanwhile_begin;
	ck_assert_int_eq(dma_card_bar(meanwhile.rig.card, 0, 2, 0x74, 32,
				      &value, NULL), 0);
	pthread_join(meanwhile.thread, NULL);
	ck_assert(fake_wrote(meanwhile.rig.fake, expected, 2));
	rig_break(&meanwhile.rig);
}
END_TEST

START_TEST(a_turn_begins_when_no_start_is_under_way)
{
	struct meanwhile meanwhile;
	struct dma_transfer *transfer;
	const struct fake_access *last;

	meanwhile_make(&meanwhile);
	transfer = rig_transfer_on(&meanwhile.rig, 1);
	meanwhile.rig.fake->just_before = meanwhile_begin;
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	pthread_join(meanwhile.thread, NULL);
	last = &meanwhile.rig.fake->log[meanwhile.rig.fake->logged - 1];
	ck_assert_int_eq(last->kind, 'w');
	ck_assert_uint_eq(last->offset, 0x70);
	dma_transfer_free(transfer);
	rig_break(&meanwhile.rig);
}
END_TEST

/* Threads: batches of two writes that only fit together, accesses, starts. */

#define PAIRS 400

struct crowd {
	struct rig rig;
	atomic_int stop;
	atomic_uint torn, accesses;
};

static int patient_batch(struct dma_card *card, struct dma_batch *batch)
{
	int result;

	while ((result = dma_card_batch(card, batch, NULL)) == -EAGAIN)
		sched_yield();
	return result;
}

static void *pairs_write(void *argument)
{
	struct crowd *crowd = argument;
	unsigned int i;

	for (i = 0; i < PAIRS; i++) {
		struct plxdma_step steps[] = {
			rig_write(0x80, i), rig_poll(0x80, 0, 0, 10),
			rig_write(0x84, i), rig_read(0x80),
		};
		struct dma_batch batch = { .steps = steps, .count = 4 };

		ck_assert_int_eq(patient_batch(crowd->rig.card, &batch), 0);
		crowd->torn += steps[3].value != i;
	}
	return NULL;
}

static void *accesses_make(void *argument)
{
	struct crowd *crowd = argument;
	struct plxdma_step step = rig_write(0x80, UINT32_MAX);
	struct dma_batch batch;
	uint32_t value;

	while (!crowd->stop) {
		value = UINT32_MAX;
		/* Who doesn't stand in line may wait for long. */
		if (dma_card_bar(crowd->rig.card, 1, 2, 0x80, 32, &value,
				 NULL)) {
			batch = (struct dma_batch){ .steps = &step,
						    .count = 1 };
			ck_assert_int_eq(patient_batch(crowd->rig.card,
						       &batch), 0);
		}
		crowd->accesses++;
	}
	return NULL;
}

static void *starts_make(void *argument)
{
	struct crowd *crowd = argument;
	struct dma_transfer *transfer = rig_transfer_on(&crowd->rig, 1);

	while (!crowd->stop) {
		ck_assert_int_eq(dma_transfer_submit(transfer), 0);
		ck_assert_int_eq(dma_transfer_wait(transfer, -1), 0);
		dma_transfer_take(transfer);
	}
	dma_transfer_free(transfer);
	return NULL;
}

/* A start between the first and the last write of a pair. */
static unsigned int starts_between(const struct fake *fake)
{
	unsigned int i, found = 0;
	int inside = 0;

	for (i = 0; i < fake->logged; i++) {
		const struct fake_access *access = &fake->log[i];

		if (access->kind == 'w' && access->offset == 0x80 &&
		    access->value != UINT32_MAX)
			inside = 1;
		else if (access->kind == 'r')
			inside = 0;
		else if (access->kind == 'W')
			found += (unsigned int)inside;
	}
	return found;
}

START_TEST(threads_find_no_gap_in_a_batch)
{
	static void *(*const roles[])(void *) = {
		pairs_write, pairs_write, accesses_make, starts_make,
	};
	pthread_t threads[COUNT(roles)];
	struct crowd crowd = { .stop = 0 };
	size_t i;

	rig_make(&crowd.rig, C9054, "fake:", NULL, 4);
	for (i = 0; i < COUNT(roles); i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, roles[i],
						&crowd), 0);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	crowd.stop = 1;
	pthread_join(threads[2], NULL);
	pthread_join(threads[3], NULL);
	ck_assert_uint_eq(crowd.torn, 0);
	ck_assert_uint_gt(crowd.accesses, 0);
	ck_assert_uint_eq(starts_between(crowd.rig.fake), 0);
	rig_break(&crowd.rig);
}
END_TEST

Suite *turn_suite(void)
{
	Suite *suite = suite_create("turn");
	TCase *tcase = tcase_create("batches");

	tcase_add_test(tcase, steps_are_done_in_order_and_tell_what_they_read);
	tcase_add_test(tcase, nothing_is_done_if_one_of_them_may_not_be);
	tcase_add_loop_test(tcase, steps_are_refused_as_single_accesses_are, 0,
			    COUNT(refused));
	tcase_add_test(tcase, a_poll_that_never_comes_true_ends_in_its_time);
	tcase_add_test(tcase, the_last_look_of_a_poll_is_after_its_time);
	tcase_add_test(tcase, a_card_that_went_is_no_poll_that_came_true);
	tcase_add_test(tcase, the_channels_byte_order_is_never_a_programs);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("one at a time");
	tcase_add_test(tcase, no_other_access_comes_between_the_steps);
	tcase_add_test(tcase, no_start_comes_between_the_steps_but_right_after);
	tcase_add_test(tcase, who_came_first_is_served_first);
	tcase_add_test(tcase, who_is_dropped_holds_nobody_up);
	tcase_add_test(tcase,
		       a_start_that_waits_for_its_turn_can_be_cancelled);
	tcase_add_test(tcase, a_turn_begins_when_no_access_is_under_way);
	tcase_add_test(tcase, a_turn_begins_when_no_start_is_under_way);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, threads_find_no_gap_in_a_batch);
	suite_add_tcase(suite, tcase);
	return suite;
}
