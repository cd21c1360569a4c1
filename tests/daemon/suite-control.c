/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket as a stranger may use it: out of order, out of range,
 * half, twice.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <plxdma/mode.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u
#define SOON_MS 60000	/* for what comes in milliseconds */

static struct fixture daemon_under_test;
static struct raw raw;
static struct packet packet;

static void set_up(void)
{
	static const char *const more[] = { "--card", "b=model:pages=small",
					    NULL };

	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL,
				       "model:pages=small", more), 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

static int ask(enum wire_type type)
{
	packet.message.header.type = (uint16_t)type;
	packet.message.header.size = (uint32_t)wire_request_size(type);
	packet.fd_count = 0;
	return raw_ask(&raw, &packet);
}

static void request(enum wire_type type)
{
	wire_request_init(&packet.message, type, 9);
}

START_TEST(whoever_does_not_greet_is_left)
{
	ck_assert_int_eq(raw_connect(&raw), 0);
	request(WIRE_LIST);
	ck_assert_int_eq(ask(WIRE_LIST), -EPROTO);
	request(WIRE_HELLO);
	ck_assert_int_eq(ask(WIRE_HELLO), -ENODEV);
	raw_close(&raw);
}
END_TEST

START_TEST(another_version_is_told_so)
{
	ck_assert_int_eq(raw_connect(&raw), 0);
	request(WIRE_HELLO);
	packet.message.header.version = WIRE_VERSION + 1;
	ck_assert_int_eq(ask(WIRE_HELLO), -EPROTONOSUPPORT);
	ck_assert(strstr(packet.message.text.text, "version"));
	raw_close(&raw);
}
END_TEST

START_TEST(half_a_request_ends_the_connection)
{
	char bytes[2048] = { 0 };
	static const size_t sizes[] = { 1, 15, 16, 17, sizeof(bytes) };

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_int_eq(raw_connect(&raw), 0);
		ck_assert_int_eq(send(raw.fd, bytes, sizes[i], MSG_NOSIGNAL),
				 (int)sizes[i]);
		while (recv(raw.fd, bytes, sizeof(bytes), 0) > 0)
			continue;
		memset(bytes, 0, sizeof(bytes));
		raw_close(&raw);
	}
	ck_assert(fixture_alive(&daemon_under_test));
}
END_TEST

START_TEST(cards_are_listed_by_name)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_LIST);
	ck_assert_int_eq(ask(WIRE_LIST), 0);
	ck_assert_uint_eq(packet.message.listed.count, 2);
	ck_assert_str_eq(packet.message.listed.name, "a");
	request(WIRE_LIST);
	packet.message.list.index = 1;
	ck_assert_int_eq(ask(WIRE_LIST), 0);
	ck_assert_str_eq(packet.message.listed.name, "b");
	request(WIRE_LIST);
	packet.message.list.index = 2;
	ck_assert_int_eq(ask(WIRE_LIST), 0);
	ck_assert_str_eq(packet.message.listed.name, "");
	raw_close(&raw);
}
END_TEST

START_TEST(unknown_names_and_numbers_are_refused)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_OPEN);
	strcpy(packet.message.open.name, "nobody");
	ck_assert_int_eq(ask(WIRE_OPEN), -ENODEV);
#define REFUSED(type, field, bad) \
	do { request(type); packet.message.field = bad; \
		ck_assert_int_eq(ask(type), -EINVAL); } while (0)
	for (enum wire_type type = WIRE_ARENA; type <= WIRE_FAULT; type++)
		REFUSED(type, card.card, 1);
	REFUSED(WIRE_INFO, card.card, UINT32_MAX);
	REFUSED(WIRE_RUNS, range.card, 1);
	REFUSED(WIRE_IRQ_OPEN, irq.card, 77);
	REFUSED(WIRE_IRQ_READ, irq.card, 77);
	REFUSED(WIRE_IRQ_ENABLE, irq.card, 77);
	REFUSED(WIRE_CHANNEL_OPEN, channel.card, 2);
	REFUSED(WIRE_CHANNEL_OPEN, channel.index, 2);
	REFUSED(WIRE_CHANNEL_CLOSE, channel.index, 1);
	REFUSED(WIRE_CHANNEL_CLOSE, channel.index, UINT32_MAX);
	REFUSED(WIRE_CHANNEL_CLOSE, channel.card, UINT32_MAX);
	REFUSED(WIRE_CHANNEL_TEXT, channel.index, 1);
	REFUSED(WIRE_CHANNEL_TEXT, channel.card, 3);
	REFUSED(WIRE_CHANNEL_MODE, mode.index, 1);
	REFUSED(WIRE_CHANNEL_MODE, mode.mode, 0);
	REFUSED(WIRE_CHANNEL_MODE, mode.mode, WIRE_MODES);
	REFUSED(WIRE_CHANNEL_MODE, mode.mode, UINT32_MAX);
	raw_close(&raw);
}
END_TEST

