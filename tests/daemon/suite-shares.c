/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is next on a shared channel, what a byte costs, and where a long transfer
 * is cut: all without a card and without a clock.
 */
#include "suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/lane.h"
#include "daemon/pace.h"
#include "daemon/shares.h"
#include "daemon/slot.h"

#define CLIENTS 8
#define QUANTUM 10000000.0	/* ns */
#define RATE 0.132		/* bytes a ns */

/* A client that always has something to move, and what it got. */
struct player {
	struct sharer *sharer;
	unsigned int weight;
	int fixed;		/* its jobs all have this many bytes, or 0 */
	double left;		/* ns of its job */
	double got;
};

static struct shares shares;
static struct lane lanes[CLIENTS];
static struct player players[CLIENTS];
static uint64_t state;

static double fraction(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (double)(state >> 33) / 2147483648.0;
}

/* 4 B to 64 MiB, each order of magnitude as often as any other. */
static double job_ns(const struct player *player)
{
	double bytes = player->fixed ? player->fixed :
				       4 * pow(2, 24 * fraction());

	return bytes / RATE;
}

static void set_up(void)
{
	state = 1;
	shares_init(&shares);
	memset(players, 0, sizeof(players));
	for (unsigned int i = 0; i < CLIENTS; i++)
		players[i].weight = 1;
}

static void tear_down(void)
{
	shares_destroy(&shares);
}

static void join(unsigned int n, uint32_t uid)
{
	struct player *player = &players[n];

	player->sharer = shares_join(&shares, player, uid);
	TAILQ_INSERT_TAIL(&player->sharer->lanes, &lanes[n], ready);
	shares_update(&shares, player->sharer);
}

static void leave(unsigned int n)
{
	struct sharer *sharer = players[n].sharer;

	TAILQ_REMOVE(&sharer->lanes, &lanes[n], ready);
	shares_update(&shares, sharer);
	shares_leave(&shares, sharer);
	players[n].sharer = NULL;
}

/* Gives the channel to whoever is next. Returns its number. */
static unsigned int serve(void)
{
	const struct sharer *first = shares_first(&shares);
	struct player *player = players;
	double part;

	while (player->sharer != first)
		player++;
	if (player->left <= 0)
		player->left = job_ns(player);
	part = player->left < QUANTUM ? player->left : QUANTUM;
	shares_charge(&shares, player->sharer, (uint64_t)part, player->weight);
	player->left -= part;
	player->got += part;
	return (unsigned int)(player - players);
}

static void serve_for(double ns)
{
	double begun = 0, now = 0;

	for (unsigned int i = 0; i < CLIENTS; i++)
		begun += players[i].got;
	for (int i = 0; i < 10000000 && now - begun < ns; i++) {
		serve();
		now = 0;
		for (unsigned int n = 0; n < CLIENTS; n++)
			now += players[n].got;
	}
}

START_TEST(eight_equals_get_the_same_of_any_jobs)
{
	double least = INFINITY, most = 0, sum = 0, squares = 0;

	for (unsigned int i = 0; i < CLIENTS; i++)
		join(i, i);
	serve_for(8e9);
	for (unsigned int i = 0; i < CLIENTS; i++) {
		least = fmin(least, players[i].got);
		most = fmax(most, players[i].got);
		sum += players[i].got;
		squares += players[i].got * players[i].got;
	}
	ck_assert_double_lt(most - least, 2 * QUANTUM);
	ck_assert_double_gt(sum * sum / (CLIENTS * squares), 0.999);
}
END_TEST

START_TEST(weights_are_met)
{
	for (unsigned int i = 0; i < 3; i++) {
		players[i].weight = 1u << i;
		join(i, i);
	}
	serve_for(7e9);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_double_lt(fabs(players[i].got / (1e9 * (1u << i)) -
					 1), 0.03);
}
END_TEST

START_TEST(many_short_jobs_weigh_as_much_as_few_long_ones)
{
	players[0].fixed = 4096;
	players[1].fixed = 64 << 20;
	join(0, 0);
	join(1, 1);
	serve_for(2e9);
	ck_assert_double_lt(fabs(players[0].got / players[1].got - 1), 0.02);
}
END_TEST

START_TEST(newcomer_is_next)
{
	for (unsigned int i = 0; i < CLIENTS - 1; i++)
		join(i, i);
	serve_for(1e9);
	join(CLIENTS - 1, 99);
	ck_assert_uint_eq(serve(), CLIENTS - 1);
}
END_TEST

