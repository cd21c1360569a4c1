/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds, queue and leases by themselves; the clock is a number.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "daemon/claim.h"

#define CH0 PLXDMA_CLAIM_CHANNEL0
#define CH1 PLXDMA_CLAIM_CHANNEL1
#define CARD PLXDMA_CLAIM_CARD

static struct claims claims;
static struct claim_party a, b, c;
static struct claim_wait waits[4];
static struct error error;
static unsigned int told;

static void on_told(struct claim_wait *wait)
{
	(void)wait;
	told++;
}

static void set_up(void)
{
	claims_init(&claims);
	a = (struct claim_party){ .pid = 11, .name = "alpha" };
	b = (struct claim_party){ .pid = 22, .name = "beta" };
	c = (struct claim_party){ .pid = 33, .name = "gamma" };
	memset(waits, 0, sizeof(waits));
	told = 0;
}

static int take(struct claim_party *party, enum plxdma_claimed what,
		uint64_t now)
{
	return claims_take(&claims, party, what, CLAIM_NEVER, now, &error);
}

static struct claim_wait *wait_for(unsigned int i, struct claim_party *party,
				   enum plxdma_claimed what, uint64_t deadline)
{
	waits[i] = (struct claim_wait){
		.party = party, .what = what, .lease_ns = CLAIM_NEVER,
		.deadline = deadline, .told = on_told,
	};
	claims_wait(&claims, &waits[i]);
	return &waits[i];
}

static int transfer(struct claim_party *party, unsigned int channel, int needs,
		    uint64_t now)
{
	return claims_permit_transfer(&claims, party, channel, needs, now,
				      &error);
}

/* Who holds the first keeps others from the second: -EBUSY or 0. */
static const struct {
	enum plxdma_claimed first;
	enum plxdma_claimed second;
	int expected;
} pairs[] = {
	{ CH0, CH0, -EBUSY }, { CH0, CH1, 0 }, { CH0, CARD, -EBUSY },
	{ CH1, CH0, 0 }, { CH1, CH1, -EBUSY }, { CH1, CARD, -EBUSY },
	{ CARD, CH0, -EBUSY }, { CARD, CH1, -EBUSY }, { CARD, CARD, -EBUSY },
};

START_TEST(one_holder_at_a_time)
{
	ck_assert_int_eq(take(&a, pairs[_i].first, 1), 0);
	ck_assert_int_eq(take(&b, pairs[_i].second, 1), pairs[_i].expected);
	if (pairs[_i].expected)
		ck_assert(strstr(error.text, "11 (alpha)"));
	/* Its own is never in its way. */
	if (pairs[_i].expected)
		ck_assert_int_eq(take(&a, pairs[_i].second, 1), 0);
}
END_TEST

START_TEST(who_waits_first_gets_it_first)
{
	struct claim_wait *first, *second;

	ck_assert_int_eq(take(&a, CH0, 1), 0);
	first = wait_for(0, &b, CARD, CLAIM_NEVER);
	second = wait_for(1, &c, CH1, CLAIM_NEVER);
	claims_turn(&claims, 2);
	ck_assert_int_eq(first->state, CLAIM_WAITS);
	/* Channel 1 is free, but b came first. */
	ck_assert_int_eq(second->state, CLAIM_WAITS);
	ck_assert_int_eq(claims_release(&claims, &a, CH0, &error), 0);
	ck_assert_int_eq(take(&a, CH0, 3), -EBUSY);
	ck_assert_int_eq(first->state, CLAIM_GRANTED);
	ck_assert_int_eq(second->state, CLAIM_WAITS);
	ck_assert_int_eq(claims_release(&claims, &b, CARD, &error), 0);
	claims_turn(&claims, 4);
	ck_assert_int_eq(second->state, CLAIM_GRANTED);
	ck_assert_uint_eq(told, 2);
}
END_TEST

START_TEST(holder_takes_more_before_who_waits_for_it)
{
	ck_assert_int_eq(take(&a, CH0, 1), 0);
	wait_for(0, &b, CARD, CLAIM_NEVER);
	/* Else both would wait for each other. */
	ck_assert_int_eq(take(&a, CH1, 2), 0);
	ck_assert_int_eq(take(&a, CARD, 2), 0);
	/* Nobody else may. */
	ck_assert_int_eq(take(&c, CH1, 2), -EBUSY);
}
END_TEST