START_TEST(a_mode_is_checked_field_by_field)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_CHANNEL_MODE);
	packet.message.mode.mode = 1;
	packet.message.mode.items[0] = 33;
	ck_assert_int_eq(ask(WIRE_CHANNEL_MODE), -EINVAL);
	request(WIRE_CHANNEL_MODE);
	packet.message.mode.mode = 1;
	packet.message.mode.items[0] = 16;
	ck_assert_int_eq(ask(WIRE_CHANNEL_MODE), 0);
	raw_close(&raw);
}
END_TEST

START_TEST(second_channel_of_the_same_number_is_busy)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_CHANNEL_OPEN);
	ck_assert_int_eq(ask(WIRE_CHANNEL_OPEN), -EBUSY);
	request(WIRE_CHANNEL_CLOSE);
	ck_assert_int_eq(ask(WIRE_CHANNEL_CLOSE), 0);
	request(WIRE_CHANNEL_OPEN);
	ck_assert_int_eq(ask(WIRE_CHANNEL_OPEN), 0);
	ck_assert_uint_eq(packet.fd_count, 3);
	packet_close_fds(&packet);
	raw_close(&raw);
}
END_TEST

START_TEST(channel_without_an_arena_is_refused)
{
	ck_assert_int_eq(raw_connect(&raw), 0);
	request(WIRE_HELLO);
	ck_assert_int_eq(ask(WIRE_HELLO), 0);
	request(WIRE_OPEN);
	strcpy(packet.message.open.name, "a");
	ck_assert_int_eq(ask(WIRE_OPEN), 0);
	request(WIRE_CHANNEL_OPEN);
	ck_assert_int_eq(ask(WIRE_CHANNEL_OPEN), -EINVAL);
	request(WIRE_RUNS);
	packet.message.range.size = 1;
	ck_assert_int_eq(ask(WIRE_RUNS), -ERANGE);
	request(WIRE_VERIFY);
	ck_assert_int_eq(ask(WIRE_VERIFY), 0);
	request(WIRE_INFO);
	ck_assert_int_eq(ask(WIRE_INFO), 0);
	ck_assert_uint_eq(packet.message.info.arena_size, 0);
	raw_close(&raw);
}
END_TEST

START_TEST(one_arena_serves_all_cards_of_a_connection)
{
	struct wire_submission entry = { .local = SRAM, .length = 4096 };
	struct wire_completion completion;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_OPEN);
	strcpy(packet.message.open.name, "b");
	ck_assert_int_eq(ask(WIRE_OPEN), 0);
	ck_assert_uint_eq(packet.message.opened.card, 1);
	request(WIRE_ARENA);
	packet.message.arena.size = 7 * ARENA;
	packet.message.arena.card = 1;
	ck_assert_int_eq(ask(WIRE_ARENA), 0);
	ck_assert_uint_eq(packet.message.arena_made.size, ARENA);
	packet_close_fds(&packet);
	request(WIRE_CHANNEL_OPEN);
	packet.message.channel.card = 1;
	ck_assert_int_eq(ask(WIRE_CHANNEL_OPEN), 0);
	packet_close_fds(&packet);
	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	ck_assert_int_eq(completion.error, 0);
	ck_assert_uint_eq(completion.bytes, 4096);
	raw_close(&raw);
}
END_TEST

START_TEST(arena_over_the_limit_is_over_quota)
{
	ck_assert_int_eq(raw_open(&raw, (UINT64_C(1) << 30) + 1, 0), -EDQUOT);
	raw_close(&raw);
	ck_assert_int_eq(raw_open(&raw, UINT64_MAX, 0), -EDQUOT);
	raw_close(&raw);
}
END_TEST

START_TEST(arena_is_sealed_against_more_seals_and_growth)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	ck_assert_int_lt(ftruncate(raw.arena_fd, 2 * ARENA), 0);
	raw_close(&raw);
}
END_TEST

START_TEST(faults_are_not_for_clients)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_FAULT);
	strcpy(packet.message.fault.fault, "gone");
	ck_assert_int_eq(ask(WIRE_FAULT), -EOPNOTSUPP);
	raw_close(&raw);
}
END_TEST

