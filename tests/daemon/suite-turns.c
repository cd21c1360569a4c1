/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries of the ring, one by one: what is answered, and how; and the turns of
 * two clients on one channel.
 */
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u

static struct fixture daemon_under_test;
static struct raw raw;

static void set_up_with(const char *card, const char *config)
{
	const char *more[] = { "--config", config, NULL };

	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL, card,
				       config ? more : NULL), 0);
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
}

static void set_up(void)
{
	set_up_with("model:pages=small", NULL);
}

/* 1 MiB takes four seconds: what must come in between does. */
static void set_up_slow(void)
{
	set_up_with("model:pages=small,rate=250e3,engine=inline", NULL);
}

/* Beyond the first part, which is 64 KiB at most, and within the second. */
static void set_up_faulty(void)
{
	set_up_with("model:pages=small,rate=132e6,engine=inline,"
		    "fault=master-abort@data:100000", NULL);
}

static void set_up_hanging(void)
{
	set_up_with("model:pages=small,fault=hang@start:0", NULL);
}

static void set_up_denied(void)
{
	set_up_with("model:pages=small", DENYING);
}

static void tear_down(void)
{
	raw_close(&raw);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

static struct wire_completion run(struct wire_submission entry)
{
	struct wire_completion completion;

	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	ck_assert_uint_eq(completion.op, entry.op);
	ck_assert_uint_eq(completion.cookie, entry.cookie);
	ck_assert_uint_eq(completion.slot, entry.slot);
	return completion;
}

static int error_of(struct wire_submission entry)
{
	return run(entry).error;
}

static void text_holds(const char *word)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, WIRE_CHANNEL_TEXT, 1);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	ck_assert_msg(strstr(packet.message.text.text, word) != NULL,
		      "\"%s\" doesn't say %s", packet.message.text.text, word);
}

START_TEST(bytes_go_to_the_card_and_come_back)
{
	for (unsigned int i = 0; i < 4096; i++)
		raw.base[i] = (char)(i * 7);
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 4096, .direction = PLXDMA_TO_CARD }), 0);
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 4096, .offset = 8192, .slot = 1 }), 0);
	ck_assert_int_eq(memcmp(raw.base, raw.base + 8192, 4096), 0);
	ck_assert_int_eq(raw.base[8192 + 4096], 0);
}
END_TEST

START_TEST(slot_that_changes_is_built_anew)
{
	struct wire_submission entry = { .local = SRAM, .length = 64,
					 .direction = PLXDMA_TO_CARD };

	memset(raw.base, 0x11, 64);
	memset(raw.base + 64, 0x22, 64);
	ck_assert_int_eq(error_of(entry), 0);
	entry.offset = 64;
	entry.local = SRAM + 64;
	ck_assert_int_eq(error_of(entry), 0);
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 128, .offset = 4096, .slot = 1 }), 0);
	ck_assert_int_eq(memcmp(raw.base, raw.base + 4096, 128), 0);
}
END_TEST

START_TEST(list_that_changes_is_built_anew)
{
	struct wire_segment *list = raw.ring.area->segments;
	struct wire_submission entry = { .flags = WIRE_SEGMENTED,
		.segment_count = 2, .direction = PLXDMA_TO_CARD };

	memset(raw.base, 0x33, 64);
	memset(raw.base + 64, 0x44, 64);
	list[0] = (struct wire_segment){ 0, 64, SRAM + 64 };
	list[1] = (struct wire_segment){ 64, 64, SRAM };
	ck_assert_int_eq(error_of(entry), 0);
	ck_assert_int_eq(error_of(entry), 0);
	list[1].local = SRAM + 128;
	ck_assert_int_eq(error_of(entry), 0);
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 192, .offset = 4096, .slot = 1 }), 0);
	ck_assert_int_eq(memcmp(raw.base + 4096, raw.base + 64, 64), 0);
	ck_assert_int_eq(memcmp(raw.base + 4096 + 64, raw.base, 64), 0);
	ck_assert_int_eq(memcmp(raw.base + 4096 + 128, raw.base + 64, 64), 0);
	list[1].offset = ARENA;
	ck_assert_int_eq(error_of(entry), -ERANGE);
	text_holds("segment");
}
END_TEST

START_TEST(refusals_say_why)
{
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.offset = ARENA, .length = 1 }), -ERANGE);
	text_holds("memory");
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.mode = 3, .length = 1 }), -EINVAL);
	text_holds("mode");
	ck_assert_int_eq(error_of((struct wire_submission){
		.local = 0xffffffff, .length = 4 }), -ERANGE);
	text_holds("0xffffffff");
	ck_assert_int_eq(error_of((struct wire_submission){ .op = WIRE_OPS }),
			 -EINVAL);
	text_holds("version");
	ck_assert_int_eq(error_of((struct wire_submission){
		.op = WIRE_RELEASE, .slot = 5 }), -EINVAL);
	ck_assert_int_eq(error_of((struct wire_submission){ .op = WIRE_CANCEL,
		.slot = 5, .status = PLXDMA_CANCELLED }), -EINVAL);
}
END_TEST

