/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PCI bus as the card sees it: priority, rate in virtual time, sharing,
 * posting, read-ahead, memory that comes and goes (chip ref. 3.6; design of
 * the software card).
 */
#include <poll.h>

#include "channel.h"
#include "suites.h"

enum { PRIORITY_0_FIRST = 0x00080000, PRIORITY_1_FIRST = 0x00100000 };

/* Both channels wait for the bus, then get it at the same time. */
static struct card *race(int which, uint32_t priority)
{
	struct card *card = card_new("%s,rate=4e5", engine(which));
	int ch;

	sram_fill(card, SRAM, 0x8000, 1);
	reg_set(card, MARBR, priority);
	for (ch = 0; ch < 2; ch++)
		block_program(card, ch, MODE_MEMORY,
			      HOST + 0x8000 * (uint32_t)ch, SRAM, 0x4000,
			      TO_HOST);
	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	dma_start(card, 0);
	dma_start(card, 1);
	config16_set(card, PCI_COMMAND, COMMAND_ALL);
	return card;
}

/* How far one channel has come when the other one is through. */
static size_t progress_of_other(struct card *card, int winner)
{
	uint8_t *host = card->host + (winner ? 0 : 0x8000);
	size_t last = 0x4000;

	ck_assert(dma_done(card, winner));
	/* Paused, while its memory is looked at. */
	csr_set(card, !winner, 0);
	while (last && host[last - 1] == 0)
		last--;
	csr_set(card, !winner, CSR_ENABLE);
	return last;
}

START_TEST(the_channel_with_priority_goes_first)
{
	struct card *card;
	int winner;

	for (winner = 0; winner < 2; winner++) {
		card = race(_i, winner ? PRIORITY_1_FIRST : PRIORITY_0_FIRST);
		ck_assert_uint_lt(progress_of_other(card, winner), 0x1800);
		ck_assert(dma_done(card, !winner));
		card_free(card);
	}
}
END_TEST

START_TEST(rotating_priority_lets_both_progress)
{
	struct card *card = race(_i, 0);

	ck_assert_uint_ge(progress_of_other(card, 0), 0x2000);
	ck_assert(dma_done(card, 1));
	card_free(card);
}
END_TEST

START_TEST(direct_accesses_get_through_while_dma_runs)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));

	sram_fill(card, SRAM, 0x10000, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	model_bar_write(card->model, 2, 0x20000, 32, 0x12345678);
	ck_assert_uint_eq(model_bar_read(card->model, 2, 0x20000, 32),
			  0x12345678);
	ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

/* bus_ns is virtual: it does not depend on how busy this machine is. */
START_TEST(a_transfer_takes_the_bus_time_of_its_rate)
{
	struct card *card = card_new("%s,rate=132e6", engine(_i));
	uint64_t nominal = 0x40000 * 1000ull / 132, used;

	used = counters(card).bus_ns;
	ck_assert(block_memory(card, 0, HOST, SRAM, 0x40000, TO_HOST));
	used = counters(card).bus_ns - used;
	ck_assert_uint_ge(used, nominal * 99 / 100);
	ck_assert_uint_le(used, nominal * 115 / 100);
	card_free(card);
}
END_TEST

START_TEST(half_the_rate_takes_twice_the_bus_time)
{
	struct card *fast = card_new("%s,rate=100e6", engine(_i));
	struct card *slow = card_new("%s,rate=50e6", engine(_i));
	uint64_t quick, long_one;

	ck_assert(block_memory(fast, 0, HOST, SRAM, 0x40000, TO_HOST));
	ck_assert(block_memory(slow, 0, HOST, SRAM, 0x40000, TO_HOST));
	quick = counters(fast).bus_ns;
	long_one = counters(slow).bus_ns;
	ck_assert_uint_ge(long_one, quick * 19 / 10);
	ck_assert_uint_le(long_one, quick * 21 / 10);
	card_free(slow);
	card_free(fast);
}
END_TEST

START_TEST(done_does_not_come_before_its_bus_time)
{
	struct card *card = card_new("%s,rate=10e6", engine(_i));
	uint64_t begin = now_ns();

	ck_assert(block_memory(card, 0, HOST, SRAM, 0x40000, TO_HOST));
	ck_assert_uint_ge(now_ns() - begin, 0x40000 * 90ull);
	card_free(card);
}
END_TEST

/* An event loop learns from the descriptor that bus time has come. */
START_TEST(an_inline_engine_is_served_by_its_descriptor)
{
	struct card *card = card_new("engine=inline,rate=1e6");
	struct pollfd poller = {.fd = model_service_fd(card->model),
				.events = POLLIN};
	int i;

	ck_assert_int_ge(poller.fd, 0);
	sram_fill(card, SRAM, 0x4000, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x4000, TO_HOST);
	dma_start(card, 0);
	for (i = 0; i < 10000 && counters(card).bytes_to_host < 0x4000; i++) {
		ck_assert_int_eq(poll(&poller, 1, 5000), 1);
		model_service(card->model);
	}
	ck_assert(sram_gave(card, SRAM, card->host, 0x4000));
	card_free(card);
}
END_TEST

START_TEST(an_unthrottled_inline_engine_needs_no_service)
{
	struct card *card = card_new("engine=inline");

	sram_fill(card, SRAM, 64, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(two_channels_share_one_rate)
{
	struct card *card = card_new("%s,rate=10e6", engine(_i));
	uint64_t begin = now_ns();

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x20000, TO_HOST);
	block_program(card, 1, MODE_MEMORY, HOST + 0x40000, SRAM, 0x20000,
		      TO_HOST);
	dma_start(card, 0);
	dma_start(card, 1);
	ck_assert(dma_done(card, 0) && dma_done(card, 1));
	ck_assert_uint_ge(now_ns() - begin, 0x40000 * 90ull);
	card_free(card);
}
END_TEST

static uint64_t two_cards(int which, const char *one, const char *other)
{
	struct card *a = card_new("%s,rate=10e6,%s", engine(which), one);
	struct card *b = card_new("%s,rate=10e6,%s", engine(which), other);
	uint64_t begin = now_ns();

	block_program(a, 0, MODE_MEMORY, HOST, SRAM, 0x20000, TO_HOST);
	block_program(b, 0, MODE_MEMORY, HOST, SRAM, 0x20000, TO_HOST);
	dma_start(a, 0);
	dma_start(b, 0);
	ck_assert(dma_done(a, 0) && dma_done(b, 0));
	begin = now_ns() - begin;
	card_free(a);
	card_free(b);
	return begin;
}

START_TEST(cards_on_one_bus_share_its_rate)
{
	ck_assert_uint_ge(two_cards(_i, "bus=crate", "bus=crate"),
			  0x40000 * 90ull);
}
END_TEST

Suite *suite_bus(void)
{
	Suite *suite = suite_create("bus");
	TCase *tcase = tcase_create("arbitration");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(the_channel_with_priority_goes_first);
	BOTH(rotating_priority_lets_both_progress);
	BOTH(direct_accesses_get_through_while_dma_runs);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("time");
	tcase_set_timeout(tcase, 60);
	BOTH(a_transfer_takes_the_bus_time_of_its_rate);
	BOTH(half_the_rate_takes_twice_the_bus_time);
	BOTH(done_does_not_come_before_its_bus_time);
	tcase_add_test(tcase, an_inline_engine_is_served_by_its_descriptor);
	tcase_add_test(tcase, an_unthrottled_inline_engine_needs_no_service);
	BOTH(two_channels_share_one_rate);
	BOTH(cards_on_one_bus_share_its_rate);
	suite_add_tcase(suite, tcase);
	return suite;
}
