/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a bridge does on the way: posted writes that INTx overtakes, and reads
 * ahead of what was asked for.  Every test runs with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

static void look_at_memory(void *context, int level)
{
	struct card *card = context;

	if (level) /* no register read: only memory is looked at */
		memcpy(card->host + 0x1000, card->host, 0x1000);
}

/* INTx overtakes data; a register read does not. */
START_TEST(posted_data_arrives_with_the_next_register_read)
{
	struct card *card = card_new("%s,posted=on", engine(_i));

	sram_fill(card, SRAM, 0x1000, 1);
	model_set_intx(card->model, look_at_memory, card);
	interrupt_enable(card, INT_DMA(0));
	block_program(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA, HOST,
		      SRAM, 0x1000, TO_HOST);
	dma_start(card, 0);
	ck_assert(inta_comes(card));
	ck_assert(csr(card, 0) & CSR_DONE);
	ck_assert(sram_gave(card, SRAM, card->host, 0x1000));
	ck_assert(!sram_gave(card, SRAM, card->host + 0x1000, 0x1000));
	card_free(card);
}
END_TEST

/* Memory that is being drained into is looked at: a race, on purpose. */
__attribute__((no_sanitize("thread"))) static bool
drained(struct card *card, const uint8_t *wanted, size_t size)
{
	const volatile uint8_t *host = card->host;
	size_t i;

	for (i = 0; i < size; i++)
		if (host[i] != wanted[i])
			return false;
	return true;
}

START_TEST(posted_data_arrives_by_itself_after_a_while)
{
	struct card *card = card_new("%s,posted=on", engine(_i));
	uint64_t end = now_ns() + 5000000000u;
	uint8_t wanted[0x1000];

	pattern_fill(wanted, 0x1000, 1);
	sram_fill(card, SRAM, 0x1000, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x1000, TO_HOST);
	dma_start(card, 0);
	while (!drained(card, wanted, 0x1000) && now_ns() < end) {
		sleep_ms(1);
		model_service(card->model);
	}
	ck_assert(drained(card, wanted, 0x1000));
	card_free(card);
}
END_TEST

START_TEST(posted_off_has_the_data_before_the_interrupt)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 0x1000, 1);
	model_set_intx(card->model, look_at_memory, card);
	interrupt_enable(card, INT_DMA(0));
	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
			HOST, SRAM, 0x1000, TO_HOST));
	ck_assert(inta_comes(card));
	sleep_ms(1);
	ck_assert(sram_gave(card, SRAM, card->host + 0x1000, 0x1000));
	card_free(card);
}
END_TEST

START_TEST(posted_data_of_both_channels_and_a_chain_is_complete)
{
	struct card *card = card_new("%s,posted=on", engine(_i));
	uint32_t list = HOST + 0x80000;

	sram_fill(card, SRAM, 0x2000, 1);
	descriptor(card, list, HOST, SRAM, 0x800,
		   (list + 16) | DPR_PCI | TO_HOST);
	descriptor(card, list + 16, HOST + 0x800, SRAM + 0x800, 0x800,
		   DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, list | DPR_PCI);
	block_program(card, 1, MODE_MEMORY, HOST + 0x1000, SRAM + 0x1000,
		      0x1000, TO_HOST);
	dma_start(card, 0);
	dma_start(card, 1);
	ck_assert(dma_done(card, 0) && dma_done(card, 1));
	ck_assert(sram_gave(card, SRAM, card->host, 0x2000));
	card_free(card);
}
END_TEST

START_TEST(read_ahead_changes_no_data)
{
	struct card *card = card_new("%s,prefetch=32", engine(_i));
	uint8_t after[32];

	pattern_fill(card->host, 0x2000, 1);
	sram_fill(card, SRAM, 0x2000, 2);
	model_local_read(card->model, SRAM + 100, after, 32);
	ck_assert(block_memory(card, 0, HOST, SRAM, 100, TO_CARD));
	ck_assert(sram_took(card, SRAM, card->host, 100));
	ck_assert(sram_gave(card, SRAM + 100, after, 32));
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(read_ahead_goes_past_the_end_of_a_transfer_to_the_card)
{
	struct card *card = card_new("%s,prefetch=32", engine(_i));

	ck_assert(block_memory(card, 0, HOST, SRAM, 100, TO_CARD));
	ck_assert_uint_eq(counters(card).prefetched, 32);
	card_free(card);
}
END_TEST

START_TEST(read_ahead_stops_where_memory_ends)
{
	struct card *card = card_new("%s,prefetch=32", engine(_i));

	pattern_fill(card->host + HOST_SIZE - 64, 64, 1);
	ck_assert(block_memory(card, 0, HOST + HOST_SIZE - 64, SRAM, 64,
			       TO_CARD));
	ck_assert(sram_took(card, SRAM, card->host + HOST_SIZE - 64, 64));
	ck_assert_uint_eq(counters(card).prefetched, 0);
	card_free(card);
}
END_TEST

START_TEST(read_ahead_does_not_touch_transfers_to_the_host)
{
	struct card *card = card_new("%s,prefetch=32", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST + HOST_SIZE - 64, SRAM, 64,
			       TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host + HOST_SIZE - 64, 64));
	ck_assert_uint_eq(counters(card).prefetched, 0);
	card_free(card);
}
END_TEST

Suite *suite_posting(void)
{
	Suite *suite = suite_create("posting");
	TCase *tcase = tcase_create("posting");

#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_set_timeout(tcase, 60);
	BOTH(posted_data_arrives_with_the_next_register_read);
	BOTH(posted_data_arrives_by_itself_after_a_while);
	BOTH(posted_off_has_the_data_before_the_interrupt);
	BOTH(posted_data_of_both_channels_and_a_chain_is_complete);
	BOTH(read_ahead_changes_no_data);
	BOTH(read_ahead_goes_past_the_end_of_a_transfer_to_the_card);
	BOTH(read_ahead_stops_where_memory_ends);
	BOTH(read_ahead_does_not_touch_transfers_to_the_host);
	suite_add_tcase(suite, tcase);
	return suite;
}