START_TEST(prepared_and_released)
{
	struct wire_submission entry = { .local = SRAM, .length = 64,
					 .op = WIRE_PREPARE, .cookie = 77 };

	ck_assert_int_eq(error_of(entry), 0);
	ck_assert_int_eq(error_of(entry), 0);
	entry.op = WIRE_CANCEL;
	entry.status = PLXDMA_CANCELLED;
	ck_assert_int_eq(error_of(entry), -EINVAL);
	entry.status = 0;
	entry.op = WIRE_RELEASE;
	ck_assert_int_eq(error_of(entry), 0);
	ck_assert_int_eq(error_of(entry), -EINVAL);
}
END_TEST

START_TEST(pieces_of_a_client_are_counted)
{
	struct wire_submission entry = { .flags = WIRE_SEGMENTED,
		.segment_count = WIRE_SEGMENTS, .op = WIRE_PREPARE };
	int err = 0;

	for (unsigned int i = 0; i < WIRE_SEGMENTS; i++)
		raw.ring.area->segments[i] =
			(struct wire_segment){ 0, 4, SRAM };
	for (; !err && entry.slot < 16; entry.slot++)
		err = error_of(entry);
	ck_assert_int_eq(err, -EDQUOT);
	ck_assert_uint_ge(entry.slot, 7);
	text_holds("pieces");
	entry.op = WIRE_RELEASE;
	entry.slot = 0;
	ck_assert_int_eq(error_of(entry), 0);
	entry.op = WIRE_PREPARE;
	ck_assert_int_eq(error_of(entry), 0);
}
END_TEST

START_TEST(denied_local_addresses_are_denied_to_dma)
{
	struct wire_segment *list = raw.ring.area->segments;

	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 0x1000 }), 0);
	ck_assert_int_eq(error_of((struct wire_submission){ .local = SRAM,
		.length = 0x1001 }), -EACCES);
	text_holds("policy");
	list[0] = (struct wire_segment){ 0, 64, SRAM };
	list[1] = (struct wire_segment){ 64, 64, SRAM + 0x1000 };
	ck_assert_int_eq(error_of((struct wire_submission){
		.flags = WIRE_SEGMENTED, .segment_count = 2 }), -EACCES);
}
END_TEST

/* Puts an entry without waiting. */
static void put(struct raw *to, struct wire_submission entry)
{
	ck_assert_int_eq(ring_client_submit(&to->ring, &entry), 0);
	raw_wake(to);
}

static struct wire_completion take(struct raw *from)
{
	struct wire_completion completion = { .error = 1 };

	for (int i = 0; i < 60000; i++) {
		if (ring_client_take(&from->ring, &completion))
			return completion;
		settle(1);
	}
	ck_abort_msg("no completion");
	return completion;
}

START_TEST(slot_under_way_is_busy_until_cancelled)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA,
					 .cookie = 1 };
	struct wire_completion done;

	put(&raw, entry);
	entry.cookie = 2;
	done = run(entry);
	ck_assert_int_eq(done.error, -EBUSY);
	entry.op = WIRE_RELEASE;
	ck_assert_int_eq(error_of(entry), -EBUSY);
	entry.op = WIRE_CANCEL;
	entry.status = PLXDMA_TIMED_OUT;
	entry.cookie = 3;
	put(&raw, entry);
	done = take(&raw);
	ck_assert_uint_eq(done.cookie, 1);
	ck_assert_uint_eq(done.status, PLXDMA_TIMED_OUT);
	done = take(&raw);
	ck_assert_uint_eq(done.cookie, 3);
	ck_assert_int_eq(done.error, 0);
}
END_TEST

START_TEST(queued_slot_is_cancelled_without_running)
{
	struct wire_submission entry = { .local = SRAM, .length = 131072 };
	struct wire_completion done;

	for (entry.slot = 0; entry.slot < 5; entry.slot++)
		put(&raw, entry);
	entry.slot = 4;
	entry.op = WIRE_CANCEL;
	/* Gently is just as well. */
	entry.status = _i ? PLXDMA_RUNNING : PLXDMA_CANCELLED;
	put(&raw, entry);
	done = take(&raw);
	ck_assert_uint_eq(done.slot, 4);
	ck_assert_uint_eq(done.status, PLXDMA_CANCELLED);
	ck_assert_uint_eq(done.bytes, 0);
	ck_assert_uint_eq(take(&raw).op, WIRE_CANCEL);
	for (uint32_t i = 0; i < 4; i++) {
		done = take(&raw);
		ck_assert_uint_eq(done.slot, i);
		ck_assert_uint_eq(done.bytes, 131072);
	}
}
END_TEST

START_TEST(depth_of_a_queue_is_bounded)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA / 2 };
	struct wire_completion done;

	/* All of them are there before the first ends. */
	for (entry.slot = 0; entry.slot <= WIRE_DEPTH; entry.slot++)
		put(&raw, entry);
	do {
		done = take(&raw);
	} while (!done.error);
	ck_assert_uint_eq(done.slot, WIRE_DEPTH);
	ck_assert_int_eq(done.error, -EAGAIN);
}
END_TEST