START_TEST(who_rested_saves_nothing_up)
{
	for (unsigned int i = 0; i < 2; i++) {
		players[i].fixed = 64 << 20;
		join(i, i);
	}
	TAILQ_REMOVE(&players[0].sharer->lanes, &lanes[0], ready);
	shares_update(&shares, players[0].sharer);
	serve_for(5e9);
	TAILQ_INSERT_TAIL(&players[0].sharer->lanes, &lanes[0], ready);
	shares_update(&shares, players[0].sharer);
	players[0].got = players[1].got = 0;
	serve_for(1e9);
	ck_assert_double_lt(fabs(players[0].got - players[1].got),
			    2 * QUANTUM);
}
END_TEST

START_TEST(leaving_and_coming_back_gains_nothing)
{
	for (unsigned int i = 0; i < 2; i++) {
		players[i].fixed = 64 << 20;
		join(i, 7 + i);
	}
	/* One that comes back after each of its parts. */
	for (int i = 0; i < 1000; i++) {
		if (serve())
			continue;
		leave(0);
		join(0, 7);
	}
	ck_assert_double_lt(players[0].got, players[1].got + 2 * QUANTUM);
	ck_assert_ptr_null(TAILQ_NEXT(TAILQ_NEXT(TAILQ_FIRST(&shares.all),
						 all), all));
}
END_TEST

START_TEST(lanes_of_one_client_have_one_place)
{
	struct sharer *sharer = shares_join(&shares, &players[0], 1);

	ck_assert_ptr_eq(shares_join(&shares, &players[0], 1), sharer);
	ck_assert_ptr_ne(shares_join(&shares, &players[1], 1), sharer);
}
END_TEST

START_TEST(who_waits_for_his_part_keeps_his_place)
{
	join(0, 0);
	join(1, 1);
	players[0].sharer->held = 1;
	TAILQ_REMOVE(&players[0].sharer->lanes, &lanes[0], ready);
	shares_update(&shares, players[0].sharer);
	ck_assert_ptr_eq(shares_first(&shares), players[0].sharer);
	TAILQ_INSERT_TAIL(&players[0].sharer->lanes, &lanes[0], ready);
	players[0].sharer->held = 0;
	shares_update(&shares, players[0].sharer);
}
END_TEST

START_TEST(more_than_was_charged_is_owed)
{
	for (unsigned int i = 0; i < 2; i++) {
		players[i].fixed = 132;		/* 1000 ns */
		join(i, i);
	}
	ck_assert_uint_eq(serve(), 0);
	shares_owe(players[0].sharer, 10000);
	for (int i = 0; i < 24; i++)
		serve();
	ck_assert_double_ge(players[1].got - players[0].got, 9000);
	ck_assert_double_le(players[1].got - players[0].got, 11000);
}
END_TEST

START_TEST(pace_follows_what_was_measured)
{
	struct pace pace;

	pace_init(&pace);
	ck_assert_uint_le(pace_bytes(&pace, 0, 10000000), 65536);
	for (int i = 0; i < 200; i++)
		pace_learn(&pace, 0, 1 << 20, (1 << 20) * 20);
	ck_assert_uint_ge(pace_cost(&pace, 0, 1 << 20), 20u << 20);
	ck_assert_uint_le(pace_cost(&pace, 0, 1 << 20), (20u << 20) + 100000);
	ck_assert_uint_le(pace_bytes(&pace, 0, 10000000), 500000);
	ck_assert_uint_ge(pace_bytes(&pace, 0, 10000000), 490000);
	/* Another kind is taken for the same. */
	ck_assert_uint_eq(pace_cost(&pace, 1, 1 << 20),
			  pace_cost(&pace, 0, 1 << 20));
}
END_TEST

START_TEST(kinds_that_differ_have_their_own_pace)
{
	struct pace pace;

	pace_init(&pace);
	for (int i = 0; i < 200; i++) {
		pace_learn(&pace, 0, 1 << 20, (1 << 20) * 20);
		pace_learn(&pace, 1, 1 << 20, (1 << 20) * 8);
		pace_learn(&pace, 2, 1 << 20, (1 << 20) * 13);
	}
	ck_assert_uint_ge(pace_cost(&pace, 0, 1 << 20), 20u << 20);
	ck_assert_uint_le(pace_cost(&pace, 1, 1 << 20), 9u << 20);
	/* No clear difference from the 13.7 of all. */
	ck_assert_uint_ge(pace_cost(&pace, 2, 1 << 20), 13600u << 10);
}
END_TEST

