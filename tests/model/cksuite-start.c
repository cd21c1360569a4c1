/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a transfer starts, and what does not start one (chip ref. 3.1).  Every
 * test runs with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

START_TEST(enable_alone_starts_nothing)
{
	struct card *card = card_new("%s", engine(_i));

	memset(card->host, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	csr_set(card, 0, CSR_ENABLE);
	sleep_ms(2);
	ck_assert_uint_eq(csr(card, 0), CSR_DONE | CSR_ENABLE);
	ck_assert(all_bytes_are(card->host, 64, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(start_without_enable_is_ignored)
{
	struct card *card = card_new("%s", engine(_i));

	memset(card->host, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	csr_set(card, 0, CSR_START);
	sleep_ms(2);
	ck_assert_uint_eq(csr(card, 0), CSR_DONE);
	ck_assert(all_bytes_are(card->host, 64, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(start_abort_and_clear_read_0)
{
	struct card *card = card_new("%s", engine(_i));

	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	csr_set(card, 0, CSR_ENABLE | CSR_CLEAR_IRQ);
	ck_assert_uint_eq(csr(card, 0), CSR_DONE | CSR_ENABLE);
	card_free(card);
}
END_TEST

/* chip ref. 3.1, 7.2 DN7; open 10. */
START_TEST(enable_and_start_in_one_write_runs_where_there_is_no_race)
{
	struct card *card = card_new("%s,start_race=off", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	csr_set(card, 0, CSR_ENABLE | CSR_START);
	ck_assert(dma_done(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(enable_and_start_in_one_write_can_lose_the_start)
{
	struct card *card = card_new("%s,start_race=on", engine(_i));

	interrupt_enable(card, INT_DMA(0));
	memset(card->host, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA, HOST,
		      SRAM, 64, TO_HOST);
	csr_set(card, 0, CSR_ENABLE | CSR_START);
	ck_assert(dma_hangs(card, 0));
	ck_assert(all_bytes_are(card->host, 64, 0xEE));
	ck_assert_int_eq(model_intx(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(two_writes_start_even_where_there_is_a_race)
{
	struct card *card = card_new("%s,start_race=on", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	card_free(card);
}
END_TEST

START_TEST(one_dword_write_starts_both_channels)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 128, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	block_program(card, 1, MODE_MEMORY, HOST + 64, SRAM + 64, 64, TO_HOST);
	reg_set(card, DMACSR, 0x0101);
	reg_set(card, DMACSR, 0x0303);
	ck_assert(dma_done(card, 0) && dma_done(card, 1));
	ck_assert(sram_gave(card, SRAM, card->host, 128));
	card_free(card);
}
END_TEST

START_TEST(dma_never_runs_without_master_enable)
{
	struct card *card = card_new("%s", engine(_i));

	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	memset(card->host, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert(all_bytes_are(card->host, 64, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(done_is_0_while_it_runs)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(csr(card, 0), CSR_ENABLE);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(csr(card, 0), CSR_ENABLE | CSR_DONE);
	card_free(card);
}
END_TEST

Suite *suite_start(void)
{
	Suite *suite = suite_create("start");
	TCase *tcase = tcase_create("start");

#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_set_timeout(tcase, 60);
	BOTH(enable_alone_starts_nothing);
	BOTH(start_without_enable_is_ignored);
	BOTH(start_abort_and_clear_read_0);
	BOTH(enable_and_start_in_one_write_runs_where_there_is_no_race);
	BOTH(enable_and_start_in_one_write_can_lose_the_start);
	BOTH(two_writes_start_even_where_there_is_a_race);
	BOTH(one_dword_write_starts_both_channels);
	BOTH(dma_never_runs_without_master_enable);
	BOTH(done_is_0_while_it_runs);
	suite_add_tcase(suite, tcase);
	return suite;
}
