/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting, polling, a poll loop of one's own, cancelling.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "lent.h"

static struct plxdma_transfer *made(uint64_t offset, uint64_t length)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, offset,
					      length);
	struct plxdma_transfer *transfer;

	ok(plxdma_transfer_new(channel, &request, &transfer));
	return transfer;
}

static int readable(int fd, int milliseconds)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, milliseconds) == 1;
}

START_TEST(wait_that_times_out_has_not_ended_it)
{
	/* 256 KiB at 250 kB/s: a second */
	struct plxdma_transfer *transfer = made(0, 262144);
	struct plxdma_result result = { .size = sizeof(result) };

	ck_assert_int_eq(plxdma_wait(transfer, 0, NULL), -EINVAL);
	ok(plxdma_submit(transfer));
	failed(plxdma_submit(transfer), -EBUSY, "under way");
	ck_assert_int_eq(plxdma_poll(transfer, NULL), -EAGAIN);
	ck_assert_int_eq(plxdma_wait(transfer, 1000000, NULL), -ETIMEDOUT);
	ok(plxdma_wait(transfer, SOON, &result));
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
	ck_assert_uint_eq(result.bytes, 262144);
	ck_assert_int_eq(plxdma_poll(transfer, NULL), -EINVAL);
}
END_TEST

START_TEST(deadline_of_a_call_aborts_and_confirms)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0,
					      1u << 20);
	struct plxdma_result result = { .size = sizeof(result) };

	ck_assert_int_eq(plxdma_transfer_once(channel, &request, 5000000,
					      &result), -ETIMEDOUT);
	ck_assert_uint_eq(result.status, PLXDMA_TIMED_OUT);
	request = range(PLXDMA_TO_HOST, SRAM, 0, 64);
	ok(plxdma_transfer_once(channel, &request, SOON, &result));
}
END_TEST

START_TEST(cancelled_is_told_from_done)
{
	struct plxdma_transfer *transfer = made(0, 1u << 20);
	struct plxdma_result result = { .size = sizeof(result) };

	failed(plxdma_cancel(transfer), -EINVAL, "under way");
	ok(plxdma_submit(transfer));
	ok(plxdma_cancel(transfer));
	failed(plxdma_wait(transfer, 0, &result), -ECANCELED, "cancelled");
	ck_assert_uint_eq(result.status, PLXDMA_CANCELLED);
	plxdma_transfer_free(transfer);
	transfer = made(0, 4);
	ok(plxdma_submit(transfer));
	ck_assert(readable(plxdma_channel_fd(channel), SOON_MS));
	ok(plxdma_cancel(transfer));
	ok(plxdma_wait(transfer, 0, &result));
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
}
END_TEST

START_TEST(transfer_under_way_is_freed)
{
	for (int i = 0; i < 5; i++) {
		struct plxdma_transfer *transfer = made(0, 1u << 20);

		ok(plxdma_submit(transfer));
		plxdma_transfer_free(transfer);
	}
	plxdma_transfer_free(made(0, 4));
}
END_TEST

START_TEST(settings_wait_for_transfers)
{
	struct plxdma_transfer *transfer = made(0, 262144);
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 4);

	ok(plxdma_submit(transfer));
	ck_assert_int_eq(plxdma_channel_set_mode(channel, mode), -EBUSY);
	ck_assert_int_eq(plxdma_channel_set_waiting(channel,
						    PLXDMA_WAIT_SPIN), -EBUSY);
	ck_assert_int_eq(plxdma_transfer_change(transfer, &request), -EBUSY);
	ok(plxdma_wait(transfer, SOON, NULL));
	ok(plxdma_channel_set_mode(channel, mode));
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(spinning_works_as_well)
{
	struct plxdma_transfer *transfer;

	ok(plxdma_channel_set_waiting(channel, PLXDMA_WAIT_SPIN));
	transfer = made(0, 262144);
	for (int i = 0; i < 3; i++) {
		ok(plxdma_submit(transfer));
		ck_assert_int_eq(plxdma_wait(transfer, 1000000, NULL),
				 -ETIMEDOUT);
		ok(plxdma_wait(transfer, SOON, NULL));
	}
}
END_TEST

START_TEST(queue_that_is_full_says_try_again)
{
	static struct plxdma_transfer *all[257];
	int result = 0, count = 0;

	for (int i = 0; i < 257; i++)
		all[i] = made(0, 1024);
	while (!result && count < 257) {
		result = plxdma_submit(all[count]);
		count += !result;
	}
	failed(result, -EAGAIN, "under way");
	ck_assert_int_eq(count, 256);
	ok(plxdma_wait(all[0], SOON, NULL));
	ok(plxdma_submit(all[256]));
	for (int i = 1; i < 257; i++)
		ok(plxdma_wait(all[i], SOON, NULL));
}
END_TEST

