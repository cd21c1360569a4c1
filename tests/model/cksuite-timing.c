/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a card does about the lateness of its own engine's thread: a start that
 * answers an interrupt is given back what the interrupt came too late, once,
 * and not more than a machine under load takes.
 *
 * Inner functions, on a card of zeros: from outside, only a busy machine would
 * make a thread late.  Bounds are by the clock before and after, so no load
 * makes them wrong.
 */
#include <stdlib.h>

#include "model/card.h"
#include "suites.h"

#define MS	 1000000u
#define RATE	 100000000u
#define BLOCK_MS 50u
#define BLOCK	 (RATE / 1000 * BLOCK_MS)
#define MOST_MS	 100u

static struct model *late_card(void)
{
	static const struct personality plain;
	struct model *m = calloc(1, sizeof(*m));
	struct channel *ch;

	ck_assert_ptr_nonnull(m);
	m->chip = &plain;
	m->threaded = true;
	m->rate = RATE;
	m->bus = timing_bus_get(NULL, RATE);
	ck_assert_ptr_nonnull(m->bus);
	m->config[PLX_CFG_COMMAND] = 7;
	ch = &m->channel[0];
	ch->enable = true;
	ch->state = CHANNEL_DATA;
	ch->left = BLOCK;
	return m;
}

static void late_card_free(struct model *m)
{
	timing_bus_put(m->bus);
	free(m);
}

/* A block is asked for; when it is over, as a time after the request. */
static void block_within(struct model *m, bool starts, int64_t expected)
{
	struct channel *ch = &m->channel[0];
	int64_t before, after, over;

	before = (int64_t)timing_now(m);
	if (starts)
		timing_request(m, ch);
	else
		timing_resume(m, ch, 0);
	after = (int64_t)timing_now(m);
	over = (int64_t)timing_when(m, ch, BLOCK);
	ck_assert_int_ge(over, before + expected - 1);
	ck_assert_int_le(over, after + expected + 1);
}

/* The interrupt is told @ms after the data was over. */
static void told_late(struct model *m, uint64_t ms)
{
	m->end_time = timing_now(m) - ms * MS;
	timing_told(m);
}

START_TEST(a_start_without_lateness_has_its_time_before_it)
{
	struct model *m = late_card();

	block_within(m, true, BLOCK_MS * MS);
	late_card_free(m);
}
END_TEST

START_TEST(a_start_is_given_back_what_the_interrupt_came_too_late)
{
	struct model *m = late_card();

	m->lateness = 80 * MS;
	block_within(m, true, (int64_t)(BLOCK_MS * MS) - 80 * MS);
	ck_assert(timing_ready(m, &m->channel[0]));
	late_card_free(m);
}
END_TEST

START_TEST(lateness_is_given_back_once)
{
	struct model *m = late_card();

	m->lateness = 80 * MS;
	timing_request(m, &m->channel[0]);
	ck_assert_uint_eq(m->lateness, 0);
	late_card_free(m);
}
END_TEST

START_TEST(going_on_is_no_answer_to_an_interrupt)
{
	struct model *m = late_card();

	m->lateness = 80 * MS;
	block_within(m, false, BLOCK_MS * MS);
	ck_assert_uint_eq(m->lateness, 80 * MS);
	late_card_free(m);
}
END_TEST

START_TEST(lateness_counts_from_the_end_on_the_bus)
{
	struct model *m = late_card();
	uint64_t end, told;

	end = timing_now(m) - 20 * MS;
	m->end_time = end;
	timing_told(m);
	told = timing_now(m);
	ck_assert_uint_ge(m->lateness, 20 * MS);
	ck_assert_uint_le(m->lateness, told - end);
	ck_assert_uint_eq(m->end_time, 0);
	late_card_free(m);
}
END_TEST

START_TEST(an_end_is_told_once)
{
	struct model *m = late_card();
	uint64_t lateness;

	told_late(m, 20);
	lateness = m->lateness;
	timing_told(m);
	ck_assert_uint_eq(m->lateness, lateness);
	late_card_free(m);
}
END_TEST

START_TEST(a_machine_that_stood_still_is_not_made_up_for)
{
	struct model *m = late_card();

	told_late(m, 10000);
	ck_assert_uint_eq(m->lateness, MOST_MS * MS);
	block_within(m, true, (int64_t)(BLOCK_MS * MS) - MOST_MS * MS);
	late_card_free(m);
}
END_TEST

START_TEST(an_interrupt_in_time_takes_old_lateness_away)
{
	struct model *m = late_card();

	m->lateness = 80 * MS;
	m->end_time = timing_now(m) + 10000ull * MS;
	timing_told(m);
	ck_assert_uint_eq(m->lateness, 0);
	late_card_free(m);
}
END_TEST

/* An inline engine runs in its driver's thread: its time is the driver's. */
START_TEST(only_a_thread_of_the_card_is_late)
{
	struct model *m = late_card();

	timing_request(m, &m->channel[0]);
	m->threaded = false;
	timing_ended(m, &m->channel[0]);
	ck_assert_uint_eq(m->end_time, 0);
	m->threaded = true;
	timing_ended(m, &m->channel[0]);
	ck_assert_uint_ne(m->end_time, 0);
	late_card_free(m);
}
END_TEST

Suite *suite_timing(void)
{
	Suite *suite = suite_create("timing");
	TCase *tcase = tcase_create("lateness");

	tcase_add_test(tcase, a_start_without_lateness_has_its_time_before_it);
	tcase_add_test(tcase,
		       a_start_is_given_back_what_the_interrupt_came_too_late);
	tcase_add_test(tcase, lateness_is_given_back_once);
	tcase_add_test(tcase, going_on_is_no_answer_to_an_interrupt);
	tcase_add_test(tcase, lateness_counts_from_the_end_on_the_bus);
	tcase_add_test(tcase, an_end_is_told_once);
	tcase_add_test(tcase, a_machine_that_stood_still_is_not_made_up_for);
	tcase_add_test(tcase, an_interrupt_in_time_takes_old_lateness_away);
	tcase_add_test(tcase, only_a_thread_of_the_card_is_late);
	suite_add_tcase(suite, tcase);
	return suite;
}