START_TEST(what_hangs_for_long_is_ended_when_others_wait)
{
	struct wire_submission entry = { .local = SRAM, .length = 65536 };
	struct wire_completion done;
	struct raw other;

	ck_assert_int_eq(raw_open(&other, ARENA, 0), 0);
	put(&raw, entry);
	settle(50);
	/* Its client neither cancels nor looks. */
	ck_assert_int_eq(raw_run(&other, &entry, &done), 0);
	ck_assert_int_eq(done.error, 0);
	ck_assert_uint_eq(done.status, PLXDMA_DONE);
	ck_assert_uint_eq(take(&raw).status, PLXDMA_CANCELLED);
	ck_assert_int_eq(error_of(entry), 0);
	raw_close(&other);
}
END_TEST

START_TEST(clients_take_turns)
{
	struct wire_submission entry = { .local = SRAM, .length = 65536 };
	struct raw other;

	ck_assert_int_eq(raw_open(&other, ARENA, 0), 0);
	for (entry.slot = 0; entry.slot < 40; entry.slot++)
		put(&raw, entry);
	settle(20);
	entry.slot = 0;
	put(&other, entry);
	ck_assert_int_eq(take(&other).error, 0);
	/* 40 transfers take ten seconds; the newcomer waited for three at most. */
	ck_assert_uint_le(raw.ring.area->complete_tail, 8);
	raw_close(&other);
}
END_TEST

START_TEST(channel_with_a_queue_closes_quietly)
{
	struct packet packet = { .fd_count = 0 };
	struct wire_submission entry = { .local = SRAM, .length = ARENA };

	for (entry.slot = 0; entry.slot < 20; entry.slot++)
		put(&raw, entry);
	wire_request_init(&packet.message, WIRE_CHANNEL_CLOSE, 1);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	wire_request_init(&packet.message, WIRE_CHANNEL_OPEN, 2);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	packet_close_fds(&packet);
}
END_TEST

#define PATTERN 0x40000000u

START_TEST(fault_in_a_later_part_ends_all_with_what_came_before)
{
	struct wire_submission entry = { .local = PATTERN, .length = ARENA };
	struct wire_completion done = run(entry);
	const uint32_t *words = (const void *)raw.base;

	ck_assert_int_eq(done.error, 0);
	ck_assert_uint_eq(done.status, PLXDMA_MASTER_ABORT);
	ck_assert_uint_ge(done.bytes, 4096);
	ck_assert_uint_le(done.bytes, 65536);
	for (uint32_t i = 0; i < done.bytes / 4; i++)
		ck_assert_uint_eq(words[i], i * 2654435761u);
	/* The channel is fit for the next one, and that begins anew. */
	done = run(entry);
	ck_assert_uint_eq(done.status, PLXDMA_DONE);
	ck_assert_uint_eq(done.bytes, ARENA);
	for (uint32_t i = 0; i < ARENA / 4; i++)
		ck_assert_uint_eq(words[i], i * 2654435761u);
}
END_TEST

Suite *turns_suite(void)
{
	Suite *suite = suite_create("turns");
	TCase *tcase = tcase_create("entries");
	TCase *slow = tcase_create("slow");
	TCase *faulty = tcase_create("faulty");
	TCase *hanging = tcase_create("hanging");
	TCase *denied = tcase_create("denied");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, bytes_go_to_the_card_and_come_back);
	tcase_add_test(tcase, slot_that_changes_is_built_anew);
	tcase_add_test(tcase, list_that_changes_is_built_anew);
	tcase_add_test(tcase, refusals_say_why);
	tcase_add_test(tcase, prepared_and_released);
	tcase_add_test(tcase, pieces_of_a_client_are_counted);
	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(slow, set_up_slow, tear_down);
	tcase_set_timeout(slow, 60);
	tcase_add_test(slow, slot_under_way_is_busy_until_cancelled);
	tcase_add_loop_test(slow, queued_slot_is_cancelled_without_running, 0,
			    2);
	tcase_add_test(slow, depth_of_a_queue_is_bounded);
	tcase_add_test(slow, clients_take_turns);
	tcase_add_test(slow, channel_with_a_queue_closes_quietly);
	suite_add_tcase(suite, slow);
	tcase_add_checked_fixture(faulty, set_up_faulty, tear_down);
	tcase_set_timeout(faulty, 60);
	tcase_add_test(faulty,
		       fault_in_a_later_part_ends_all_with_what_came_before);
	suite_add_tcase(suite, faulty);
	tcase_add_checked_fixture(hanging, set_up_hanging, tear_down);
	tcase_set_timeout(hanging, 60);
	tcase_add_test(hanging, what_hangs_for_long_is_ended_when_others_wait);
	suite_add_tcase(suite, hanging);
	tcase_add_checked_fixture(denied, set_up_denied, tear_down);
	tcase_set_timeout(denied, 60);
	tcase_add_test(denied, denied_local_addresses_are_denied_to_dma);
	suite_add_tcase(suite, denied);
	return suite;
}