START_TEST(patience_ends)
{
	struct claim_wait *wait;

	ck_assert_int_eq(take(&a, CARD, 1), 0);
	wait = wait_for(0, &b, CH0, 100);
	ck_assert_uint_eq(claims_deadline(&claims), 100);
	claims_turn(&claims, 99);
	ck_assert_int_eq(wait->state, CLAIM_WAITS);
	claims_turn(&claims, 100);
	ck_assert_int_eq(wait->state, CLAIM_LATE);
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_eq(claims_deadline(&claims), UINT64_MAX);
	ck_assert_int_eq(claims_release(&claims, &a, CARD, &error), 0);
	claims_turn(&claims, 101);
	ck_assert_int_eq(wait->state, CLAIM_LATE);
	ck_assert_ptr_null(claims_holder(&claims, CARD));
}
END_TEST

START_TEST(leaving_gives_everything_back)
{
	struct claim_wait *left, *stays;

	ck_assert_int_eq(take(&a, CH0, 1), 0);
	left = wait_for(0, &b, CH0, CLAIM_NEVER);
	stays = wait_for(1, &c, CH0, CLAIM_NEVER);
	claims_leave(&claims, &b);
	claims_leave(&claims, &a);
	claims_turn(&claims, 2);
	ck_assert_int_eq(left->state, CLAIM_LATE);
	ck_assert_int_eq(stays->state, CLAIM_GRANTED);
}
END_TEST

START_TEST(transfers_of_others_end_first)
{
	struct claim_wait *wait;

	claims_started(&claims, &a, 0, 0);
	ck_assert_int_eq(take(&b, CH0, 1), -EBUSY);
	ck_assert(strstr(error.text, "transfers of others"));
	ck_assert_int_eq(take(&b, CH1, 1), 0);
	wait = wait_for(0, &b, CH0, CLAIM_NEVER);
	claims_turn(&claims, 2);
	ck_assert_int_eq(wait->state, CLAIM_WAITS);
	/* No more of them start, who waits is named. */
	ck_assert_int_eq(transfer(&a, 0, 0, 2), -EBUSY);
	ck_assert(strstr(error.text, "22 (beta)"));
	ck_assert_int_eq(transfer(&b, 0, 0, 2), 0);
	claims_ended(&claims, &a, 0, 0);
	claims_turn(&claims, 3);
	ck_assert_int_eq(wait->state, CLAIM_GRANTED);
	ck_assert_int_eq(take(&a, CH0, 4), -EBUSY);
}
END_TEST

START_TEST(batches_of_others_that_write_end_first)
{
	claims_changing(&claims, &a);
	ck_assert_int_eq(take(&b, CARD, 1), -EBUSY);
	ck_assert_int_eq(take(&b, CH0, 1), 0);
	ck_assert_int_eq(take(&a, CH1, 1), 0);
	claims_changed(&claims, &a);
	ck_assert_int_eq(claims_release(&claims, &a, CH1, &error), 0);
	ck_assert_int_eq(take(&b, CARD, 1), 0);
}
END_TEST

START_TEST(what_needs_a_claim_is_refused_without)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		ck_assert_int_eq(transfer(&a, i, 0, 1), 0);
		ck_assert_int_eq(transfer(&a, i, 1, 1), -EPERM);
		ck_assert(strstr(error.text, "plxdma_claim()"));
		ck_assert_int_eq(claims_permit_prepare(&claims, &a, i, 1,
						       &error), -EPERM);
		ck_assert_int_eq(claims_permit_prepare(&claims, &a, i, 0,
						       &error), 0);
	}
	ck_assert_int_eq(take(&a, CH0, 1), 0);
	ck_assert_int_eq(transfer(&a, 0, 1, 1), 0);
	ck_assert_int_eq(transfer(&a, 1, 1, 1), -EPERM);
	ck_assert_int_eq(transfer(&b, 0, 0, 1), -EBUSY);
	ck_assert_int_eq(transfer(&b, 1, 0, 1), 0);
	ck_assert_int_eq(claims_permit_change(&claims, &b, &error), 0);
	ck_assert_int_eq(claims_permit_reset(&claims, &b, &error), -EBUSY);
	ck_assert_int_eq(claims_permit_reset(&claims, &a, &error), 0);
	ck_assert_int_eq(take(&a, CARD, 1), 0);
	ck_assert_int_eq(transfer(&a, 1, 1, 1), 0);
	ck_assert_int_eq(claims_permit_change(&claims, &b, &error), -EBUSY);
	ck_assert(strstr(error.text, "11 (alpha)"));
	ck_assert_int_eq(claims_permit_change(&claims, &a, &error), 0);
}
END_TEST

