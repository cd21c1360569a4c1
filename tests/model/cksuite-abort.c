/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pause, resume, abort: what the states mean, and what an abort of an idle
 * channel does (chip ref. 3.5, 3.10).  Every test runs with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

/* Long enough to be caught in the middle on a busy machine: 131 ms. */
enum { SLOW = 0x10000, LIST = HOST + 0x80000 };

static struct card *slow_card(int which, const char *options)
{
	struct card *card = card_new("%s,rate=5e5%s", engine(which), options);

	sram_fill(card, SRAM, SLOW, 1);
	return card;
}

/* Reading CSR lets an inline engine move on. */
static void wait_for_first_bytes(struct card *card, int channel)
{
	uint64_t end = now_ns() + 5000000000u;

	while (!counters(card).bytes_to_host && now_ns() < end)
		csr(card, channel);
}

static void slow_start(struct card *card, int channel, uint32_t mode)
{
	block_program(card, channel, MODE_MEMORY | mode, HOST, SRAM, SLOW,
		      TO_HOST);
	dma_start(card, channel);
	wait_for_first_bytes(card, channel);
}

static size_t bytes_moved(struct card *card)
{
	size_t last = SLOW;

	while (last && card->host[last - 1] == 0)
		last--;
	return last;
}

START_TEST(clearing_enable_pauses_with_done_0)
{
	struct card *card = slow_card(_i, "");
	size_t before;

	slow_start(card, 0, 0);
	csr_set(card, 0, 0);
	ck_assert_uint_eq(csr(card, 0), 0);
	sleep_ms(2);
	before = bytes_moved(card);
	sleep_ms(10);
	ck_assert_uint_eq(csr(card, 0), 0);
	ck_assert_uint_eq(bytes_moved(card), before);
	ck_assert_uint_lt(before, SLOW);
	card_free(card);
}
END_TEST

START_TEST(enable_without_start_resumes_and_completes)
{
	struct card *card = slow_card(_i, "");

	slow_start(card, 0, 0);
	csr_set(card, 0, 0);
	sleep_ms(5);
	csr_set(card, 0, CSR_ENABLE);
	ck_assert(dma_done(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, SLOW));
	ck_assert_uint_eq(counters(card).bytes_to_host, SLOW);
	card_free(card);
}
END_TEST

START_TEST(pausing_one_channel_leaves_the_other_running)
{
	struct card *card = slow_card(_i, "");

	slow_start(card, 0, 0);
	block_program(card, 1, MODE_MEMORY, HOST + SLOW, SRAM, 0x1000, TO_HOST);
	dma_start(card, 1);
	csr_set(card, 0, 0);
	ck_assert(dma_done(card, 1));
	ck_assert_uint_eq(csr(card, 0), 0);
	ck_assert(sram_gave(card, SRAM, card->host + SLOW, 0x1000));
	csr_set(card, 0, CSR_ABORT);
	card_free(card);
}
END_TEST

