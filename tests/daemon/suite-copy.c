/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma_read() and plxdma_write() beside another program's claims. */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include <plxdma/plxdma.h>

#include "fixture.h"

#define SRAM 0x20000000u
#define SECOND INT64_C(1000000000)

static struct fixture daemon_under_test;
static struct plxdma_card *owner, *card;
static char out[3 << 20], back[3 << 20];

static void set_up(void)
{
	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL,
				       "model:pages=small,sram=4M", NULL), 0);
	ck_assert_int_eq(plxdma_open("daemon:a,arena=1M", &owner), 0);
	ck_assert_int_eq(plxdma_open("daemon:a,arena=1M", &card), 0);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 31 >> 3);
}

static void tear_down(void)
{
	plxdma_close(card);
	plxdma_close(owner);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

static void claim(enum plxdma_claimed what)
{
	ck_assert_int_eq(plxdma_claim(owner, what, 0, 60 * SECOND), 0);
}

static void goes_there_and_back(void)
{
	memset(back, 0, sizeof(back));
	ck_assert_int_eq(plxdma_write(card, SRAM, out, sizeof(out),
				      60 * SECOND), 0);
	ck_assert_int_eq(plxdma_read(card, SRAM, back, sizeof(back),
				     60 * SECOND), 0);
	ck_assert_int_eq(memcmp(out, back, sizeof(out)), 0);
}

START_TEST(goes_by_the_channel_that_nobody_has_claimed)
{
	claim(PLXDMA_CLAIM_CHANNEL1);
	goes_there_and_back();
	ck_assert_int_eq(plxdma_claim_release(owner, PLXDMA_CLAIM_CHANNEL1),
			 0);
	claim(PLXDMA_CLAIM_CHANNEL0);
	goes_there_and_back();
}
END_TEST

START_TEST(says_who_has_claimed_both)
{
	claim(PLXDMA_CLAIM_CARD);
	ck_assert_int_eq(plxdma_read(card, SRAM, back, sizeof(back),
				     60 * SECOND), -EBUSY);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "claim"));
	ck_assert_int_eq(plxdma_claim_release(owner, PLXDMA_CLAIM_CARD), 0);
	goes_there_and_back();
}
END_TEST

START_TEST(says_who_has_claimed_the_one_that_is_left)
{
	struct plxdma_channel *channel;

	claim(PLXDMA_CLAIM_CHANNEL1);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_int_eq(plxdma_write(card, SRAM, out, sizeof(out),
				      60 * SECOND), -EBUSY);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "claim"));
	plxdma_channel_close(channel);
	goes_there_and_back();
}
END_TEST

Suite *copy_suite(void)
{
	Suite *suite = suite_create("copy");
	TCase *tcase = tcase_create("copy");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, goes_by_the_channel_that_nobody_has_claimed);
	tcase_add_test(tcase, says_who_has_claimed_both);
	tcase_add_test(tcase, says_who_has_claimed_the_one_that_is_left);
	suite_add_tcase(suite, tcase);
	return suite;
}