START_TEST(poll_loop_reaps_in_order)
{
	int fd = plxdma_channel_fd(channel);
	struct plxdma_transfer *all[8];
	int reaped = 0;

	ck_assert_int_ge(fd, 0);
	ck_assert_ptr_null(plxdma_channel_reap(channel, NULL));
	ck_assert(!readable(fd, 0));
	for (int i = 0; i < 8; i++) {
		all[i] = made(0, 16384);
		ok(plxdma_submit(all[i]));
	}
	while (reaped < 8) {
		struct plxdma_result result = { .size = sizeof(result) };
		struct plxdma_transfer *transfer;

		ck_assert(readable(fd, SOON_MS));
		while ((transfer = plxdma_channel_reap(channel, &result))) {
			ck_assert_ptr_eq(transfer, all[reaped++]);
			ck_assert_uint_eq(result.bytes, 16384);
		}
	}
	ck_assert(!readable(fd, 0));
}
END_TEST

START_TEST(descriptor_is_readable_for_what_another_wait_found)
{
	struct plxdma_transfer *first = made(0, 16384);
	struct plxdma_transfer *second = made(0, 16384);
	int fd = plxdma_channel_fd(channel);

	ok(plxdma_submit(first));
	ok(plxdma_submit(second));
	ok(plxdma_wait(second, SOON, NULL));
	ck_assert(readable(fd, 0));
	ck_assert_ptr_eq(plxdma_channel_reap(channel, NULL), first);
	ck_assert_ptr_null(plxdma_channel_reap(channel, NULL));
	ck_assert(!readable(fd, 0));
}
END_TEST

START_TEST(descriptor_that_is_asked_for_late_is_readable)
{
	struct plxdma_transfer *transfer = made(0, 4);

	ok(plxdma_submit(transfer));
	settle(50);
	ck_assert(readable(plxdma_channel_fd(channel), SOON_MS));
	ck_assert_ptr_eq(plxdma_channel_reap(channel, NULL), transfer);
}
END_TEST

static void on_alarm(int unused)
{
	(void)unused;
}

START_TEST(signal_interrupts_a_wait_and_the_transfer_goes_on)
{
	struct sigaction action = { .sa_handler = on_alarm };
	/* And again, in case the first comes before the wait has begun. */
	struct itimerval timer = { .it_value.tv_usec = 20000,
				   .it_interval.tv_usec = 20000 };
	struct plxdma_transfer *transfer = made(0, 262144);

	sigaction(SIGALRM, &action, NULL);
	ok(plxdma_submit(transfer));
	setitimer(ITIMER_REAL, &timer, NULL);
	ck_assert_int_eq(plxdma_wait(transfer, -1, NULL), -EINTR);
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	ok(plxdma_wait(transfer, -1, NULL));
}
END_TEST

static void *other_channel(void *unused)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 65536,
					      4096);
	struct plxdma_channel *second;
	struct plxdma_card_info info = { .size = sizeof(info) };

	if (plxdma_channel_open(card, 1, &second))
		return NULL;
	for (int i = 0; i < 200; i++) {
		if (plxdma_transfer_once(second, &request, SOON, NULL) ||
		    plxdma_card_info(card, &info))
			return NULL;
	}
	plxdma_channel_close(second);
	return unused;
}

START_TEST(channels_belong_to_different_threads)
{
	struct plxdma_transfer *transfer = made(0, 4096);
	struct plxdma_counters counters = { .size = sizeof(counters) };
	pthread_t thread;
	void *result;
	int mark;

	ck_assert_int_eq(pthread_create(&thread, NULL, other_channel, &mark),
			 0);
	for (int i = 0; i < 200; i++) {
		ok(plxdma_submit(transfer));
		ok(plxdma_wait(transfer, SOON, NULL));
		ok(plxdma_card_counters(card, &counters));
	}
	pthread_join(thread, &result);
	ck_assert_ptr_eq(result, &mark);
}
END_TEST

Suite *waiting_suite(void)
{
	Suite *suite = suite_create("waiting");
	TCase *slow = tcase_create("slow");
	TCase *fast = tcase_create("fast");

	tcase_add_checked_fixture(slow, lent_slow, lent_close);
	tcase_set_timeout(slow, 60);
	tcase_add_test(slow, wait_that_times_out_has_not_ended_it);
	tcase_add_test(slow, deadline_of_a_call_aborts_and_confirms);
	tcase_add_test(slow, cancelled_is_told_from_done);
	tcase_add_test(slow, transfer_under_way_is_freed);
	tcase_add_test(slow, settings_wait_for_transfers);
	tcase_add_test(slow, spinning_works_as_well);
	tcase_add_test(slow, queue_that_is_full_says_try_again);
	tcase_add_test(slow, poll_loop_reaps_in_order);
	tcase_add_test(slow,
		       descriptor_is_readable_for_what_another_wait_found);
	tcase_add_test(slow, descriptor_that_is_asked_for_late_is_readable);
	tcase_add_test(slow,
		       signal_interrupts_a_wait_and_the_transfer_goes_on);
	suite_add_tcase(suite, slow);
	tcase_add_checked_fixture(fast, lent_fast, lent_close);
	tcase_set_timeout(fast, 60);
	tcase_add_test(fast, poll_loop_reaps_in_order);
	tcase_add_test(fast,
		       descriptor_is_readable_for_what_another_wait_found);
	tcase_add_test(fast, channels_belong_to_different_threads);
	suite_add_tcase(suite, fast);
	return suite;
}
