/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When a window ends: on a card whose transport only notes what it lends, as
 * the software card has nothing to lend.
 */
#include "policy-suites.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "daemon/window.h"
#include "transport/transport.h"

static unsigned int lent, ended;

static int window_make(struct transport *transport, unsigned int bar, int *fd,
		       uint32_t *handle)
{
	(void)transport;
	(void)bar;
	*fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	*handle = ++lent;
	return 0;
}

static void window_take(struct transport *transport, uint32_t handle)
{
	(void)transport;
	ck_assert_uint_ne(handle, 0);
	ended++;
}

static uint64_t bar_size(struct transport *transport, unsigned int bar,
			 uint32_t *flags)
{
	(void)transport;
	(void)bar;
	*flags = 0;
	return 8192;
}

static const struct transport_ops ops = {
	.window_lend = window_make, .window_end = window_take,
	.bar_size = bar_size,
};

static struct transport transport = { .ops = &ops };
static struct card card;
static struct tenant tenant, other;
static struct error error;

static void set_up(void)
{
	memset(&card, 0, sizeof(card));
	memset(&tenant, 0, sizeof(tenant));
	memset(&other, 0, sizeof(other));
	strcpy(card.name, "a");
	card.transport = &transport;
	claims_init(&card.claims);
	TAILQ_INIT(&card.tenants);
	TAILQ_INSERT_TAIL(&card.tenants, &tenant, link);
	TAILQ_INSERT_TAIL(&card.tenants, &other, link);
	tenant.card = other.card = &card;
	tenant.grant.window = other.grant.window = 1;
	lent = ended = 0;
}

static int lend(struct tenant *to, unsigned int bar)
{
	struct packet answer = { .fd_count = 0 };
	int err = window_lend(to, bar, &answer, &error);

	if (err)
		return err;
	ck_assert_uint_eq(answer.message.count.count, 2);
	packet_close_fds(&answer);
	return 0;
}

static void claim(struct tenant *by, uint64_t lease)
{
	ck_assert_int_eq(claims_take(&card.claims, &by->claimant.party,
				     PLXDMA_CLAIM_CARD, lease, 100, &error),
			 0);
	card_tell_claims(&card);
}

static void turn(uint64_t now)
{
	claims_turn(&card.claims, now);
	card_tell_claims(&card);
}

START_TEST(window_ends_with_the_lease_it_was_lent_under)
{
	claim(&tenant, 50);
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_int_eq(lend(&tenant, 3), 0);
	turn(149);
	ck_assert_uint_eq(ended, 0);
	turn(150);
	ck_assert_uint_eq(ended, 2);
	turn(200);
	ck_assert_uint_eq(ended, 2);
}
END_TEST

START_TEST(window_ends_with_the_release)
{
	claim(&tenant, CLAIM_NEVER);
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_int_eq(claims_release(&card.claims, &tenant.claimant.party,
					PLXDMA_CLAIM_CARD, &error), 0);
	card_tell_claims(&card);
	ck_assert_uint_eq(ended, 1);
}
END_TEST

START_TEST(renewed_lease_keeps_the_window)
{
	claim(&tenant, 50);
	ck_assert_int_eq(lend(&tenant, 2), 0);
	claim(&tenant, 100);
	turn(150);
	ck_assert_uint_eq(ended, 0);
	turn(200);
	ck_assert_uint_eq(ended, 1);
}
END_TEST

START_TEST(window_without_a_claim_ends_when_somebody_else_claims_the_card)
{
	ck_assert_int_eq(lend(&tenant, 2), 0);
	/* Its own claim and the end of that change nothing. */
	claim(&tenant, 50);
	turn(150);
	ck_assert_uint_eq(ended, 0);
	claim(&other, 50);
	ck_assert_uint_eq(ended, 1);
	ck_assert_int_eq(lend(&tenant, 2), -EBUSY);
	ck_assert_int_eq(lend(&other, 2), 0);
}
END_TEST

