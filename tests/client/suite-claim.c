/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims through the daemon, as programs see them. A second card of the same
 * process is as good a stranger as any: it has a connection of its own.
 */
#include "suites.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lent.h"

static struct plxdma_card *other;

static void set_up(void)
{
	lent_fast();
	ok(plxdma_open("daemon:a,arena=1M", &other));
}

static void tear_down(void)
{
	plxdma_close(other);
	lent_close();
}

static const char *self(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "process %d", (int)getpid());
	return text;
}

static void refused(int result, const char *word)
{
	const char *text = plxdma_error(other);

	ck_assert_msg(result == -EBUSY, "%d: %s", result, text);
	ck_assert_msg(strstr(text, word), "\"%s\" lacks %s", text, word);
}

START_TEST(holder_is_named)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };

	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CHANNEL0, &holder));
	ck_assert_int_eq(holder.pid, 0);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 60000, 0));
	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CHANNEL0, &holder));
	ck_assert_int_eq(holder.pid, getpid());
	ck_assert_uint_eq(holder.uid, getuid());
	ck_assert_uint_eq(holder.own, 1);
	ck_assert_uint_gt(holder.lease_ms, 50000);
	ck_assert_uint_le(holder.lease_ms, 60000);
	ck_assert(strstr(program_invocation_short_name, holder.name));
	ok(plxdma_claim_holder(other, PLXDMA_CLAIM_CHANNEL0, &holder));
	ck_assert_int_eq(holder.pid, getpid());
	ck_assert_uint_eq(holder.own, 0);
	refused(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0, 0), self());
	refused(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, 0), holder.name);
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL1, 0, 0), 0);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CHANNEL0, &holder));
	ck_assert_uint_eq(holder.lease_ms, 0);
}
END_TEST

START_TEST(card_is_held_with_both_channels)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };

	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	refused(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0, 0), self());
	refused(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL1, 0, 0), self());
	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CHANNEL1, &holder));
	ck_assert_int_eq(holder.pid, getpid());
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0),
			 -EINVAL);
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CARD));
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD),
			 -EINVAL);
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, 0), 0);
}
END_TEST

START_TEST(card_that_is_claimed_is_changed_by_nobody_else)
{
	uint32_t value;

	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	refused(plxdma_poke(other, 2, 0, 32, 1), self());
	refused(plxdma_mailbox_write(other, 3, 1), self());
	refused(plxdma_doorbell_ring(other, 1), self());
	refused(plxdma_config_write(other, 0x3c, 8, 1), self());
	refused(plxdma_irq_enable(other, PLXDMA_IRQ_DOORBELL, 1), self());
	refused(plxdma_card_reset(other), self());
	ck_assert_int_eq(plxdma_peek(other, 2, 0, 32, &value), 0);
	ck_assert_int_eq(plxdma_mailbox_read(other, 3, &value), 0);
	ok(plxdma_poke(card, 2, 0, 32, 1));
	ok(plxdma_mailbox_write(card, 3, 1));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CARD));
	ck_assert_int_eq(plxdma_poke(other, 2, 0, 32, 1), 0);
}
END_TEST

START_TEST(channel_that_is_claimed_is_used_by_nobody_else)
{
	struct plxdma_request request = { .size = sizeof(request),
					  .local = SRAM, .length = 64 };
	struct plxdma_channel *theirs;
	struct plxdma_transfer *transfer;

	ck_assert_ptr_nonnull(plxdma_alloc_coherent(other, 64,
						    &request.handle));
	ck_assert_int_eq(plxdma_channel_open(other, 0, &theirs), 0);
	ck_assert_int_eq(plxdma_transfer_new(theirs, &request, &transfer), 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, SOON));
	refused(plxdma_submit(transfer), self());
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0));
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
}
END_TEST

START_TEST(constant_address_needs_a_claim)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_request request = range(PLXDMA_TO_CARD, SRAM, 0, 64);
	struct plxdma_transfer *transfer;

	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	failed(plxdma_transfer_new(channel, &request, &transfer), -EPERM,
	       "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL1, 0, 0));
	failed(plxdma_transfer_new(channel, &request, &transfer), -EPERM,
	       "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_transfer_new(channel, &request, &transfer));
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, SOON, NULL));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0));
	failed(plxdma_submit(transfer), -EPERM, "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, SOON, NULL));
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(lease_ends_the_claim)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };

	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, SOON_MS, 0));
	refused(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, 10000000), self());
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 100, 0));
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, SOON), 0);
	ck_assert_int_eq(plxdma_claim_release(card, PLXDMA_CLAIM_CARD),
			 -EINVAL);
	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CARD, &holder));
	ck_assert_uint_eq(holder.own, 0);
}
END_TEST

START_TEST(claim_again_renews_it)
{
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 200, 0));
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, SOON_MS, 0));
	settle(300);
	refused(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, 0), self());
}
END_TEST

static void *claim_late(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)plxdma_claim(other, PLXDMA_CLAIM_CARD, 0,
					      SOON);
}

