/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The local end of DMA: widths, constant address, byte order, demand
 * mode (chip ref. 3.7, 3.8).  Every test runs with both engines.
 */
#include "fifo.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

START_TEST(every_width_moves_the_same_bytes)
{
	static const uint32_t widths[] = {0, 1, 2, 3};
	struct card *card = card_new("%s", engine(_i));
	uint32_t mode;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		mode = (MODE_MEMORY & ~3u) | widths[i];
		sram_fill(card, SRAM, 0x1000, i);
		ck_assert(block(card, 0, mode, HOST, SRAM, 0xFFF, TO_HOST));
		ck_assert(sram_gave(card, SRAM, card->host, 0xFFF));
		ck_assert(block(card, 0, mode, HOST, SRAM + 0x2000, 0xFFF,
				TO_CARD));
		ck_assert(sram_took(card, SRAM + 0x2000, card->host, 0xFFF));
	}
	card_free(card);
}
END_TEST

START_TEST(constant_address_reads_one_lword_again_and_again)
{
	struct card *card = card_new("%s", engine(_i));
	unsigned int i;

	local32_set(card, SRAM + 0x40, 0xFEEDBEEF);
	local32_set(card, SRAM + 0x44, 0x00000000);
	ck_assert(block(card, 0, MODE_FIFO, HOST, SRAM + 0x40, 256, TO_HOST));
	for (i = 0; i < 64; i++)
		ck_assert_uint_eq(host32(card, 4 * i), 0xFEEDBEEF);
	card_free(card);
}
END_TEST

START_TEST(constant_address_writes_one_lword_again_and_again)
{
	struct card *card = card_new("%s", engine(_i));

	pattern_fill(card->host, 256, 1);
	local32_set(card, SRAM + 0x44, 0x11223344);
	ck_assert(block(card, 0, MODE_FIFO, HOST, SRAM + 0x40, 256, TO_CARD));
	ck_assert_uint_eq(local32(card, SRAM + 0x40), host32(card, 252));
	ck_assert_uint_eq(local32(card, SRAM + 0x44), 0x11223344);
	card_free(card);
}
END_TEST

START_TEST(a_fifo_is_read_word_by_word_in_order)
{
	struct card *card = card_new("%s", engine(_i));

	port_push(card, 100, 32);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO, 128, TO_HOST));
	ck_assert(host_counts(card, 0, 100, 32));
	ck_assert_uint_eq(local32(card, BOARD_LEVEL), 0);
	card_free(card);
}
END_TEST

START_TEST(a_fifo_is_written_word_by_word_in_order)
{
	struct card *card = card_new("%s", engine(_i));
	unsigned int i;

	for (i = 0; i < 32; i++)
		host32_set(card, 4 * i, 500 + i);
	ck_assert(block(card, 1, MODE_FIFO, HOST, FIFO, 128, TO_CARD));
	ck_assert_uint_eq(local32(card, BOARD_LEVEL), 32);
	for (i = 0; i < 32; i++)
		ck_assert_uint_eq(local32(card, FIFO), 500 + i);
	card_free(card);
}
END_TEST

START_TEST(constant_address_holds_across_the_pieces_of_a_chain)
{
	struct card *card = card_new("%s", engine(_i));

	port_push(card, 100, 32);
	descriptor(card, LIST, HOST, FIFO, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 64, FIFO, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_FIFO, LIST | DPR_PCI));
	ck_assert(host_counts(card, 0, 100, 32));
	card_free(card);
}
END_TEST

/* Local reads are whole Lwords (chip ref. 3.7): 5 bytes cost two words. */
START_TEST(an_odd_count_from_a_fifo_takes_whole_lwords)
{
	struct card *card = card_new("%s", engine(_i));

	port_push(card, 0x01010101, 8);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO, 5, TO_HOST));
	ck_assert_uint_eq(local32(card, BOARD_POPPED), 2);
	card_free(card);
}
END_TEST

/* BIGEND bit 7 is channel 0, bit 6 channel 1 (chip ref. 2.3). */
START_TEST(big_endian_swaps_the_bytes_of_its_channel)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		local32_set(card, SRAM, 0x11223344);
		reg8_set(card, BIGEND, ch ? 0x40 : 0x80);
		ck_assert(block_memory(card, ch, HOST, SRAM, 4, TO_HOST));
		ck_assert_uint_eq(host32(card, 0), 0x44332211);
		ck_assert(block_memory(card, ch, HOST, SRAM + 8, 4, TO_CARD));
		ck_assert_uint_eq(local32(card, SRAM + 8), 0x11223344);
		ck_assert(block_memory(card, !ch, HOST, SRAM, 4, TO_HOST));
		ck_assert_uint_eq(host32(card, 0), 0x11223344);
	}
	card_free(card);
}
END_TEST

START_TEST(demand_mode_waits_for_data)
{
	struct card *card = card_new("%s", engine(_i));

	local32_set(card, BOARD_CONTROL, CONTROL_DREQ);
	block_program(card, 0, MODE_FIFO | MODE_DEMAND, HOST, FIFO, 64,
		      TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(local32(card, BOARD_POPPED), 0);
	port_push(card, 7, 16);
	ck_assert(dma_done(card, 0));
	ck_assert(host_counts(card, 0, 7, 16));
	card_free(card);
}
END_TEST

START_TEST(demand_mode_moves_what_is_there_and_waits_for_more)
{
	struct card *card = card_new("%s", engine(_i));

	local32_set(card, BOARD_CONTROL, CONTROL_DREQ);
	port_push(card, 7, 8);
	block_program(card, 0, MODE_FIFO | MODE_DEMAND, HOST, FIFO, 64,
		      TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_ge(local32(card, BOARD_POPPED), 7);
	port_push(card, 15, 8);
	ck_assert(dma_done(card, 0));
	ck_assert(host_counts(card, 0, 7, 16));
	card_free(card);
}
END_TEST

START_TEST(without_demand_mode_dreq_does_not_matter)
{
	struct card *card = card_new("%s", engine(_i));

	local32_set(card, BOARD_CONTROL, CONTROL_DREQ);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO, 64, TO_HOST));
	card_free(card);
}
END_TEST

START_TEST(a_demand_transfer_that_waits_can_be_aborted)
{
	struct card *card = card_new("%s", engine(_i));

	local32_set(card, BOARD_CONTROL, CONTROL_DREQ);
	block_program(card, 0, MODE_FIFO | MODE_DEMAND, HOST, FIFO, 64,
		      TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

Suite *suite_localbus(void)
{
	Suite *suite = suite_create("local bus");
	TCase *tcase = tcase_create("address and width");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(every_width_moves_the_same_bytes);
	BOTH(constant_address_reads_one_lword_again_and_again);
	BOTH(constant_address_writes_one_lword_again_and_again);
	BOTH(a_fifo_is_read_word_by_word_in_order);
	BOTH(a_fifo_is_written_word_by_word_in_order);
	BOTH(constant_address_holds_across_the_pieces_of_a_chain);
	BOTH(an_odd_count_from_a_fifo_takes_whole_lwords);
	BOTH(big_endian_swaps_the_bytes_of_its_channel);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("demand");
	tcase_set_timeout(tcase, 60);
	BOTH(demand_mode_waits_for_data);
	BOTH(demand_mode_moves_what_is_there_and_waits_for_more);
	BOTH(without_demand_mode_dreq_does_not_matter);
	BOTH(a_demand_transfer_that_waits_can_be_aborted);
	suite_add_tcase(suite, tcase);
	return suite;
}
