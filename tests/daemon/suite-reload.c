/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration read again while programs have cards open. What is awaited
 * is the daemon's word in its log, never a time.
 */
#include "policy-suites.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "written.h"

#define SRAM 0x20000000u
#define PATIENCE INT64_C(60000000000) /* ns, for what takes microseconds */
#define SLOW "[card s]\nspec=model:pages=small,arena=1M,rate=2e5," \
	"engine=inline\n"
#define ALL "[allow all]\n"

static struct written written;
static struct fixture lender;
static struct plxdma_card *card;
static struct plxdma_channel *channel;
static plxdma_handle handle;
static char data[4096];

static void set_up(void)
{
	const char *const more[] = { "--config", written.path, NULL };

	written_make(&written);
	written_put(&written, SLOW ALL "weight=2\n");
	ck_assert_int_eq(fixture_start(&lender, NULL, "model:pages=small",
				       more), 0);
	ck_assert_msg(!plxdma_open("daemon:a,arena=1M", &card), "%s",
		      plxdma_error(NULL));
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 65536, &handle));
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
}

static void tear_down(void)
{
	plxdma_close(card);
	ck_assert_int_eq(fixture_stop(&lender), 0);
	written_end(&written);
}

static void ok(int result)
{
	ck_assert_msg(result == 0, "%d: %s", result, plxdma_error(card));
}

static void failed(int result, int expected, const char *word)
{
	const char *why = plxdma_error(card);

	ck_assert_msg(result == expected, "%d instead of %d: %s", result,
		      expected, why);
	ck_assert_msg(strstr(why, word) != NULL, "\"%s\" doesn't say %s", why,
		      word);
}

static unsigned int logged(const char *words)
{
	unsigned int count = 0;
	char line[512];
	FILE *log = fopen(lender.log, "re");

	ck_assert_ptr_nonnull(log);
	while (fgets(line, sizeof(line), log))
		count += strstr(line, words) != NULL;
	fclose(log);
	return count;
}

static void await(const char *words, unsigned int count)
{
	for (int i = 0; i < 3000 && logged(words) < count; i++)
		settle(10);
	ck_assert_uint_eq(logged(words), count);
}

static void read_again(const char *text, const char *words)
{
	unsigned int before = logged(words);

	written_put(&written, text);
	ck_assert_int_eq(kill(lender.pid, SIGHUP), 0);
	await(words, before + 1);
}

#define RIGHT "configuration read again"
#define WRONG "stays as it was"

static struct plxdma_request request_of(enum plxdma_direction direction,
					plxdma_handle at, uint64_t length)
{
	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request), .direction = direction,
		.local = SRAM, .handle = at, .length = length,
	};
}

START_TEST(right_file_holds_at_once_for_open_clients)
{
	struct plxdma_request out = request_of(PLXDMA_TO_CARD, handle, 4096);
	struct plxdma_request in = request_of(PLXDMA_TO_HOST, handle, 4096);
	struct plxdma_transfer *transfer;
	uint32_t value;

	/* Built before, and asked about again after. */
	ok(plxdma_transfer_new(channel, &out, &transfer));
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, PATIENCE, NULL));
	read_again(SLOW ALL "direction=to-host\nread=bar3\n", RIGHT);
	ok(plxdma_submit(transfer));
	failed(plxdma_wait(transfer, PATIENCE, NULL), -EACCES,
	       "direction=");
	ok(plxdma_transfer_once(channel, &in, PATIENCE, NULL));
	failed(plxdma_peek(card, 2, 0, 32, &value), -EACCES, "read=");
	read_again(SLOW ALL, RIGHT);
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, PATIENCE, NULL));
	ok(plxdma_peek(card, 2, 0, 32, &value));
}
END_TEST

