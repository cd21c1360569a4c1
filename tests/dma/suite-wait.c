/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting: short spin, bounded sleep, interrupts that come, and that don't. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "rig.h"
#include "suites.h"

#define MS INT64_C(1000000)

static struct dma_transfer *waiting_rig(struct rig *rig, enum fake_end end)
{
	rig_make(rig, C9054, "fake:", NULL, 4);
	rig->fake->interrupts = 1;
	rig->request.quiet = 0;
	fake_plan(rig->fake, 0, end);
	return rig_transfer(rig);
}

/* CPU time that the process has used. */
static uint64_t cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
		       1000000000u +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) *
		       1000u;
}

/* Ends channel 0's transfer after a while, from another thread. */
struct finisher {
	pthread_t thread;
	struct fake *fake;
	unsigned int after_us;
	int signals;
};

static void *finish(void *argument)
{
	struct finisher *finisher = argument;
	struct fake *fake = finisher->fake;

	usleep(finisher->after_us);
	pthread_mutex_lock(&fake->lock);
	fake->interrupts = finisher->signals;
	fake_finish(fake, 0);
	pthread_mutex_unlock(&fake->lock);
	return NULL;
}

static void finish_after(struct finisher *finisher, struct rig *rig,
			 unsigned int us, int signals)
{
	*finisher = (struct finisher){ .fake = rig->fake, .after_us = us,
				       .signals = signals };
	ck_assert_int_eq(pthread_create(&finisher->thread, NULL, finish,
					finisher), 0);
}

START_TEST(what_is_done_already_is_seen_by_one_read)
{
	struct dma_transfer *transfer;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_DONE);
	rig_submit(transfer);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_wait(transfer, -1), 0);
	ck_assert_uint_eq(rig.fake->csr_reads, 1);
	/* And is not taken by the wait. */
	ck_assert_int_eq(dma_transfer_wait(transfer, -1), 0);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), transfer);
	ck_assert_int_eq(dma_transfer_wait(transfer, -1), -EINVAL);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_timeout_leaves_the_transfer_running)
{
	struct dma_transfer *transfer;
	uint64_t begin;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_wait(transfer, 0), -ETIMEDOUT);
	begin = clock_ns();
	ck_assert_int_eq(dma_transfer_wait(transfer, 5 * MS), -ETIMEDOUT);
	ck_assert_uint_ge(clock_ns() - begin, 5 * (uint64_t)MS);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RUNNING);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	fake_finish(rig.fake, 0);
	ck_assert_int_eq(dma_transfer_wait(transfer, -1), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_sleeper_is_woken_by_the_interrupt)
{
	struct dma_transfer *transfer;
	struct finisher finisher;
	uint64_t used;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig_submit(transfer);
	finish_after(&finisher, &rig, 150000, 1);
	used = cpu_ns();
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), 0);
	/* 150 ms of waiting, hardly any of computing. */
	ck_assert_uint_lt(cpu_ns() - used, 75 * (uint64_t)MS);
	pthread_join(finisher.thread, NULL);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_lost_interrupt_is_survived)
{
	struct dma_transfer *transfer;
	struct finisher finisher;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig_submit(transfer);
	finish_after(&finisher, &rig, 5000, 0);
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), 0);
	pthread_join(finisher.thread, NULL);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(an_interrupt_without_a_reason_is_acknowledged_and_slept_over)
{
	const uint64_t one = 1;
	struct dma_transfer *transfer;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig_submit(transfer);
	ck_assert_int_eq(write(rig.fake->fds[0], &one, sizeof(one)),
			 sizeof(one));
	ck_assert_int_eq(dma_transfer_wait(transfer, 500 * MS), -ETIMEDOUT);
	ck_assert_uint_eq(rig.fake->acks, 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(an_abort_wakes_a_sleeper_within_some_milliseconds)
{
	struct dma_transfer *transfer;
	uint64_t begin;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_MASTER_ABORT);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	begin = clock_ns();
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_MASTER_ABORT);
	/* Far from the deadline: somebody looked. */
	ck_assert_uint_lt(clock_ns() - begin, 20000 * (uint64_t)MS);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static void finish_on_service(struct fake *fake)
{
	if (fake->services == 3)
		fake_finish(fake, 0);
}

START_TEST(polling_gives_the_card_its_turns)
{
	struct dma_transfer *transfer;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig.card->service_fd = eventfd(0, EFD_CLOEXEC);
	rig.fake->on_service = finish_on_service;
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 PLXDMA_WAIT_SPIN), 0);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), 0);
	ck_assert_uint_eq(rig.fake->services, 3);
	ck_assert_uint_eq(rig.fake->acks, 0);
	dma_transfer_free(transfer);
	close(rig.card->service_fd);
	rig_break(&rig);
}
END_TEST