START_TEST(a_paused_chain_resumes)
{
	struct card *card = slow_card(_i, "");

	descriptor(card, LIST, HOST, SRAM, 0x4000,
		   (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 0x4000, SRAM + 0x4000, 0x1000,
		   DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	wait_for_first_bytes(card, 0);
	csr_set(card, 0, 0);
	ck_assert_uint_eq(csr(card, 0), 0);
	sleep_ms(5);
	csr_set(card, 0, CSR_ENABLE);
	ck_assert(dma_done(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, 0x5000));
	card_free(card);
}
END_TEST

START_TEST(abort_after_pause_ends_with_done)
{
	struct card *card = slow_card(_i, "");
	size_t before;

	slow_start(card, 0, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	before = bytes_moved(card);
	sleep_ms(10);
	ck_assert_uint_eq(bytes_moved(card), before);
	ck_assert_uint_lt(before, SLOW);
	ck_assert(sram_gave(card, SRAM, card->host, before));
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_IDLE_ABORT), 0);
	card_free(card);
}
END_TEST

START_TEST(at_most_two_lwords_move_after_an_abort)
{
	struct card *card = slow_card(_i, "");
	size_t before;

	slow_start(card, 0, 0);
	csr_set(card, 0, 0);
	sleep_ms(2);
	before = bytes_moved(card);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_le(bytes_moved(card), before + 8);
	card_free(card);
}
END_TEST

/* Some drivers write 05h rather than clear Enable first (chip ref. 3.5). */
START_TEST(enable_and_abort_in_one_write_ends_it_too)
{
	struct card *card = slow_card(_i, "");

	slow_start(card, 1, 0);
	csr_set(card, 1, CSR_ENABLE | CSR_ABORT);
	ck_assert(dma_done(card, 1));
	ck_assert_uint_lt(bytes_moved(card), SLOW);
	card_free(card);
}
END_TEST

START_TEST(an_abort_raises_the_done_interrupt)
{
	struct card *card = slow_card(_i, "");

	interrupt_enable(card, INT_DMA(0));
	slow_start(card, 0, MODE_DONE_IRQ | MODE_TO_INTA);
	ck_assert_int_eq(model_intx(card->model), 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(0));
	ck_assert_int_eq(model_intx(card->model), 1);
	csr_set(card, 0, CSR_CLEAR_IRQ);
	ck_assert_int_eq(model_intx(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(a_channel_works_after_a_confirmed_abort)
{
	struct card *card = slow_card(_i, "");

	slow_start(card, 0, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	memset(card->host, 0, SLOW);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(an_abort_ends_a_whole_chain)
{
	struct card *card = slow_card(_i, "");

	descriptor(card, LIST, HOST, SRAM, 0x8000,
		   (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 0x8000, SRAM, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	wait_for_first_bytes(card, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	sleep_ms(10);
	ck_assert(all_bytes_are(card->host + 0x8000, 64, 0));
	card_free(card);
}
END_TEST

START_TEST(aborting_one_channel_leaves_the_other_alone)
{
	struct card *card = slow_card(_i, "");

	slow_start(card, 0, 0);
	block_program(card, 1, MODE_MEMORY, HOST + SLOW, SRAM, 0x800, TO_HOST);
	dma_start(card, 1);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0) && dma_done(card, 1));
	ck_assert(sram_gave(card, SRAM, card->host + SLOW, 0x800));
	card_free(card);
}
END_TEST

/* chip ref. 3.5, 11.2 item 3. */
START_TEST(aborting_an_idle_channel_aborts_the_next_transfer)
{
	struct card *card = card_new("%s,idle_abort_poisons=on", engine(_i));

	sram_fill(card, SRAM, 4096, 1);
	csr_set(card, 0, CSR_ABORT);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 4096, TO_HOST);
	dma_start(card, 0);
	sleep_ms(2);
	ck_assert(!sram_gave(card, SRAM, card->host, 4096));
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_IDLE_ABORT), 1);
	card_free(card);
}
END_TEST

START_TEST(an_idle_abort_spoils_one_transfer_only)
{
	struct card *card = card_new("%s,idle_abort_poisons=on", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(an_idle_abort_may_be_harmless_and_is_counted_all_the_same)
{
	struct card *card = card_new("%s,idle_abort_poisons=off", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_IDLE_ABORT), 1);
	card_free(card);
}
END_TEST

START_TEST(clearing_the_interrupt_without_enable_pauses_a_ring)
{
	struct card *card = slow_card(_i, "");

	descriptor(card, LIST, HOST, SRAM, 0x400, LIST | DPR_PCI | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	wait_for_first_bytes(card, 0);
	csr_set(card, 0, CSR_CLEAR_IRQ);
	ck_assert_uint_eq(csr(card, 0), 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(clearing_the_interrupt_with_enable_keeps_a_ring_running)
{
	struct card *card = slow_card(_i, "");
	uint64_t before;

	descriptor(card, LIST, HOST, SRAM, 0x400, LIST | DPR_PCI | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	csr_set(card, 0, CSR_ENABLE | CSR_CLEAR_IRQ);
	before = counters(card).descriptors;
	sleep_ms(10);
	ck_assert_uint_eq(csr(card, 0), CSR_ENABLE);
	ck_assert_uint_gt(counters(card).descriptors, before);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(bus_mastering_taken_away_stops_the_engine_at_done_0)
{
	struct card *card = slow_card(_i, "");
	size_t before;

	slow_start(card, 0, 0);
	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	sleep_ms(2);
	before = bytes_moved(card);
	sleep_ms(10);
	ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert_uint_eq(bytes_moved(card), before);
	ck_assert_uint_lt(before, SLOW);
	card_free(card);
}
END_TEST

Suite *suite_abort(void)
{
	Suite *suite = suite_create("abort");
	TCase *tcase = tcase_create("pause");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(clearing_enable_pauses_with_done_0);
	BOTH(enable_without_start_resumes_and_completes);
	BOTH(pausing_one_channel_leaves_the_other_running);
	BOTH(a_paused_chain_resumes);
	BOTH(clearing_the_interrupt_without_enable_pauses_a_ring);
	BOTH(clearing_the_interrupt_with_enable_keeps_a_ring_running);
	BOTH(bus_mastering_taken_away_stops_the_engine_at_done_0);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("abort");
	tcase_set_timeout(tcase, 60);
	BOTH(abort_after_pause_ends_with_done);
	BOTH(at_most_two_lwords_move_after_an_abort);
	BOTH(enable_and_abort_in_one_write_ends_it_too);
	BOTH(an_abort_raises_the_done_interrupt);
	BOTH(a_channel_works_after_a_confirmed_abort);
	BOTH(an_abort_ends_a_whole_chain);
	BOTH(aborting_one_channel_leaves_the_other_alone);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("idle abort");
	tcase_set_timeout(tcase, 60);
	BOTH(aborting_an_idle_channel_aborts_the_next_transfer);
	BOTH(an_idle_abort_spoils_one_transfer_only);
	BOTH(an_idle_abort_may_be_harmless_and_is_counted_all_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