START_TEST(reset_is_not_for_clients)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_RESET);
	ck_assert_int_eq(ask(WIRE_RESET), -EPERM);
	raw_close(&raw);
}
END_TEST

START_TEST(eeprom_is_not_for_clients_to_write)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_EEPROM);
	packet.message.eeprom.count = 2;
	ck_assert_int_eq(ask(WIRE_EEPROM), 0);
	ck_assert_uint_eq(packet.message.words.words[0], 0x9054);
	request(WIRE_EEPROM);
	packet.message.eeprom.count = 2;
	packet.message.eeprom.write = 1;
	ck_assert_int_eq(ask(WIRE_EEPROM), -EPERM);
	raw_close(&raw);
}
END_TEST

static const enum plxdma_mode_item paced_or_ended[] = {
	PLXDMA_MODE_CONSTANT, PLXDMA_MODE_DEMAND, PLXDMA_MODE_EOT
};

START_TEST(what_a_board_paces_or_ends_needs_a_claim)
{
	struct wire_submission entry = { .op = WIRE_PREPARE, .mode = 1 };
	struct wire_completion completion;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_CHANNEL_MODE);
	packet.message.mode.mode = 1;
	packet.message.mode.items[PLXDMA_MODE_WIDTH] = 32;
	packet.message.mode.items[paced_or_ended[_i]] = 1;
	ck_assert_int_eq(ask(WIRE_CHANNEL_MODE), 0);
	entry.local = SRAM;
	entry.length = 4;
	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	ck_assert_int_eq(completion.error, -EPERM);
	entry.op = WIRE_SUBMIT;
	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	ck_assert_int_eq(completion.error, -EPERM);
	request(WIRE_CHANNEL_TEXT);
	ck_assert_int_eq(ask(WIRE_CHANNEL_TEXT), 0);
	ck_assert(strstr(packet.message.text.text, "plxdma_claim()"));
	request(WIRE_CLAIM);
	ck_assert_int_eq(ask(WIRE_CLAIM), 0);
	entry.op = WIRE_PREPARE;
	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	ck_assert_int_eq(completion.error, 0);
	raw_close(&raw);
}
END_TEST

START_TEST(registers_that_engines_live_by_are_refused)
{
	/* INTCSR, CNTRL, DMAMODE0, DMAPADR0, DMACSR0 (chip ref. 2) */
	static const uint16_t offsets[] = { 0x68, 0x6c, 0x80, 0x84, 0xa8 };
	uint32_t value = 0;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	for (unsigned int i = 0; i < sizeof(offsets) / sizeof(offsets[0]);
	     i++) {
		ck_assert_int_eq(raw_access(&raw, 1, PLXDMA_SPACE_CHIP,
					    offsets[i], &value), -EPERM);
		ck_assert_int_eq(raw_access(&raw, 0, PLXDMA_SPACE_CHIP,
					    offsets[i], &value), 0);
	}
	ck_assert_int_eq(raw_access(&raw, 0, PLXDMA_SPACE_CHIP, 0xfffffffc,
				    &value), -ERANGE);
	raw_close(&raw);
}
END_TEST

/* What the library never asks. */
static const struct {
	struct plxdma_step step;
	uint32_t count;
} odd[] = {
	{ { .width = 32 }, 0 },
	{ { .width = 32 }, PLXDMA_BATCH + 1 },
	{ { .width = 32 }, UINT32_MAX },
	{ { .width = 0 }, 1 },
	{ { .width = 64 }, 1 },
	{ { .width = 32, .offset = 2 }, 1 },
	{ { .width = 32, .space = 1 }, 1 },
	{ { .width = 32, .space = 255 }, 1 },
	{ { .width = 32, .op = 3 }, 1 },
	{ { .width = 32, .reserved = 1 }, 1 },
	{ { .width = 32, .op = PLXDMA_STEP_POLL }, 1 },
	{ { .width = 32, .op = PLXDMA_STEP_POLL,
	    .timeout_us = PLXDMA_POLL_MAX_US + 1 }, 1 },
	{ { .width = 32, .op = PLXDMA_STEP_POLL, .want = 1, .timeout_us = 1 },
	  1 },
	{ { .width = 32, .op = PLXDMA_STEP_POLL,
	    .timeout_us = PLXDMA_POLL_MAX_US / 2 + 1 }, 2 },
};