START_TEST(a_sleeper_is_woken_to_serve_the_card)
{
	const uint64_t one = 1;
	struct dma_transfer *transfer;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig.card->service_fd = eventfd(0, EFD_CLOEXEC);
	ck_assert_int_eq(write(rig.card->service_fd, &one, sizeof(one)),
			 sizeof(one));
	rig.fake->on_service = finish_on_service;
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), 0);
	ck_assert_uint_ge(rig.fake->services, 3);
	dma_transfer_free(transfer);
	close(rig.card->service_fd);
	rig_break(&rig);
}
END_TEST

START_TEST(polling_ends_at_the_deadline)
{
	struct dma_transfer *transfer;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 PLXDMA_WAIT_SPIN), 0);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_wait(transfer, 2 * MS), -ETIMEDOUT);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_queued_transfer_is_waited_for_through_those_before_it)
{
	struct dma_transfer *first, *second;
	struct finisher finisher;
	struct rig rig;

	/* The first makes no interrupt, the second does. */
	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.fake->interrupts = 1;
	fake_plan(rig.fake, 0, FAKE_HANG);
	first = rig_transfer(&rig);
	rig.request.quiet = 0;
	second = rig_transfer(&rig);
	rig_submit(first);
	rig_submit(second);
	finish_after(&finisher, &rig, 2000, 1);
	ck_assert_int_eq(dma_transfer_wait(second, 60000 * MS), 0);
	pthread_join(finisher.thread, NULL);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), first);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), second);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

static void on_signal(int number)
{
	(void)number;
}

static atomic_int interrupted;

/* Again and again: the first may come before the wait has begun. */
static void *interrupt_waiter(void *argument)
{
	pthread_t *waiter = argument;

	while (!interrupted) {
		usleep(20000);
		pthread_kill(*waiter, SIGUSR1);
	}
	return NULL;
}

START_TEST(a_signal_ends_the_wait_and_not_the_transfer)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct dma_transfer *transfer;
	pthread_t self = pthread_self(), thread;
	struct rig rig;

	transfer = waiting_rig(&rig, FAKE_HANG);
	rig_submit(transfer);
	sigaction(SIGUSR1, &action, NULL);
	ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_waiter,
					&self), 0);
	ck_assert_int_eq(dma_transfer_wait(transfer, 60000 * MS), -EINTR);
	interrupted = 1;
	pthread_join(thread, NULL);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RUNNING);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(the_descriptor_is_the_interrupts)
{
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(dma_channel_fd(rig.channel), rig.fake->fds[0]);
	ck_assert_int_eq(dma_channel_fd(dma_card_channel(rig.card, 1)),
			 rig.fake->fds[1]);
	rig_break(&rig);
}
END_TEST

Suite *wait_suite(void)
{
	Suite *suite = suite_create("wait");
	TCase *tcase = tcase_create("waiting");

	tcase_add_test(tcase, what_is_done_already_is_seen_by_one_read);
	tcase_add_test(tcase, a_timeout_leaves_the_transfer_running);
	tcase_add_test(tcase, a_sleeper_is_woken_by_the_interrupt);
	tcase_add_test(tcase, a_lost_interrupt_is_survived);
	tcase_add_test(
		tcase,
		an_interrupt_without_a_reason_is_acknowledged_and_slept_over);
	tcase_add_test(tcase,
		       an_abort_wakes_a_sleeper_within_some_milliseconds);
	tcase_add_test(tcase, polling_gives_the_card_its_turns);
	tcase_add_test(tcase, a_sleeper_is_woken_to_serve_the_card);
	tcase_add_test(tcase, polling_ends_at_the_deadline);
	tcase_add_test(tcase,
		       a_queued_transfer_is_waited_for_through_those_before_it);
	tcase_add_test(tcase, a_signal_ends_the_wait_and_not_the_transfer);
	tcase_add_test(tcase, the_descriptor_is_the_interrupts);
	suite_add_tcase(suite, tcase);
	return suite;
}
