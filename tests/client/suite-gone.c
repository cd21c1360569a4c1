/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon dies under its client: every call ends, with one error.
 */
#include "suites.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lent.h"

static void kill_lender(void)
{
	kill(lender.pid, SIGKILL);
	waitpid(lender.pid, NULL, 0);
}

static void clean(void)
{
	plxdma_close(card);
	unlink(lender.socket);
	unlink(lender.log);
	rmdir(lender.directory);
}

static void wait_ends(enum plxdma_waiting waiting)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, MEMORY);
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_transfer *transfer;

	ok(plxdma_channel_set_waiting(channel, waiting));
	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_submit(transfer));
	memset(memory, 1, 4096);
	kill_lender();
	failed(plxdma_wait(transfer, -1, &result), -ENODEV, "plxdmad");
	ck_assert_uint_eq(result.status, PLXDMA_GONE);
	failed(plxdma_submit(transfer), -ENODEV, "open it again");
	failed(plxdma_card_info(card, &info), -ENODEV, "open it again");
	failed(plxdma_transfer_new(channel, &request, &transfer), -ENODEV,
	       "open it again");
	/* Its memory stays readable. */
	ck_assert_int_ge(memory[4095], 0);
	clean();
}

START_TEST(sleeping_wait_ends)
{
	wait_ends(PLXDMA_WAIT_EVENT);
}
END_TEST

START_TEST(spinning_wait_ends)
{
	wait_ends(PLXDMA_WAIT_SPIN);
}
END_TEST

START_TEST(cancel_ends)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, MEMORY);
	struct plxdma_transfer *transfer;

	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_submit(transfer));
	kill_lender();
	ok(plxdma_cancel(transfer));
	ck_assert_int_eq(plxdma_wait(transfer, 0, NULL), -ENODEV);
	plxdma_transfer_free(transfer);
	clean();
}
END_TEST

START_TEST(card_is_opened_again_with_the_next_daemon)
{
	static const char spec[] = "model:pages=small";
	struct plxdma_card *again;

	ck_assert_int_eq(plxdma_reopen(NULL, 0, &again), -EINVAL);
	memset(memory, 7, 4096);
	kill_lender();
	ck_assert_int_eq(plxdma_reopen(card, 0, &again), -ECONNREFUSED);
	ck_assert_ptr_null(again);
	fixture_again(&lender, NULL, spec, NULL);
	ok(plxdma_reopen(card, INT64_C(60000000000), &again));
	ck_assert_int_eq(memory[4095], 7);
	plxdma_close(card);
	card = again;
	memory = plxdma_alloc_coherent(card, MEMORY, &handle);
	ck_assert_ptr_nonnull(memory);
	plxdma_close(card);
	ck_assert_int_eq(fixture_stop(&lender), 0);
}
END_TEST

START_TEST(memory_outlives_a_daemon_that_is_told_to_stop)
{
	memset(memory, 7, MEMORY);
	ck_assert_int_eq(fixture_stop(&lender), 0);
	for (unsigned int i = 0; i < MEMORY; i++)
		ck_assert_int_eq(memory[i], 7);
	plxdma_close(card);
}
END_TEST

START_TEST(only_the_daemons_cards_are_opened_again)
{
	struct plxdma_card *own, *again;

	ck_assert_int_eq(plxdma_open("model:", &own), 0);
	ck_assert_int_eq(plxdma_reopen(own, 0, &again), -EOPNOTSUPP);
	plxdma_close(own);
	lent_close();
}
END_TEST

Suite *gone_suite(void)
{
	Suite *suite = suite_create("gone");
	TCase *tcase = tcase_create("gone");

	tcase_add_checked_fixture(tcase, lent_slow, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, sleeping_wait_ends);
	tcase_add_test(tcase, spinning_wait_ends);
	tcase_add_test(tcase, cancel_ends);
	tcase_add_test(tcase, card_is_opened_again_with_the_next_daemon);
	tcase_add_test(tcase, memory_outlives_a_daemon_that_is_told_to_stop);
	tcase_add_test(tcase, only_the_daemons_cards_are_opened_again);
	suite_add_tcase(suite, tcase);
	return suite;
}
