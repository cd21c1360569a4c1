/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Aborts that the card takes its time to confirm: the channel's users wait,
 * and nobody else.
 *
 * The card confirms when it is told to ("drag", see model.h), which is a
 * request to the daemon like any other: one that waits for the abort in its
 * loop never sees it, and gives the card up after 100 ms. On a machine that
 * stands still for so long this side may be too late as well, so each test has
 * several tries.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u
#define SOON_MS 60000	/* for what comes in milliseconds */
#define TRIES 20

static struct fixture daemon_under_test;
static struct raw dragged;	/* its transfer is, on channel 0 */
static struct raw other;	/* uses channel 1 */

static void put(struct raw *to, struct wire_submission entry)
{
	ck_assert_int_eq(ring_client_submit(&to->ring, &entry), 0);
	raw_wake(to);
}

static struct wire_completion take(struct raw *from)
{
	struct wire_completion completion = { .error = 1 };

	for (int i = 0; i < SOON_MS; i++) {
		if (ring_client_take(&from->ring, &completion))
			return completion;
		settle(1);
	}
	ck_abort_msg("no completion");
	return completion;
}

static struct packet about_card(enum wire_type type, const char *fault)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, type, 1);
	if (fault)
		strcpy(packet.message.fault.fault, fault);
	ck_assert_int_eq(raw_ask(&other, &packet), 0);
	return packet;
}

/* A daemon with a transfer that only an abort ends, when the fault goes. */
static void begin(void)
{
	static const char *const more[] = { "--test-faults", NULL };
	const struct wire_submission entry = { .local = SRAM, .length = 65536,
					       .cookie = 1 };
	struct wire_completion done;

	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL,
				       "model:pages=small", more), 0);
	ck_assert_int_eq(raw_open(&other, ARENA, 1), 0);
	ck_assert_int_eq(raw_open(&dragged, ARENA, 0), 0);
	about_card(WIRE_FAULT, "drag");
	put(&dragged, entry);
	/* The next entry is answered, so this one has been seen. */
	ck_assert_int_eq(raw_run(&dragged, &(struct wire_submission){
			 .op = WIRE_PREPARE, .slot = 1, .local = SRAM,
			 .length = 64 }, &done), 0);
}

static int in_service(void)
{
	return about_card(WIRE_INFO, NULL).message.info.in_service != 0;
}

/* Waits until both transfers are over. Did the release come in time? Then the
 * card is in service. */
static int in_time(void)
{
	for (int i = 0; i < SOON_MS && in_service(); i++) {
		if (about_card(WIRE_COUNTERS, NULL)
		    .message.counters.transfers >= 2)
			break;
		settle(1);
	}
	return in_service();
}

static void finish(void)
{
	raw_close(&other);
	fixture_stop(&daemon_under_test);
}

/* The other channel's transfer ends, and the fault with it. */
static void others_go_on(void)
{
	struct wire_submission entry = { .local = SRAM, .length = 256 };
	struct wire_completion done;

	ck_assert_int_eq(raw_run(&other, &entry, &done), 0);
	about_card(WIRE_FAULT, "none");
}

static int cancelled_in_time(void)
{
	struct wire_completion first, second;

	begin();
	put(&dragged, (struct wire_submission){ .op = WIRE_CANCEL,
		.status = PLXDMA_CANCELLED, .cookie = 2 });
	others_go_on();
	first = take(&dragged);
	second = take(&dragged);
	ck_assert_uint_eq(first.cookie, 1);
	ck_assert_uint_eq(second.cookie, 2);
	raw_close(&dragged);
	finish();
	return first.status == PLXDMA_CANCELLED && !second.error;
}

START_TEST(nobody_else_waits_for_a_cancel)
{
	int good = 0;

	for (int i = 0; !good && i < TRIES; i++)
		good = cancelled_in_time();
	ck_assert_msg(good, "the loop waits for the abort");
}
END_TEST

static int dead_in_time(void)
{
	int good;

	begin();
	raw_close(&dragged);
	others_go_on();
	good = in_time();
	/* The channel is fit for the next. */
	if (good) {
		struct wire_submission entry = { .local = SRAM, .length = 64 };
		struct wire_completion done;

		ck_assert_int_eq(raw_open(&dragged, ARENA, 0), 0);
		ck_assert_int_eq(raw_run(&dragged, &entry, &done), 0);
		ck_assert_int_eq(done.error, 0);
		ck_assert_uint_eq(done.status, PLXDMA_DONE);
		raw_close(&dragged);
	}
	finish();
	return good;
}

START_TEST(nobody_else_waits_for_a_death)
{
	int good = 0;

	for (int i = 0; !good && i < TRIES; i++)
		good = dead_in_time();
	ck_assert_msg(good, "the loop waits for the abort");
}
END_TEST

static int closed_in_time(void)
{
	struct packet packet = { .fd_count = 0 };
	struct wire_completion done;
	int closed;

	begin();
	wire_request_init(&packet.message, WIRE_CHANNEL_CLOSE, 9);
	ck_assert_int_eq(packet_send(dragged.fd, &packet, 0), 0);
	others_go_on();
	ck_assert_int_gt(packet_receive(dragged.fd, &packet, 1, 0), 0);
	closed = !packet.message.header.error;
	/* Answered when it was over, and not before. */
	ck_assert_int_gt(ring_client_take(&dragged.ring, &done), 0);
	ck_assert_uint_ne(done.status, PLXDMA_DONE);
	raw_close(&dragged);
	finish();
	return closed;
}

START_TEST(channel_is_closed_when_its_transfer_is_over)
{
	int good = 0;

	for (int i = 0; !good && i < TRIES; i++)
		good = closed_in_time();
	ck_assert_msg(good, "the loop waits for the abort");
}
END_TEST

/* Its memory is kept, and its clients are told, as if all had waited. */
START_TEST(abort_that_is_never_confirmed_takes_the_card_out_of_service)
{
	struct wire_completion done;

	begin();
	put(&dragged, (struct wire_submission){ .op = WIRE_CANCEL,
		.status = PLXDMA_CANCELLED, .cookie = 2 });
	done = take(&dragged);
	ck_assert_uint_eq(done.cookie, 1);
	ck_assert_uint_eq(done.status, PLXDMA_STUCK);
	done = take(&dragged);
	ck_assert_uint_eq(done.cookie, 2);
	ck_assert_int_eq(done.error, -ESHUTDOWN);
	ck_assert_int_eq(ring_client_state(&other.ring), -ESHUTDOWN);
	raw_close(&dragged);
	for (int i = 0; i < SOON_MS; i++) {
		if (about_card(WIRE_INFO, NULL).message.info.memory_kept)
			break;
		settle(1);
	}
	ck_assert_uint_eq(about_card(WIRE_INFO, NULL).message.info.memory_kept,
			  ARENA);
	raw_close(&other);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 1);
}
END_TEST

Suite *stop_suite(void)
{
	Suite *suite = suite_create("stop");
	TCase *tcase = tcase_create("stop");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, nobody_else_waits_for_a_cancel);
	tcase_add_test(tcase, nobody_else_waits_for_a_death);
	tcase_add_test(tcase, channel_is_closed_when_its_transfer_is_over);
	tcase_add_test(tcase,
		abort_that_is_never_confirmed_takes_the_card_out_of_service);
	suite_add_tcase(suite, tcase);
	return suite;
}
