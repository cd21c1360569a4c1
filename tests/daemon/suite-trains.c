/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Short transfers that wait: they go as one chain, and each is answered as if
 * it had gone by itself, whatever becomes of the chain.
 */
#include "suites.h"

#include <string.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u
#define PATTERN 0x40000000u
#define LENGTH 4096u
#define SHORT 24u		/* more than one chain takes */
#define IN_THE_WAY 16384u	/* for 0.25 s each; a block, no chain */
#define FIRST 4u		/* slots before them are in the way */

static struct fixture daemon_under_test;
static struct raw raw;

static void set_up_with(const char *card)
{
	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL, card, NULL),
			 0);
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
}

/* A chain of sixteen takes a second. */
static void set_up(void)
{
	set_up_with("model:pages=small,rate=64e3,engine=inline");
}

/* In the fifth one of a chain. */
static void set_up_faulty(void)
{
	set_up_with("model:pages=small,rate=64e3,engine=inline,"
		    "fault=master-abort@data:17848");
}

static void tear_down(void)
{
	raw_close(&raw);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

static void put(struct wire_submission entry)
{
	ck_assert_int_eq(ring_client_submit(&raw.ring, &entry), 0);
	raw_wake(&raw);
}

static struct wire_completion take(void)
{
	struct wire_completion completion = { .error = 1 };

	for (int i = 0; i < 60000; i++) {
		if (ring_client_take(&raw.ring, &completion))
			return completion;
		settle(1);
	}
	ck_abort_msg("no completion");
	return completion;
}

/* What the channel has already, so that the next ones wait. */
static void put_in_the_way(void)
{
	struct wire_submission entry = { .local = SRAM, .length = IN_THE_WAY,
					 .form = PLXDMA_FORM_BLOCK };

	for (entry.slot = 0; entry.slot < 2; entry.slot++)
		put(entry);
}

static void take_what_was_in_the_way(void)
{
	for (unsigned int i = 0; i < 2; i++)
		ck_assert_uint_eq(take().bytes, IN_THE_WAY);
}

static struct wire_submission short_one(uint32_t n)
{
	return (struct wire_submission){
		.slot = FIRST + n,
		.local = PATTERN + n * LENGTH,
		.offset = 65536 + (SHORT - n) * LENGTH,
		.length = LENGTH,
	};
}

static void put_short_ones(void)
{
	memset(raw.base, 0, ARENA);
	for (uint32_t n = 0; n < SHORT; n++)
		put(short_one(n));
}

static void data_is_right(uint32_t n)
{
	const uint32_t *words = (const void *)(raw.base + short_one(n).offset);

	for (uint32_t i = 0; i < LENGTH / 4; i++)
		ck_assert_uint_eq(words[i],
				  (n * LENGTH / 4 + i) * 2654435761u);
}

/* All but one, which ended otherwise, or nearly so. */
static struct wire_completion take_short_ones(uint32_t but)
{
	struct wire_completion done, odd = { .slot = 0 };
	uint64_t seen = 0;

	for (uint32_t i = 0; i < SHORT; i++) {
		done = take();
		while (done.op != WIRE_SUBMIT)
			done = take();
		ck_assert_int_eq(done.error, 0);
		ck_assert_uint_eq(seen >> done.slot & 1, 0);
		seen |= UINT64_C(1) << done.slot;
		if (done.slot == but) {
			odd = done;
			continue;
		}
		ck_assert_uint_eq(done.status, PLXDMA_DONE);
		ck_assert_uint_eq(done.bytes, LENGTH);
		ck_assert_uint_eq(done.bytes_exact, 1);
		data_is_right(done.slot - FIRST);
	}
	return odd;
}

static uint64_t started(void)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };
	struct plxdma_card *card;

	ck_assert_int_eq(plxdma_open("daemon:a", &card), 0);
	ck_assert_int_eq(plxdma_card_counters(card, &counters), 0);
	plxdma_close(card);
	ck_assert_uint_eq(counters.violations, 0);
	return counters.transfers;
}

