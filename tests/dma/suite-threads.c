/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two channels in two threads, and what a third does to the card: worth most
 * in a build with ThreadSanitizer.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "chip/recipe.h"
#include "rig.h"
#include "suites.h"

#define ROUNDS 300

/* Of each channel; those without steps are none. */
static struct plxdma_recipe groups[PLXDMA_CHANNELS];

struct worker {
	pthread_t thread;
	struct rig *rig;
	unsigned int channel;
	struct dma_transfer *transfer;
	unsigned int done, reset, refused;
};

static void work_once(struct worker *worker, struct dma_transfer *transfer)
{
	int result = dma_transfer_submit(transfer);

	if (result) {
		worker->refused++;
		return;
	}
	result = dma_transfer_wait(transfer, INT64_C(60000000000));
	ck_assert_int_eq(result, 0);
	worker->done += dma_transfer_status(transfer) == PLXDMA_DONE;
	worker->reset += dma_transfer_status(transfer) == PLXDMA_RESET;
	dma_transfer_take(transfer);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct dma_transfer *transfer = worker->transfer;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		work_once(worker, transfer);
	dma_transfer_free(transfer);
	return NULL;
}

static void workers_start(struct worker *workers, struct rig *rig)
{
	unsigned int n;

	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		if (groups[n].steps_count)
			rig->request.recipe = &groups[n];
		workers[n] = (struct worker){
			.rig = rig, .channel = n,
			.transfer = rig_transfer_on(rig, n),
		};
		ck_assert_int_eq(pthread_create(&workers[n].thread, NULL, work,
						&workers[n]), 0);
	}
}

static void workers_join(struct worker *workers)
{
	unsigned int n;

	for (n = 0; n < PLXDMA_CHANNELS; n++)
		pthread_join(workers[n].thread, NULL);
}

START_TEST(two_channels_do_not_disturb_each_other)
{
	static const uint64_t scattered[] = { 0x10000000, 0x20000000 };
	struct worker workers[PLXDMA_CHANNELS];
	struct plxdma_counters counters;
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", scattered, 2);
	mode_init(&mode);
	mode.big_endian = 1;
	rig.request.length = 8192;
	rig.request.mode = &mode;
	workers_start(workers, &rig);
	workers_join(workers);
	ck_assert_uint_eq(workers[0].done, ROUNDS);
	ck_assert_uint_eq(workers[1].done, ROUNDS);
	ck_assert_uint_eq(rig.fake->regs[PLX_BIGEND], 0xc0);
	dma_card_counters(rig.card, &counters);
	ck_assert_uint_eq(counters.transfers, 2 * ROUNDS);
	rig_break(&rig);
}
END_TEST

START_TEST(resets_by_a_third_thread_end_transfers_and_nothing_else)
{
	struct worker workers[PLXDMA_CHANNELS];
	struct rig rig;
	unsigned int i;

	rig_make(&rig, C9054, "fake:reset=allowed", NULL, 4);
	workers_start(workers, &rig);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
		usleep(200);
	}
	workers_join(workers);
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		ck_assert_uint_eq(workers[i].done + workers[i].reset, ROUNDS);
	rig_break(&rig);
}
END_TEST

/*
 * Recipes of both channels write to the same registers, and poll that nobody
 * else has meanwhile; two more threads try.
 */
#define GROUP_US 5000u

static void group_add(struct plxdma_recipe *recipe, enum plxdma_moment moment,
		      struct plxdma_step step)
{
	ck_assert_int_ge(recipe_add(recipe, moment, &step, NULL), 0);
}