START_TEST(one_that_was_seen_late_changes_little)
{
	struct pace pace;
	uint64_t before;

	pace_init(&pace);
	for (int i = 0; i < 200; i++)
		pace_learn(&pace, 0, 1 << 20, (1 << 20) * 8);
	before = pace_cost(&pace, 0, 1 << 20);
	pace_learn(&pace, 0, 1 << 20, UINT64_C(5000000000));
	ck_assert_uint_le(pace_cost(&pace, 0, 1 << 20), before * 5 / 4);
}
END_TEST

/* Cuts all of a slot's transfer, which is within [most]: how many parts? */
static unsigned int cut_all(struct slot *slot, uint64_t most)
{
	unsigned int parts = 0;
	int ends = 0;

	for (; !ends && parts < 100000; parts++) {
		slot_part_plan(slot, most);
		ends = slot_part_ends(slot);
		ck_assert_uint_le(slot->part.cost, most > 4096 + 32 ? most :
						   4096 + 32);
		if (!ends && !slot->segments)
			ck_assert_uint_eq((slot->entry.local + slot->done +
					   slot->part.bytes) % 4096, 0);
		slot_part_done(slot);
	}
	ck_assert_uint_eq(slot->done, slot->bytes);
	return parts;
}

START_TEST(whole_is_cut_at_pages_of_the_local_address)
{
	static const uint64_t mosts[] = { 1, 4095, 4096, 4097, 100000,
					  1 << 20 };
	static const uint64_t lengths[] = { 1, 4096, 4097, 99999, 3 << 20 };

	for (unsigned int i = 0; i < 6 * 5 * 8; i++) {
		struct slot slot = { .bytes = lengths[i / 8 % 5] };

		slot.entry.local = 0x20000000 + i % 8 * 1021;
		/* The whole as planned has its descriptor within the bound. */
		cut_all(&slot, mosts[i / 40] + 4096);
	}
}
END_TEST

START_TEST(list_is_cut_between_and_within_its_pieces)
{
	struct wire_segment list[64];
	struct slot slot = { .segments = list };
	uint64_t bytes, seen;

	for (int round = 0; round < 200; round++) {
		slot.entry.segment_count = 1 + (uint32_t)(fraction() * 63);
		slot.done = slot.at = 0;
		slot.within = slot.bytes = 0;
		for (uint32_t i = 0; i < slot.entry.segment_count; i++) {
			list[i].length = fraction() < 0.1 ? 0 :
					 (uint32_t)(fraction() * 70000);
			list[i].local = (uint32_t)(fraction() * 1e6);
			slot.bytes += list[i].length;
		}
		bytes = slot.bytes;
		seen = cut_all(&slot, 8192 + (uint64_t)(fraction() * 1e5));
		ck_assert_uint_le(seen, bytes / 4096 + 2 + 64);
	}
}
END_TEST

Suite *shares_suite(void)
{
	Suite *suite = suite_create("shares");
	TCase *tcase = tcase_create("share");
	TCase *pace = tcase_create("pace");
	TCase *part = tcase_create("part");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, eight_equals_get_the_same_of_any_jobs);
	tcase_add_test(tcase, weights_are_met);
	tcase_add_test(tcase, many_short_jobs_weigh_as_much_as_few_long_ones);
	tcase_add_test(tcase, newcomer_is_next);
	tcase_add_test(tcase, who_rested_saves_nothing_up);
	tcase_add_test(tcase, leaving_and_coming_back_gains_nothing);
	tcase_add_test(tcase, lanes_of_one_client_have_one_place);
	tcase_add_test(tcase, who_waits_for_his_part_keeps_his_place);
	tcase_add_test(tcase, more_than_was_charged_is_owed);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(pace, 60);
	tcase_add_test(pace, pace_follows_what_was_measured);
	tcase_add_test(pace, kinds_that_differ_have_their_own_pace);
	tcase_add_test(pace, one_that_was_seen_late_changes_little);
	suite_add_tcase(suite, pace);
	tcase_set_timeout(part, 60);
	tcase_add_test(part, whole_is_cut_at_pages_of_the_local_address);
	tcase_add_test(part, list_is_cut_between_and_within_its_pieces);
	suite_add_tcase(suite, part);
	return suite;
}
