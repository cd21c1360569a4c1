/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A bus shared by many cards, in virtual time: each card's engine tells its
 * ends late, each driver takes its time, and no clock of this machine has a
 * say.  So every figure here is exact and the same in every run.
 */
#include <stdlib.h>
#include <string.h>

#include "model/pci_bus.h"
#include "suites.h"

#define CARDS	 13
#define US	 1000u
#define MS	 1000000u
#define SECOND	 1000000000u
#define RATE	 132000000u
#define BLOCK	 32768u
#define BEGINS	 (7u * SECOND)

/* A card that moves one block after the other. */
struct busy {
	struct bus_user user;
	uint32_t block;
	uint32_t late;	   /* at most: its engine's thread */
	uint32_t reaction; /* at most: its driver */
	bool moving;
	uint64_t next;	/* when something happens */
	uint64_t since; /* as of when the next start counts */
	double mark;	/* at the end of the block under way */
	uint64_t bytes; /* of blocks that are over */
};

static uint64_t random_state;

static uint64_t random_below(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u +
		       1442695040888963407u;
	return limit ? (random_state >> 33) % limit : 0;
}

static struct pci_bus *bus_new(void)
{
	struct pci_bus *bus = calloc(1, sizeof(*bus));

	ck_assert_ptr_nonnull(bus);
	bus->rate = RATE;
	random_state = 1;
	return bus;
}

static void card_new(struct busy *card, uint32_t block, uint32_t late,
		     uint32_t reaction)
{
	*card = (struct busy){
		.block = block,
		.late = late,
		.reaction = reaction,
		.next = BEGINS,
		.since = BEGINS,
	};
}

static void card_starts(struct pci_bus *bus, struct busy *card)
{
	double first = pci_bus_request(bus, &card->user, card->since,
				       card->next);

	pci_bus_work(bus, &card->user, first, card->block, card->next);
	card->mark = pci_bus_spend(bus, &card->user, first, card->block);
	card->moving = true;
}

/* Told late; the driver's reaction counts from when it was told. */
static void card_ends(struct busy *card, uint64_t end)
{
	uint64_t reaction = random_below(card->reaction);

	card->bytes += card->block;
	card->moving = false;
	card->next += random_below(card->late) + reaction;
	card->since = end + reaction;
}

static void card_steps(struct pci_bus *bus, struct busy *card)
{
	uint64_t end;

	if (!card->moving)
		card_starts(bus, card);
	end = pci_bus_when(bus, &card->user, card->mark);
	if (end <= card->next)
		card_ends(card, end);
	else
		card->next = end;
}

static void run(struct pci_bus *bus, struct busy *cards, int count,
		uint64_t time)
{
	for (;;) {
		struct busy *first = &cards[0];

		for (int i = 1; i < count; i++) {
			if (cards[i].next < first->next)
				first = &cards[i];
		}
		if (first->next >= BEGINS + time)
			return;
		card_steps(bus, first);
	}
}

static uint64_t sum_of(const struct busy *cards, int count)
{
	uint64_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += cards[i].bytes;
	return sum;
}

/* In parts of a thousand of what would be due. */
static void share_within(const struct busy *cards, int count, uint64_t time,
			 uint64_t parts)
{
	uint64_t due = RATE * (time / MS) / 1000;
	uint64_t sum = sum_of(cards, count), share = sum / (uint64_t)count;

	ck_assert_uint_ge(sum, due / 1000 * 990);
	ck_assert_uint_le(sum, due / 1000 * 1001);
	for (int i = 0; i < count; i++) {
		uint64_t off = cards[i].bytes > share ?
				       cards[i].bytes - share :
				       share - cards[i].bytes;

		ck_assert_msg(off <= share / 1000 * parts,
			      "card %d: %llu of %llu", i,
			      (unsigned long long)cards[i].bytes,
			      (unsigned long long)share);
	}
}