START_TEST(who_waits_holds_up_no_other_thread)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	pthread_t thread;
	void *result;
	uint32_t value;

	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL1, 0, 0));
	pthread_create(&thread, NULL, claim_late, NULL);
	for (int i = 0; i < 50; i++) {
		settle(1);
		ck_assert_int_eq(plxdma_card_info(other, &info), 0);
		ck_assert_int_eq(plxdma_reg_read(other, 0x70, 32, &value), 0);
	}
	/* Who came first gets it first. */
	failed(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0), 0, "");
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL1));
	pthread_join(thread, &result);
	ck_assert_int_eq((int)(intptr_t)result, 0);
	failed(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0), -EBUSY,
	       "claimed by");
}
END_TEST

static void on_alarm(int number)
{
	(void)number;
}

START_TEST(signal_ends_the_waiting)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	/* And again, in case the first comes before the wait has begun. */
	ualarm(50000, 50000);
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CARD, 0, -1),
			 -EINTR);
	ualarm(0, 0);
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CARD));
	/* It left the queue, too. */
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
}
END_TEST

START_TEST(death_ends_the_claim)
{
	struct plxdma_card *theirs;
	char byte;
	int ends[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		if (plxdma_open("daemon:a", &theirs) ||
		    plxdma_claim(theirs, PLXDMA_CLAIM_CARD, 0, 0) ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0),
			 -EBUSY);
	kill(pid, SIGKILL);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, SOON));
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(close_ends_the_claim)
{
	struct plxdma_card *third;

	ok(plxdma_open("daemon:a", &third));
	ck_assert_int_eq(plxdma_claim(third, PLXDMA_CLAIM_CARD, 0, 0), 0);
	plxdma_close(third);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, SOON));
}
END_TEST

/* At 250 kB/s, 512 KiB take two seconds. Returns when it moves. */
static void slow_start(struct plxdma_transfer **transfer)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0,
					      MEMORY / 2);
	const volatile char *first = memory;

	memory[0] = 0x5a;
	ok(plxdma_transfer_new(channel, &request, transfer));
	ok(plxdma_submit(*transfer));
	for (int i = 0; i < SOON_MS && *first == 0x5a; i++)
		settle(1);
}

static void slow_set_up(void)
{
	lent_open("rate=250e3,engine=inline");
	ok(plxdma_open("daemon:a,arena=1M", &other));
}

START_TEST(transfers_of_others_end_first)
{
	struct plxdma_transfer *transfer;

	slow_start(&transfer);
	refused(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0, 0),
		"transfers of others");
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0,
				      SOON), 0);
	ok(plxdma_poll(transfer, NULL));
	failed(plxdma_submit(transfer), -EBUSY, "claimed by");
}
END_TEST

START_TEST(claim_is_kept_while_what_needs_it_runs)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_transfer *transfer;

	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	slow_start(&transfer);
	failed(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0), -EBUSY,
	       "under way");
	ok(plxdma_wait(transfer, SOON, NULL));
	ok(plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0));
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(lease_that_is_over_ends_no_transfer)
{
	struct plxdma_transfer *transfer, *second;
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 64);

	ok(plxdma_transfer_new(channel, &request, &second));
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	slow_start(&transfer);
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 20, 0));
	settle(50);
	failed(plxdma_submit(second), -EPERM, "lease");
	refused(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0, 0), self());
	ck_assert_int_eq(plxdma_claim(other, PLXDMA_CLAIM_CHANNEL0, 0,
				      SOON), 0);
	ok(plxdma_poll(transfer, NULL));
	failed(plxdma_submit(second), -EBUSY, "claimed by");
}
END_TEST

Suite *claim_suite(void)
{
	Suite *suite = suite_create("claim");
	TCase *tcase = tcase_create("fast"), *slow = tcase_create("slow");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, holder_is_named);
	tcase_add_test(tcase, card_is_held_with_both_channels);
	tcase_add_test(tcase, card_that_is_claimed_is_changed_by_nobody_else);
	tcase_add_test(tcase, channel_that_is_claimed_is_used_by_nobody_else);
	tcase_add_test(tcase, constant_address_needs_a_claim);
	tcase_add_test(tcase, lease_ends_the_claim);
	tcase_add_test(tcase, claim_again_renews_it);
	tcase_add_test(tcase, who_waits_holds_up_no_other_thread);
	tcase_add_test(tcase, signal_ends_the_waiting);
	tcase_add_test(tcase, death_ends_the_claim);
	tcase_add_test(tcase, close_ends_the_claim);
	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(slow, slow_set_up, tear_down);
	tcase_set_timeout(slow, 60);
	tcase_add_test(slow, transfers_of_others_end_first);
	tcase_add_test(slow, claim_is_kept_while_what_needs_it_runs);
	tcase_add_test(slow, lease_that_is_over_ends_no_transfer);
	suite_add_tcase(suite, slow);
	return suite;
}
