/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients that go away, in every state that one can be in; each time the next
 * one finds a card that works.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "served.h"
#include "suites.h"

#define SIZE (1u << 20)

static struct served served;
static struct peer peer;
static struct memory memory;

static void set_up(void)
{
	const char *const options[] = { "rate=40e6", NULL };

	served_start(&served, options);
	ck_assert_int_eq(peer_connect(&peer, served.socket), 0);
	memory_new(&memory, SIZE);
}

static void tear_down(void)
{
	if (peer.fd >= 0)
		peer_close(&peer);
	memory_free(&memory);
	served_clean(&served);
}

static void agreed(void)
{
	ck_assert_int_gt(peer_version(&peer, 0, 0, NULL), 4);
}

static void mapped(void)
{
	agreed();
	card_prepare(&peer);
	ck_assert_int_eq(peer_map(&peer, 0, SIZE, 0, 3, memory.fd), 0);
}

static void transferring(void)
{
	mapped();
	card_start(&peer, 0, PATTERN, SIZE, TO_HOST, true);
}

static void with_an_interrupt(void)
{
	int line = eventfd(0, EFD_CLOEXEC);

	mapped();
	ck_assert_int_eq(peer_irqs(&peer, 0, 0x24, 0, 1, line), 0);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, true);
	ck_assert(card_done(&peer));
	close(line);
}

static void in_a_header(void)
{
	agreed();
	ck_assert_int_eq(peer_send(&peer, "1234567", 7, &memory.fd, 1), 0);
}

static void in_a_payload(void)
{
	uint8_t frame[HEADER + 3] = { 0 };

	agreed();
	put16(frame + 2, DMA_MAP);
	put32(frame + 4, HEADER + 32);
	ck_assert_int_eq(peer_send(&peer, frame, sizeof(frame), &memory.fd,
				   1), 0);
}

/* Answers of 1 MiB each, none of them fetched. */
static void with_answers_unread(void)
{
	uint8_t frame[HEADER + 16] = { 0 };

	agreed();
	put16(frame + 2, REGION_READ);
	put32(frame + 4, sizeof(frame));
	put32(frame + HEADER + 8, BAR2);
	put32(frame + HEADER + 12, 1 << 20);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(peer_send(&peer, frame, sizeof(frame), NULL,
					   0), 0);
}

static void half_closed(void)
{
	mapped();
	ck_assert_int_eq(shutdown(peer.fd, SHUT_WR), 0);
	ck_assert_int_eq(peer_receive(&peer), GONE);
}

static void nowhere(void)
{
}

static void (*const states[])(void) = {
	nowhere, agreed, mapped, transferring, with_an_interrupt, in_a_header,
	in_a_payload, with_answers_unread, half_closed,
};

START_TEST(the_next_client_finds_a_card_that_works)
{
	uint8_t before[64];

	states[_i]();
	peer_close(&peer);
	peer_begin(&peer, &served);
	/* Its predecessor's bus mastering and memory went with it. */
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 4) & 4, 0);
	ck_assert_int_eq(peer_call(&peer, DEVICE_RESET, NULL, 0, -1), 0);
	card_prepare(&peer);
	memcpy(before, memory.bytes + SIZE - 64, sizeof(before));
	ck_assert_int_eq(peer_map(&peer, 0, SIZE, 0, 3, memory.fd), 0);
	memset(memory.bytes, 0, 64);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert_uint_eq(get32(memory.bytes + 60), pattern(15));
	ck_assert_int_eq(memcmp(before, memory.bytes + SIZE - 64, 64), 0);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "server.clients"), 2);
	ck_assert_uint_eq(served_count(&served,
				       "card.violations.wild-address"), 0);
	ck_assert_uint_eq(served_count(&served, "card.violations.exit-busy"),
			  states[_i] == transferring);
}
END_TEST

START_TEST(a_dead_client_s_memory_is_left_alone)
{
	static uint8_t after[SIZE];

	transferring();
	peer_close(&peer);
	peer_begin(&peer, &served);
	memcpy(after, memory.bytes, SIZE);
	ck_assert_uint_eq(get32(after + SIZE - 4), 0);
	card_prepare(&peer);
	usleep(50000);
	ck_assert_int_eq(memcmp(after, memory.bytes, SIZE), 0);
}
END_TEST

START_TEST(a_second_client_is_turned_away)
{
	struct peer second;

	agreed();
	ck_assert_int_eq(peer_connect(&second, served.socket), 0);
	ck_assert_int_eq(peer_version(&second, 0, 0, NULL), GONE);
	peer_close(&second);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
}
END_TEST

START_TEST(clients_come_and_go_a_hundred_times)
{
	for (int i = 0; i < 100; i++) {
		if (i)
			ck_assert_int_eq(peer_connect(&peer, served.socket),
					 0);
		mapped();
		peer_close(&peer);
	}
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "server.clients"), 100);
	ck_assert_uint_eq(served_count(&served, "server.mapped"), 100);
	ck_assert_uint_eq(served_count(&served, "server.unmapped"), 100);
}
END_TEST

Suite *departure_suite(void)
{
	Suite *suite = suite_create("departure");
	TCase *tcase = tcase_create("departure");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, the_next_client_finds_a_card_that_works, 0,
			    (int)(sizeof(states) / sizeof(states[0])));
	tcase_add_test(tcase, a_dead_client_s_memory_is_left_alone);
	tcase_add_test(tcase, a_second_client_is_turned_away);
	tcase_add_test(tcase, clients_come_and_go_a_hundred_times);
	suite_add_tcase(suite, tcase);
	return suite;
}