START_TEST(thirteen_cards_get_equal_shares_and_the_rate_is_used)
{
	struct pci_bus *bus = bus_new();
	struct busy cards[CARDS];

	for (int i = 0; i < CARDS; i++)
		card_new(&cards[i], BLOCK, 0, 10 * US);
	run(bus, cards, CARDS, 4ull * SECOND);
	share_within(cards, CARDS, 4ull * SECOND, 5);
	free(bus);
}
END_TEST

/* Some have a thread that comes at once, others one that is up to 3.6 ms late,
 * which is longer than all the others need for a turn. */
START_TEST(whose_thread_is_late_gets_its_share_all_the_same)
{
	struct pci_bus *bus = bus_new();
	struct busy cards[CARDS];

	for (int i = 0; i < CARDS; i++)
		card_new(&cards[i], BLOCK,
			 i < 4 ? 0 : (uint32_t)i * 300 * US, 10 * US);
	run(bus, cards, CARDS, 4ull * SECOND);
	share_within(cards, CARDS, 4ull * SECOND, 50);
	free(bus);
}
END_TEST

START_TEST(the_size_of_blocks_does_not_buy_a_larger_share)
{
	struct pci_bus *bus = bus_new();
	struct busy cards[4];

	for (int i = 0; i < 4; i++)
		card_new(&cards[i], BLOCK << 2 * i, 0, US);
	run(bus, cards, 4, 16ull * SECOND);
	share_within(cards, 4, 16ull * SECOND, 20);
	free(bus);
}
END_TEST

START_TEST(what_one_does_not_want_the_others_get)
{
	struct pci_bus *bus = bus_new();
	struct busy cards[3];

	card_new(&cards[0], BLOCK, 0, US);
	card_new(&cards[1], BLOCK, 0, US);
	card_new(&cards[2], BLOCK, 0, 20 * MS);
	run(bus, cards, 3, 4ull * SECOND);
	ck_assert_uint_ge(sum_of(cards, 3), RATE / 1000ull * 4 * 990);
	ck_assert_uint_lt(cards[2].bytes, cards[0].bytes / 10);
	ck_assert_uint_ge(cards[0].bytes, cards[1].bytes / 100 * 99);
	ck_assert_uint_le(cards[0].bytes, cards[1].bytes / 99 * 100);
	free(bus);
}
END_TEST

/* Nobody is charged for his thread, and everybody for his driver. */
START_TEST(one_card_alone_loses_what_its_driver_takes_and_no_more)
{
	struct pci_bus *bus = bus_new();
	struct busy card;
	uint64_t cycle, due;

	card_new(&card, BLOCK, 0, 0);
	card.late = 100 * US;
	run(bus, &card, 1, 4ull * SECOND);
	ck_assert_uint_ge(card.bytes, RATE / 1000ull * 4 * 998);
	ck_assert_uint_le(card.bytes, RATE / 1000ull * 4 * 1001);
	free(bus);

	bus = bus_new();
	card_new(&card, BLOCK, 100 * US, 100 * US);
	run(bus, &card, 1, 4ull * SECOND);
	cycle = BLOCK * 1000ull / (RATE / 1000000) + 50 * US;
	due = 4ull * SECOND / cycle * BLOCK;
	ck_assert_uint_ge(card.bytes, due / 100 * 98);
	ck_assert_uint_le(card.bytes, due / 100 * 102);
	free(bus);
}
END_TEST

/* @bytes as of @since, said at @now.  Return: the mark at their end. */
static double ask(struct pci_bus *bus, struct bus_user *user, uint32_t bytes,
		  uint64_t since, uint64_t now)
{
	double first = pci_bus_request(bus, user, since, now);

	pci_bus_work(bus, user, first, bytes, now);
	return pci_bus_spend(bus, user, first, bytes);
}