START_TEST(those_that_wait_go_as_one_chain)
{
	put_in_the_way();
	put_short_ones();
	take_what_was_in_the_way();
	take_short_ones(0);
	/* Two in the way and two chains, if nobody was late. */
	ck_assert_uint_le(started(), 2 + SHORT / 2);
}
END_TEST

START_TEST(they_end_in_their_order)
{
	put_in_the_way();
	put_short_ones();
	take_what_was_in_the_way();
	for (uint32_t n = 0; n < SHORT; n++)
		ck_assert_uint_eq(take().slot, FIRST + n);
}
END_TEST

START_TEST(what_differs_goes_by_itself)
{
	struct wire_submission entry;

	put_in_the_way();
	memset(raw.base, 0, ARENA);
	for (uint32_t n = 0; n < 4; n++) {
		memset(raw.base + n * LENGTH, (int)(n + 1), LENGTH);
		put((struct wire_submission){
			.slot = FIRST + 2 * n,
			.direction = PLXDMA_TO_CARD,
			.local = SRAM,
			.offset = n * LENGTH,
			.length = LENGTH });
		entry = (struct wire_submission){
			.slot = FIRST + 2 * n + 1,
			.local = SRAM,
			.offset = 65536 + n * LENGTH,
			.length = LENGTH };
		put(entry);
	}
	take_what_was_in_the_way();
	for (uint32_t n = 0; n < 8; n++)
		ck_assert_uint_eq(take().slot, FIRST + n);
	for (uint32_t n = 0; n < 4; n++)
		ck_assert_int_eq(memcmp(raw.base + n * LENGTH,
					raw.base + 65536 + n * LENGTH, LENGTH),
				 0);
	ck_assert_uint_eq(started(), 10);
}
END_TEST

/* @n: of the chain that runs, or of the one that waits behind it. */
static void cancel_one(uint32_t n)
{
	struct wire_completion done;

	put_in_the_way();
	put_short_ones();
	take_what_was_in_the_way();
	/* The first chain moves. */
	settle(20);
	put((struct wire_submission){ .op = WIRE_CANCEL, .slot = FIRST + n,
				      .status = PLXDMA_CANCELLED });
	done = take_short_ones(FIRST + n);
	ck_assert_uint_eq(done.status, PLXDMA_CANCELLED);
	ck_assert_uint_lt(done.bytes, LENGTH);
}

START_TEST(cancel_ends_one_of_a_running_chain)
{
	cancel_one(14);
}
END_TEST

START_TEST(cancel_ends_one_of_a_waiting_chain)
{
	cancel_one(SHORT - 2);
}
END_TEST

START_TEST(fault_ends_the_one_that_met_it)
{
	struct wire_completion done;

	put_in_the_way();
	put_short_ones();
	take_what_was_in_the_way();
	done = take_short_ones(FIRST + 4);
	ck_assert_uint_eq(done.status, PLXDMA_MASTER_ABORT);
	ck_assert_uint_lt(done.bytes, LENGTH);
}
END_TEST

START_TEST(channel_closes_while_a_chain_runs)
{
	struct packet packet = { .fd_count = 0 };

	put_in_the_way();
	put_short_ones();
	take_what_was_in_the_way();
	wire_request_init(&packet.message, WIRE_CHANNEL_CLOSE, 1);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	wire_request_init(&packet.message, WIRE_CHANNEL_OPEN, 2);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	packet_close_fds(&packet);
}
END_TEST

Suite *trains_suite(void)
{
	Suite *suite = suite_create("trains");
	TCase *tcase = tcase_create("trains");
	TCase *faulty = tcase_create("faulty");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, those_that_wait_go_as_one_chain);
	tcase_add_test(tcase, they_end_in_their_order);
	tcase_add_test(tcase, what_differs_goes_by_itself);
	tcase_add_test(tcase, cancel_ends_one_of_a_running_chain);
	tcase_add_test(tcase, cancel_ends_one_of_a_waiting_chain);
	tcase_add_test(tcase, channel_closes_while_a_chain_runs);
	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(faulty, set_up_faulty, tear_down);
	tcase_set_timeout(faulty, 60);
	tcase_add_test(faulty, fault_ends_the_one_that_met_it);
	suite_add_tcase(suite, faulty);
	return suite;
}