START_TEST(batch_that_makes_no_sense_is_refused)
{
	struct plxdma_step steps[PLXDMA_BATCH + 1];
	char text[ERROR_TEXT];
	uint32_t done, value = 0;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	ck_assert_int_eq(raw_batch_open(&raw), 0);
	for (unsigned int i = 0; i <= PLXDMA_BATCH; i++)
		steps[i] = odd[_i].step;
	batch_client_ask(&raw.batches, steps, odd[_i].count < 3 ?
			 odd[_i].count : 1);
	raw.batches.area->count = odd[_i].count;
	atomic_store(&raw.batches.area->asked, ++raw.batches.number);
	ck_assert_int_eq(raw_batch_wait(&raw), 0);
	ck_assert_int_eq(batch_client_take(&raw.batches, steps, 1, &done, text),
			 -EINVAL);
	ck_assert_uint_eq(done, 0);
	ck_assert_int_eq(raw_access(&raw, 0, PLXDMA_SPACE_CHIP, 0x70, &value),
			 0);
	ck_assert_uint_eq(value, 0x905410b5);
	raw_close(&raw);
}
END_TEST

START_TEST(batches_are_opened_once)
{
	struct wire_batch *area;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	ck_assert_int_eq(raw_batch_open(&raw), 0);
	request(WIRE_BATCH_OPEN);
	ck_assert_int_eq(ask(WIRE_BATCH_OPEN), 0);
	ck_assert_uint_eq(packet.fd_count, 3);
	ck_assert_int_eq(wire_batch_map(packet.fds[0], &area), 0);
	raw.batches.area->count = 77;
	ck_assert_uint_eq(area->count, 77);
	wire_batch_unmap(area);
	packet_close_fds(&packet);
	raw_close(&raw);
}
END_TEST

START_TEST(closed_card_is_no_card)
{
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	ck_assert_int_eq(raw_batch_open(&raw), 0);
	request(WIRE_CLOSE);
	ck_assert_int_eq(ask(WIRE_CLOSE), 0);
	request(WIRE_INFO);
	ck_assert_int_eq(ask(WIRE_INFO), -EINVAL);
	request(WIRE_CLOSE);
	ck_assert_int_eq(ask(WIRE_CLOSE), -EINVAL);
	request(WIRE_OPEN);
	strcpy(packet.message.open.name, "a");
	ck_assert_int_eq(ask(WIRE_OPEN), 0);
	ck_assert_uint_eq(packet.message.opened.card, 0);
	raw_close(&raw);
}
END_TEST

START_TEST(cards_of_a_connection_are_bounded)
{
	unsigned int i;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	for (i = 1; i < 100; i++) {
		request(WIRE_OPEN);
		strcpy(packet.message.open.name, "a");
		if (ask(WIRE_OPEN))
			break;
		ck_assert_uint_eq(packet.message.opened.card, i);
	}
	ck_assert_uint_eq(i, 32);
	ck_assert_int_eq(packet.message.header.error, -ENOSPC);
	raw_close(&raw);
}
END_TEST

START_TEST(tickets_are_bounded_and_strangers_have_none)
{
	struct pollfd first = { .events = POLLIN };
	struct raw holder;
	unsigned int i;

	ck_assert_int_eq(raw_open(&holder, ARENA, 0), 0);
	ck_assert_int_eq(raw_open(&raw, ARENA, 1), 0);
	wire_request_init(&packet.message, WIRE_CLAIM, 1);
	packet.fd_count = 0;
	ck_assert_int_eq(raw_ask(&holder, &packet), 0);
	request(WIRE_CLAIM_DONE);
	packet.message.claim.ticket = 1;
	ck_assert_int_eq(ask(WIRE_CLAIM_DONE), -EINVAL);
	for (i = 0; i < 100; i++) {
		request(WIRE_CLAIM_WAIT);
		packet.message.claim.timeout_ns = -1;
		if (ask(WIRE_CLAIM_WAIT))
			break;
		ck_assert_uint_eq(packet.fd_count, 1);
		if (i)
			packet_close_fds(&packet);
		else
			first.fd = packet.fds[0];
	}
	ck_assert_uint_eq(i, 64);
	ck_assert_int_eq(packet.message.header.error, -EAGAIN);
	raw_close(&holder);
	/* The first of them has it now; the others renew it. */
	ck_assert_int_eq(poll(&first, 1, SOON_MS), 1);
	close(first.fd);
	request(WIRE_CLAIM_DONE);
	packet.message.claim.ticket = 64;
	ck_assert_int_eq(ask(WIRE_CLAIM_DONE), 0);
	raw_close(&raw);
}
END_TEST