START_TEST(wrong_file_changes_nothing_and_says_why)
{
	read_again(SLOW ALL "direction=sideways\nread=none\n", WRONG);
	ck_assert_uint_eq(logged("plxdmad.conf:4: direction=sideways"), 1);
	ok(plxdma_write(card, SRAM, data, sizeof(data), PATIENCE));
	read_again(SLOW "[allow all]\ncard=gone\n", WRONG);
	ck_assert_uint_eq(logged("no card is called so"), 1);
	ok(plxdma_write(card, SRAM, data, sizeof(data), PATIENCE));
	/* And it can still be put right. */
	read_again(SLOW ALL "direction=to-host\n", RIGHT);
	failed(plxdma_write(card, SRAM, data, sizeof(data), PATIENCE),
	       -EACCES, "direction=");
}
END_TEST

START_TEST(transfer_under_way_is_not_lost)
{
	struct plxdma_card *slow;
	struct plxdma_channel *of;
	struct plxdma_transfer *transfer;
	struct plxdma_request request;
	plxdma_handle at;
	uint32_t value;

	ck_assert_int_eq(plxdma_open("daemon:s", &slow), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(slow, 1 << 18, &at));
	ck_assert_int_eq(plxdma_channel_open(slow, 0, &of), 0);
	/* More than a second of bus time. */
	request = request_of(PLXDMA_TO_HOST, at, 1 << 18);
	ck_assert_int_eq(plxdma_transfer_new(of, &request, &transfer), 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	/* No register is read before what was submitted earlier has begun. */
	ck_assert_int_eq(plxdma_peek(slow, 2, 0, 32, &value), 0);
	read_again(SLOW "[allow root]\nuser=4000000000\n", RIGHT);
	ck_assert_int_eq(plxdma_wait(transfer, PATIENCE, NULL), 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_msg(plxdma_wait(transfer, PATIENCE, NULL) == -EACCES, "%s",
		      plxdma_error(slow));
	plxdma_close(slow);
	failed(plxdma_write(card, SRAM, data, 64, PATIENCE), -EACCES,
	       "channel=");
}
END_TEST

START_TEST(claim_that_is_no_longer_allowed_ends)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };

	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	read_again(SLOW ALL "claim=refused\n", RIGHT);
	ok(plxdma_claim_holder(card, PLXDMA_CLAIM_CARD, &holder));
	ck_assert_int_eq(holder.pid, 0);
	failed(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0), -EACCES, "claim=");
}
END_TEST

START_TEST(quotas_follow)
{
	struct plxdma_card *second;

	read_again(SLOW ALL "max-user-clients=1\n", RIGHT);
	ck_assert_int_eq(plxdma_open("daemon:a", &second), -EAGAIN);
	ck_assert(strstr(plxdma_error(NULL), "max-user-clients"));
	ok(plxdma_write(card, SRAM, data, sizeof(data), PATIENCE));
	read_again(SLOW ALL "max-user-clients=2\n", RIGHT);
	ck_assert_int_eq(plxdma_open("daemon:a", &second), 0);
	plxdma_close(second);
}
END_TEST

START_TEST(cards_and_socket_wait_for_a_restart)
{
	struct plxdma_card *other;

	read_again("[daemon]\nsocket=/tmp/elsewhere\n"
		   "[card new]\nspec=model:\n" ALL, RIGHT);
	ck_assert_uint_eq(logged("card s is no longer configured"), 1);
	ck_assert_uint_eq(logged("card new is new"), 1);
	ck_assert_int_eq(plxdma_open("daemon:new", &other), -ENODEV);
	ck_assert_int_eq(plxdma_open("daemon:s", &other), 0);
	plxdma_close(other);
	read_again("[card s]\nspec=model:chip=9080\n" ALL, RIGHT);
	ck_assert_uint_eq(logged("card s has another spec"), 1);
}
END_TEST

Suite *reload_suite(void)
{
	Suite *suite = suite_create("reload");
	TCase *tcase = tcase_create("reload");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, right_file_holds_at_once_for_open_clients);
	tcase_add_test(tcase, wrong_file_changes_nothing_and_says_why);
	tcase_add_test(tcase, transfer_under_way_is_not_lost);
	tcase_add_test(tcase, claim_that_is_no_longer_allowed_ends);
	tcase_add_test(tcase, quotas_follow);
	tcase_add_test(tcase, cards_and_socket_wait_for_a_restart);
	suite_add_tcase(suite, tcase);
	return suite;
}