START_TEST(time_that_nobody_asked_for_is_lost)
{
	struct pci_bus *bus = bus_new();
	struct bus_user user = {0};
	double mark;

	mark = ask(bus, &user, 13200, BEGINS, BEGINS);
	ck_assert_uint_eq(pci_bus_when(bus, &user, mark), BEGINS + 100 * US);
	mark = ask(bus, &user, 13200, BEGINS + MS, BEGINS + MS);
	ck_assert_uint_eq(pci_bus_when(bus, &user, mark),
			  BEGINS + MS + 100 * US);
	pci_bus_leave(bus, &user, BEGINS + MS);
	free(bus);
}
END_TEST

START_TEST(whoever_waits_has_its_turn_after_32_kib)
{
	struct pci_bus *bus = bus_new();
	struct bus_user a = {0}, b = {0};
	double mark, other;

	mark = ask(bus, &a, 66000, BEGINS, BEGINS);
	ck_assert_uint_eq(pci_bus_when(bus, &a, mark), BEGINS + 500 * US);
	other = ask(bus, &b, 13200, BEGINS + 50 * US, BEGINS + 50 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &a, mark), BEGINS + 600 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &b, other) / US,
			  (BEGINS + 348 * US) / US);
	/* And so it was, when it is over. */
	ask(bus, &b, 4, BEGINS + MS, BEGINS + MS);
	ck_assert_uint_eq(pci_bus_when(bus, &a, mark), BEGINS + 600 * US);
	free(bus);
}
END_TEST

START_TEST(who_asks_late_stands_where_it_would_have_stood)
{
	struct pci_bus *bus = bus_new();
	struct bus_user a = {0}, b = {0}, c = {0};
	double other, late;

	ask(bus, &a, 26400, BEGINS, BEGINS);
	other = ask(bus, &b, 13200, BEGINS + 100 * US, BEGINS + 100 * US);
	late = ask(bus, &c, 13200, BEGINS + 60 * US, BEGINS + 150 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &c, late), BEGINS + 300 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &b, other), BEGINS + 400 * US);
	free(bus);
}
END_TEST

START_TEST(a_lone_card_that_asks_late_has_lost_nothing)
{
	struct pci_bus *bus = bus_new();
	struct bus_user user = {0};
	double mark;

	ask(bus, &user, 13200, BEGINS, BEGINS);
	mark = ask(bus, &user, 13200, BEGINS + 100 * US, BEGINS + 180 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &user, mark), BEGINS + 200 * US);
	free(bus);
}
END_TEST

START_TEST(work_that_is_given_up_makes_room)
{
	struct pci_bus *bus = bus_new();
	struct bus_user a = {0}, b = {0};
	double first, other;

	first = pci_bus_request(bus, &a, BEGINS, BEGINS);
	pci_bus_work(bus, &a, first, 26400, BEGINS);
	other = ask(bus, &b, 13200, BEGINS, BEGINS);
	ck_assert_uint_eq(pci_bus_when(bus, &b, other), BEGINS + 300 * US);
	pci_bus_work(bus, &a, first, 0, BEGINS + 50 * US);
	ck_assert_uint_eq(pci_bus_when(bus, &b, other), BEGINS + 150 * US);
	free(bus);
}
END_TEST

Suite *suite_share(void)
{
	Suite *suite = suite_create("share");
	TCase *tcase = tcase_create("shares");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase,
		       thirteen_cards_get_equal_shares_and_the_rate_is_used);
	tcase_add_test(tcase, whose_thread_is_late_gets_its_share_all_the_same);
	tcase_add_test(tcase, the_size_of_blocks_does_not_buy_a_larger_share);
	tcase_add_test(tcase, what_one_does_not_want_the_others_get);
	tcase_add_test(tcase,
		       one_card_alone_loses_what_its_driver_takes_and_no_more);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("course");
	tcase_add_test(tcase, time_that_nobody_asked_for_is_lost);
	tcase_add_test(tcase, whoever_waits_has_its_turn_after_32_kib);
	tcase_add_test(tcase, who_asks_late_stands_where_it_would_have_stood);
	tcase_add_test(tcase, a_lone_card_that_asks_late_has_lost_nothing);
	tcase_add_test(tcase, work_that_is_given_up_makes_room);
	suite_add_tcase(suite, tcase);
	return suite;
}