START_TEST(release_waits_for_what_needs_it)
{
	ck_assert_int_eq(take(&a, CARD, 1), 0);
	claims_started(&claims, &a, 1, 1);
	ck_assert_int_eq(claims_release(&claims, &a, CARD, &error), -EBUSY);
	/* Channel 1's claim would do as well. */
	ck_assert_int_eq(take(&a, CH1, 1), 0);
	ck_assert_int_eq(claims_release(&claims, &a, CARD, &error), 0);
	ck_assert_int_eq(claims_release(&claims, &a, CH1, &error), -EBUSY);
	claims_ended(&claims, &a, 1, 1);
	ck_assert_int_eq(claims_release(&claims, &a, CH1, &error), 0);
	ck_assert_int_eq(claims_release(&claims, &a, CH1, &error), -EINVAL);
	ck_assert_int_eq(claims_release(&claims, &b, CH1, &error), -EINVAL);
}
END_TEST

START_TEST(lease_ends_at_its_time)
{
	ck_assert_int_eq(claims_take(&claims, &a, CH0, 100, 1000, &error), 0);
	ck_assert_uint_eq(claims_deadline(&claims), 1100);
	claims_turn(&claims, 1099);
	ck_assert_int_eq(transfer(&a, 0, 1, 1099), 0);
	/* By the clock, though no turn has noticed it. */
	ck_assert_int_eq(transfer(&a, 0, 1, 1100), -EPERM);
	ck_assert_int_eq(take(&b, CH0, 1100), 0);
	ck_assert_int_eq(transfer(&a, 0, 1, 1100), -EBUSY);
}
END_TEST

START_TEST(lease_is_renewed_from_now_on)
{
	ck_assert_int_eq(claims_take(&claims, &a, CH0, 100, 1000, &error), 0);
	wait_for(0, &b, CH0, CLAIM_NEVER);
	ck_assert_int_eq(claims_take(&claims, &a, CH0, 100, 1050, &error), 0);
	claims_turn(&claims, 1149);
	ck_assert_ptr_eq(claims_holder(&claims, CH0)->party, &a);
	claims_turn(&claims, 1150);
	ck_assert_ptr_eq(claims_holder(&claims, CH0)->party, &b);
}
END_TEST

START_TEST(lease_that_is_over_passes_on_with_the_last_transfer)
{
	ck_assert_int_eq(claims_take(&claims, &a, CH0, 100, 1000, &error), 0);
	claims_started(&claims, &a, 0, 1);
	wait_for(0, &b, CH0, CLAIM_NEVER);
	claims_turn(&claims, 1200);
	ck_assert_int_eq(waits[0].state, CLAIM_WAITS);
	ck_assert_int_eq(transfer(&a, 0, 0, 1200), -EPERM);
	ck_assert(strstr(error.text, "lease"));
	ck_assert_int_eq(transfer(&c, 0, 0, 1200), -EBUSY);
	/* No way back for who was too late. */
	ck_assert_int_eq(take(&a, CH0, 1200), -EBUSY);
	ck_assert_int_eq(claims_release(&claims, &a, CH0, &error), -EINVAL);
	claims_ended(&claims, &a, 0, 1);
	claims_turn(&claims, 1201);
	ck_assert_int_eq(waits[0].state, CLAIM_GRANTED);
}
END_TEST

Suite *claim_suite(void)
{
	Suite *suite = suite_create("claim");
	TCase *tcase = tcase_create("claim");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, one_holder_at_a_time, 0,
			    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(tcase, who_waits_first_gets_it_first);
	tcase_add_test(tcase, holder_takes_more_before_who_waits_for_it);
	tcase_add_test(tcase, patience_ends);
	tcase_add_test(tcase, leaving_gives_everything_back);
	tcase_add_test(tcase, transfers_of_others_end_first);
	tcase_add_test(tcase, batches_of_others_that_write_end_first);
	tcase_add_test(tcase, what_needs_a_claim_is_refused_without);
	tcase_add_test(tcase, release_waits_for_what_needs_it);
	tcase_add_test(tcase, lease_ends_at_its_time);
	tcase_add_test(tcase, lease_is_renewed_from_now_on);
	tcase_add_test(tcase,
		       lease_that_is_over_passes_on_with_the_last_transfer);
	suite_add_tcase(suite, tcase);
	return suite;
}
