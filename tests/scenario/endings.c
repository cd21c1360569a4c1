/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers that are ended by their program: a wait that times out ends
 * nothing, a deadline and a cancel end it for good.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "rig.h"
#include "suites.h"

/* Engine, waiting and form; to-host and to-card alternate with them. */
#define SETTINGS 8

/* 0.26 s a transfer: not even a busy machine misses its middle. */
#define SLOW "rate=250e3"

static void open_slow(struct rig *rig, int i)
{
	rig_open(rig, i & 1 ? SLOW ",engine=inline" : SLOW ",engine=thread");
	rig_set_waiting(rig, i & 2 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
}

static void make_request(struct rig *rig, int i, unsigned int slot)
{
	rig_request(rig, (i ^ i >> 1 ^ i >> 2) & 1 ? PLXDMA_TO_CARD :
		    PLXDMA_TO_HOST,
		    i & 4 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK, slot);
}

static struct plxdma_transfer *start(struct rig *rig, int i, unsigned int slot)
{
	struct plxdma_transfer *transfer;

	make_request(rig, i, slot);
	transfer = rig_transfer(rig, 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	return transfer;
}

static void ends_as(struct plxdma_transfer *transfer, int error,
		    enum plxdma_status status)
{
	struct plxdma_result result = { .size = sizeof(result) };

	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, &result),
			 error);
	ck_assert_uint_eq(result.status, status);
}

START_TEST(a_wait_that_times_out_ends_nothing)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_transfer *transfer;
	struct rig rig;

	open_slow(&rig, _i);
	transfer = start(&rig, _i, 0);
	ck_assert_int_eq(plxdma_poll(transfer, &result), -EAGAIN);
	ck_assert_int_eq(plxdma_wait(transfer, 0, &result), -ETIMEDOUT);
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SECOND / 2000, &result),
			 -ETIMEDOUT);
	ends_as(transfer, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	rig_close(&rig);
}
END_TEST

