/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket as a stranger may use it: out of order, out of range,
 * half, twice.
 */
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <plxdma/mode.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u

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

START_TEST(demand_mode_needs_a_claim)
{
	struct wire_submission entry = { .op = WIRE_PREPARE, .mode = 1 };
	struct wire_completion completion;

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	request(WIRE_CHANNEL_MODE);
	packet.message.mode.mode = 1;
	packet.message.mode.items[PLXDMA_MODE_WIDTH] = 32;
	packet.message.mode.items[PLXDMA_MODE_DEMAND] = 1;
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

	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
	for (unsigned int i = 0; i < sizeof(offsets) / sizeof(offsets[0]);
	     i++) {
		request(WIRE_REGISTER);
		packet.message.reg.offset = offsets[i];
		packet.message.reg.width = 32;
		packet.message.reg.write = 1;
		ck_assert_int_eq(ask(WIRE_REGISTER), -EPERM);
		request(WIRE_REGISTER);
		packet.message.reg.offset = offsets[i];
		packet.message.reg.width = 32;
		ck_assert_int_eq(ask(WIRE_REGISTER), 0);
	}
	request(WIRE_REGISTER);
	packet.message.reg.offset = UINT64_C(1) << 32;
	packet.message.reg.width = 32;
	ck_assert_int_lt(ask(WIRE_REGISTER), 0);
	raw_close(&raw);
}
END_TEST

START_TEST(one_client_too_many_is_told)
{
	struct raw others[64];
	unsigned int i;

	for (i = 0; i < 64; i++) {
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
	for (i = 0; i < 64; i++)
		raw_close(&others[i]);
	settle(50);
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
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
	tcase_add_test(tcase, demand_mode_needs_a_claim);
	tcase_add_test(tcase, registers_that_engines_live_by_are_refused);
	tcase_add_test(tcase, one_client_too_many_is_told);
	tcase_add_test(tcase, client_that_reads_no_answers_is_left);
	tcase_add_test(tcase, no_answer_holds_an_address);
	suite_add_tcase(suite, tcase);
	return suite;
}
