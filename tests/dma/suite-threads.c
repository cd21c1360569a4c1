/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two channels in two threads, and what a third does to the card: worth most
 * in a build with ThreadSanitizer.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "rig.h"
#include "suites.h"

#define ROUNDS 300

struct worker {
	pthread_t thread;
	struct rig *rig;
	unsigned int channel;
	unsigned int done, reset, refused;
};

static void work_once(struct worker *worker, struct dma_transfer *transfer)
{
	int result = dma_transfer_submit(transfer);

	if (result) {
		worker->refused++;
		return;
	}
	result = dma_transfer_wait(transfer, INT64_C(1000000000));
	ck_assert_int_eq(result, 0);
	worker->done += dma_transfer_status(transfer) == PLXDMA_DONE;
	worker->reset += dma_transfer_status(transfer) == PLXDMA_RESET;
	dma_transfer_take(transfer);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct dma_transfer *transfer =
		rig_transfer_on(worker->rig, worker->channel);
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
		workers[n] = (struct worker){ .rig = rig, .channel = n };
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
	tcase_add_test(tcase,
		       one_channel_going_out_of_service_stops_the_other_thread);
	suite_add_tcase(suite, tcase);
	return suite;
}