START_TEST(one_client_too_many_is_told)
{
	/* As many as one user has of the 128 that there may be. */
	static struct raw others[96];
	unsigned int i;
	int waited = 0;

	for (i = 0; i < 96; i++) {
		ck_assert_int_eq(raw_connect(&others[i]), 0);
		raw = others[i];
		request(WIRE_HELLO);
		ck_assert_int_eq(ask(WIRE_HELLO), 0);
	}
	ck_assert_int_eq(raw_connect(&raw), 0);
	request(WIRE_HELLO);
	packet.message.header.sequence = 1;
	ck_assert_int_gt(packet_receive(raw.fd, &packet, 0, 0), 0);
	ck_assert_int_eq(packet.message.header.error, -EAGAIN);
	raw_close(&raw);
	for (i = 0; i < 96; i++)
		raw_close(&others[i]);
	/* When it has noticed them all, the next is let in. */
	while (raw_open(&raw, ARENA, 0)) {
		ck_assert_int_lt(waited++, SOON_MS);
		raw_close(&raw);
		settle(1);
	}
	raw_close(&raw);
}
END_TEST

START_TEST(client_that_reads_no_answers_is_left)
{
	int sent = 0;

	ck_assert_int_eq(raw_connect(&raw), 0);
	request(WIRE_HELLO);
	for (; sent < 100000; sent++) {
		packet.message.header.type = WIRE_HELLO;
		if (packet_send(raw.fd, &packet, MSG_DONTWAIT) == -EPIPE)
			break;
		if (sent % 64 == 0)
			settle(1);
	}
	ck_assert_int_lt(sent, 100000);
	raw_close(&raw);
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	raw_close(&raw);
}
END_TEST

START_TEST(no_answer_holds_an_address)
{
	/* Frames of the software card's arena are real; an answer that held
	 * one would hold a number with these bits. */
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_RUNS);
	packet.message.range.size = ARENA;
	ck_assert_int_eq(ask(WIRE_RUNS), 0);
	ck_assert_uint_ge(packet.message.runs.count, 1);
	for (uint32_t i = 0; i < packet.message.runs.count; i++)
		ck_assert_uint_le(packet.message.runs.lengths[i], ARENA);
	raw_close(&raw);
}
END_TEST

Suite *control_suite(void)
{
	Suite *suite = suite_create("control");
	TCase *tcase = tcase_create("control");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, whoever_does_not_greet_is_left);
	tcase_add_test(tcase, another_version_is_told_so);
	tcase_add_test(tcase, half_a_request_ends_the_connection);
	tcase_add_test(tcase, cards_are_listed_by_name);
	tcase_add_test(tcase, unknown_names_and_numbers_are_refused);
	tcase_add_test(tcase, a_mode_is_checked_field_by_field);
	tcase_add_test(tcase, second_channel_of_the_same_number_is_busy);
	tcase_add_test(tcase, channel_without_an_arena_is_refused);
	tcase_add_test(tcase, one_arena_serves_all_cards_of_a_connection);
	tcase_add_test(tcase, arena_over_the_limit_is_over_quota);
	tcase_add_test(tcase, arena_is_sealed_against_more_seals_and_growth);
	tcase_add_test(tcase, faults_are_not_for_clients);
	tcase_add_test(tcase, reset_is_not_for_clients);
	tcase_add_test(tcase, eeprom_is_not_for_clients_to_write);
	tcase_add_loop_test(tcase, what_a_board_paces_or_ends_needs_a_claim, 0,
			    sizeof(paced_or_ended) / sizeof(*paced_or_ended));
	tcase_add_test(tcase, registers_that_engines_live_by_are_refused);
	tcase_add_loop_test(tcase, batch_that_makes_no_sense_is_refused, 0,
			    sizeof(odd) / sizeof(odd[0]));
	tcase_add_test(tcase, batches_are_opened_once);
	tcase_add_test(tcase, closed_card_is_no_card);
	tcase_add_test(tcase, cards_of_a_connection_are_bounded);
	tcase_add_test(tcase, tickets_are_bounded_and_strangers_have_none);
	tcase_add_test(tcase, one_client_too_many_is_told);
	tcase_add_test(tcase, client_that_reads_no_answers_is_left);
	tcase_add_test(tcase, no_answer_holds_an_address);
	suite_add_tcase(suite, tcase);
	return suite;
}