START_TEST(a_deadline_ends_the_transfer_and_gives_the_memory_back)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct rig rig;

	open_slow(&rig, _i);
	make_request(&rig, _i, 0);
	ck_assert_int_eq(plxdma_transfer_once(rig.stage.channels[0],
					      &rig.request, RIG_SECOND / 1000,
					      &result), -ETIMEDOUT);
	ck_assert_uint_eq(result.status, PLXDMA_TIMED_OUT);
	ck_assert_uint_lt(result.bytes, RIG_SIZE);
	rig_check(&rig, result.bytes);
	rig_check_given_back(&rig);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(a_cancelled_transfer_has_let_go_of_its_memory)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	open_slow(&rig, _i);
	transfer = start(&rig, _i, 0);
	rig_sleep_ms(1);
	ck_assert_int_eq(plxdma_cancel(transfer), 0);
	/* Not taken yet, and let go of all the same. */
	rig_check_given_back(&rig);
	ends_as(transfer, -ECANCELED, PLXDMA_CANCELLED);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(a_transfer_cancelled_in_the_queue_never_starts)
{
	struct plxdma_transfer *first, *second, *third;
	struct plxdma_counters before = { .size = sizeof(before) };
	struct plxdma_counters after = { .size = sizeof(after) };
	struct rig rig;

	open_slow(&rig, _i);
	ck_assert_int_eq(plxdma_card_counters(rig.stage.card, &before), 0);
	first = start(&rig, _i, 0);
	second = start(&rig, _i, 1);
	third = start(&rig, _i, 2);
	ck_assert_int_eq(plxdma_cancel(second), 0);
	ends_as(second, -ECANCELED, PLXDMA_CANCELLED);
	ends_as(first, 0, PLXDMA_DONE);
	ends_as(third, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	ck_assert_int_eq(plxdma_card_counters(rig.stage.card, &after), 0);
	ck_assert_uint_eq(after.bytes_to_host + after.bytes_to_card -
			  before.bytes_to_host - before.bytes_to_card,
			  2 * RIG_SIZE);
	rig_close(&rig);
}
END_TEST

START_TEST(the_queue_goes_on_behind_a_cancelled_transfer)
{
	struct plxdma_transfer *first, *second;
	struct rig rig;

	open_slow(&rig, _i);
	first = start(&rig, _i, 0);
	second = start(&rig, _i, 1);
	rig_sleep_ms(1);
	ck_assert_int_eq(plxdma_cancel(first), 0);
	ends_as(second, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	ends_as(first, -ECANCELED, PLXDMA_CANCELLED);
	rig_close(&rig);
}
END_TEST

START_TEST(a_cancelled_transfer_can_be_submitted_again)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	open_slow(&rig, _i);
	transfer = start(&rig, _i, 0);
	ck_assert_int_eq(plxdma_cancel(transfer), 0);
	ends_as(transfer, -ECANCELED, PLXDMA_CANCELLED);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ends_as(transfer, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	rig_close(&rig);
}
END_TEST

/* It was done already: it is taken as what it was. */
START_TEST(cancelling_what_has_ended_changes_nothing)
{
	struct plxdma_transfer *transfer;
	struct rig rig;
	int error;

	rig_open(&rig, _i & 1 ? "engine=inline" : "engine=thread");
	rig_set_waiting(&rig, _i & 2 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
	transfer = start(&rig, _i, 0);
	rig_pass_ms(&rig, 300);
	error = plxdma_cancel(transfer);
	ck_assert_msg(error == 0 || error == -EINVAL, "%d", error);
	ends_as(transfer, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(freeing_a_running_transfer_gives_the_memory_back)
{
	struct rig rig;

	open_slow(&rig, _i);
	plxdma_transfer_free(start(&rig, _i, 0));
	rig_check_given_back(&rig);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(closing_a_channel_gives_the_memory_back)
{
	struct plxdma_channel **channel;
	struct rig rig;

	open_slow(&rig, _i);
	start(&rig, _i, 0);
	start(&rig, _i, 1);
	channel = &rig.stage.channels[0];
	plxdma_channel_close(*channel);
	rig_check_given_back(&rig);
	ck_assert_int_eq(plxdma_channel_open(rig.stage.card, 0, channel), 0);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(a_card_may_be_closed_while_it_works)
{
	struct rig rig;

	open_slow(&rig, _i);
	start(&rig, _i, 0);
	start(&rig, _i, 1);
	rig_close(&rig);
}
END_TEST

static void ignore(int signal)
{
	(void)signal;
}

/* A signal is the program's business, not the transfer's. */
START_TEST(a_signal_ends_the_wait_but_not_the_transfer)
{
	struct sigaction action = { .sa_handler = ignore };
	struct itimerval timer = { { .tv_usec = 300 }, { .tv_usec = 300 } };
	struct itimerval off = { 0 };
	struct plxdma_transfer *transfer;
	struct rig rig;
	int error;

	/* Asleep on the interrupt; who spins may never notice. */
	open_slow(&rig, _i & ~2);
	sigaction(SIGALRM, &action, NULL);
	transfer = start(&rig, _i, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	error = plxdma_wait(transfer, RIG_SOON, NULL);
	setitimer(ITIMER_REAL, &off, NULL);
	ck_assert_int_eq(error, -EINTR);
	ends_as(transfer, 0, PLXDMA_DONE);
	rig_check(&rig, RIG_SIZE);
	rig_close(&rig);
}
END_TEST

Suite *endings_suite(void)
{
	Suite *suite = suite_create("endings");
	TCase *tcase = tcase_create("endings");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_wait_that_times_out_ends_nothing, 0,
			    SETTINGS);
	tcase_add_loop_test(tcase,
		a_deadline_ends_the_transfer_and_gives_the_memory_back, 0,
		SETTINGS);
	tcase_add_loop_test(tcase,
		a_cancelled_transfer_has_let_go_of_its_memory, 0, SETTINGS);
	tcase_add_loop_test(tcase,
		a_transfer_cancelled_in_the_queue_never_starts, 0, SETTINGS);
	tcase_add_loop_test(tcase,
		the_queue_goes_on_behind_a_cancelled_transfer, 0, SETTINGS);
	tcase_add_loop_test(tcase, a_cancelled_transfer_can_be_submitted_again,
			    0, SETTINGS);
	tcase_add_loop_test(tcase, cancelling_what_has_ended_changes_nothing,
			    0, SETTINGS);
	tcase_add_loop_test(tcase,
		freeing_a_running_transfer_gives_the_memory_back, 0, SETTINGS);
	tcase_add_loop_test(tcase, closing_a_channel_gives_the_memory_back, 0,
			    SETTINGS);
	tcase_add_loop_test(tcase, a_card_may_be_closed_while_it_works, 0,
			    SETTINGS);
	tcase_add_loop_test(tcase, a_signal_ends_the_wait_but_not_the_transfer,
			    0, SETTINGS);
	suite_add_tcase(suite, tcase);
	return suite;
}