static void group_make(unsigned int channel)
{
	struct plxdma_recipe *recipe = &groups[channel];
	const uint32_t mine = channel + 1;

	recipe_init(recipe);
	group_add(recipe, PLXDMA_BEFORE_START, rig_write(0x60, mine));
	group_add(recipe, PLXDMA_BEFORE_START, rig_read(0x00));
	group_add(recipe, PLXDMA_AFTER_START,
		  rig_poll(0x60, UINT32_MAX, mine, GROUP_US));
	group_add(recipe, PLXDMA_AFTER_END, rig_write(0x60, mine));
	group_add(recipe, PLXDMA_AFTER_END, rig_read(0x00));
	group_add(recipe, PLXDMA_AFTER_END,
		  rig_poll(0x60, UINT32_MAX, mine, GROUP_US));
}

/* Gives the others their chance in the middle of a group. */
static void yield_now(struct fake *fake, unsigned int offset)
{
	(void)fake;
	if (!offset)
		sched_yield();
}

struct intruder {
	pthread_t thread;
	struct rig *rig;
	atomic_int stop;
	atomic_uint got_in;
};

static void *intrude(void *argument)
{
	struct intruder *intruder = argument;
	struct plxdma_step step = rig_write(0x60, 99);
	struct dma_batch batch;
	uint32_t value;
	int result;

	while (!intruder->stop) {
		value = 77;
		intruder->got_in += !dma_card_bar(intruder->rig->card, 1, 2,
						  0x60, 32, &value, NULL);
		batch = (struct dma_batch){ .steps = &step, .count = 1 };
		do {
			result = dma_card_batch(intruder->rig->card, &batch,
						NULL);
		} while (result == -EAGAIN);
		ck_assert_int_eq(result, 0);
		intruder->got_in++;
	}
	return NULL;
}

static void recipes_run(const char *options, unsigned int resets)
{
	struct worker workers[PLXDMA_CHANNELS];
	struct intruder intruder = { .stop = 0 };
	struct rig rig;
	unsigned int n;

	rig_make(&rig, C9054, options, NULL, 4);
	rig.fake->on_bar_read = yield_now;
	intruder.rig = &rig;
	for (n = 0; n < PLXDMA_CHANNELS; n++)
		group_make(n);
	ck_assert_int_eq(pthread_create(&intruder.thread, NULL, intrude,
					&intruder), 0);
	workers_start(workers, &rig);
	for (n = 0; n < resets; n++) {
		ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
		usleep(300);
	}
	workers_join(workers);
	/* At the latest now. */
	while (!intruder.got_in)
		sched_yield();
	intruder.stop = 1;
	pthread_join(intruder.thread, NULL);
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		ck_assert_uint_eq(workers[n].done + workers[n].reset, ROUNDS);
		ck_assert(resets || workers[n].done == ROUNDS);
	}
	ck_assert_uint_gt(intruder.got_in, 0);
	rig_break(&rig);
}

START_TEST(recipes_of_two_threads_keep_everybody_out)
{
	recipes_run("fake:", 0);
}
END_TEST

START_TEST(resets_end_recipes_and_nothing_else)
{
	recipes_run("fake:reset=allowed", 20);
}
END_TEST

START_TEST(one_channel_going_out_of_service_stops_the_other_thread)
{
	struct worker worker = { .channel = 1 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_STUCK);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	worker.rig = &rig;
	worker.transfer = rig_transfer_on(&rig, 1);
	ck_assert_int_eq(pthread_create(&worker.thread, NULL, work, &worker),
			 0);
	usleep(300);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -ESHUTDOWN);
	pthread_join(worker.thread, NULL);
	ck_assert_uint_ge(worker.done + worker.refused + 1, ROUNDS);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

Suite *threads_suite(void)
{
	Suite *suite = suite_create("threads");
	TCase *tcase = tcase_create("two and three");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, two_channels_do_not_disturb_each_other);
	tcase_add_test(tcase,
		       resets_by_a_third_thread_end_transfers_and_nothing_else);
	tcase_add_test(tcase, recipes_of_two_threads_keep_everybody_out);
	tcase_add_test(tcase, resets_end_recipes_and_nothing_else);
	tcase_add_test(tcase,
		       one_channel_going_out_of_service_stops_the_other_thread);
	suite_add_tcase(suite, tcase);
	return suite;
}
