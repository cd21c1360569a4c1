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

Suite *gone_suite(void)
{
	Suite *suite = suite_create("gone");
	TCase *tcase = tcase_create("gone");

	tcase_add_checked_fixture(tcase, lent_slow, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, sleeping_wait_ends);
	tcase_add_test(tcase, spinning_wait_ends);
	tcase_add_test(tcase, cancel_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}