START_TEST(claim_of_a_channel_leaves_windows)
{
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_int_eq(claims_take(&card.claims, &other.claimant.party,
				     PLXDMA_CLAIM_CHANNEL0, CLAIM_NEVER, 100,
				     &error), 0);
	card_tell_claims(&card);
	ck_assert_uint_eq(ended, 0);
	ck_assert_int_eq(lend(&tenant, 3), 0);
}
END_TEST

START_TEST(revoked_claim_ends_as_a_lease_does)
{
	claim(&tenant, CLAIM_NEVER);
	ck_assert_int_eq(lend(&tenant, 2), 0);
	claims_started(&card.claims, &tenant.claimant.party, 0, 1);
	claims_revoke(&card.claims, &tenant.claimant.party, PLXDMA_CLAIM_CARD);
	turn(101);
	ck_assert_uint_eq(ended, 1);
	/* What runs goes on; others get the card after that. */
	ck_assert_int_eq(claims_take(&card.claims, &other.claimant.party,
				     PLXDMA_CLAIM_CARD, 50, 102, &error),
			 -EBUSY);
	claims_ended(&card.claims, &tenant.claimant.party, 0, 1);
	claim(&other, 50);
}
END_TEST

static void on_told(struct claim_wait *wait)
{
	(void)wait;
}

START_TEST(revoked_wait_is_over)
{
	struct claim_wait wait = {
		.party = &other.claimant.party, .what = PLXDMA_CLAIM_CARD,
		.lease_ns = CLAIM_NEVER, .deadline = CLAIM_NEVER,
		.told = on_told,
	};

	claim(&tenant, CLAIM_NEVER);
	claims_wait(&card.claims, &wait);
	turn(101);
	ck_assert_int_eq(wait.state, CLAIM_WAITS);
	claims_revoke(&card.claims, &other.claimant.party, PLXDMA_CLAIM_CARD);
	turn(102);
	ck_assert_int_eq(wait.state, CLAIM_LATE);
}
END_TEST

START_TEST(reset_ends_all_windows)
{
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_int_eq(lend(&other, 3), 0);
	card_end_windows(&card);
	ck_assert_uint_eq(ended, 2);
}
END_TEST

START_TEST(policy_and_space_are_asked)
{
	tenant.grant.window = 0;
	ck_assert_int_eq(lend(&tenant, 2), -EACCES);
	ck_assert(strstr(error.text, "window="));
	ck_assert_int_eq(lend(&other, 0), -EINVAL);
	ck_assert_int_eq(lend(&other, 4), -EINVAL);
	ck_assert_uint_eq(lent, 0);
}
END_TEST

START_TEST(second_window_of_a_space_ends_the_first)
{
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_int_eq(lend(&tenant, 2), 0);
	ck_assert_uint_eq(ended, 1);
	windows_end(&tenant);
	ck_assert_uint_eq(ended, 2);
}
END_TEST

Suite *window_suite(void)
{
	Suite *suite = suite_create("window");
	TCase *tcase = tcase_create("window");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, window_ends_with_the_lease_it_was_lent_under);
	tcase_add_test(tcase, window_ends_with_the_release);
	tcase_add_test(tcase, renewed_lease_keeps_the_window);
	tcase_add_test(tcase,
		window_without_a_claim_ends_when_somebody_else_claims_the_card);
	tcase_add_test(tcase, claim_of_a_channel_leaves_windows);
	tcase_add_test(tcase, revoked_claim_ends_as_a_lease_does);
	tcase_add_test(tcase, revoked_wait_is_over);
	tcase_add_test(tcase, reset_ends_all_windows);
	tcase_add_test(tcase, policy_and_space_are_asked);
	tcase_add_test(tcase, second_window_of_a_space_ends_the_first);
	suite_add_tcase(suite, tcase);
	return suite;
}
