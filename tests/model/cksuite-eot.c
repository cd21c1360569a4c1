/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EOT#: how it ends a transfer, and what it leaves behind (chip ref. 3.8,
 * 3.10).  Every test runs with both engines.
 */
#include <string.h>

#include "fifo.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

START_TEST(eot_ends_a_transfer_with_done)
{
	struct card *card = card_new("%s", engine(_i));

	memset(card->host, 0xEE, 256);
	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(
		block(card, 0, MODE_FIFO | MODE_EOT, HOST, FIFO, 256, TO_HOST));
	ck_assert(host_counts(card, 0, 0, 10));
	ck_assert(all_bytes_are(card->host + 40, 216, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(eot_raises_the_done_interrupt)
{
	struct card *card = card_new("%s", engine(_i));

	interrupt_enable(card, INT_DMA(0));
	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(block(card, 0,
			MODE_FIFO | MODE_EOT | MODE_DONE_IRQ | MODE_TO_INTA,
			HOST, FIFO, 256, TO_HOST));
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(0));
	ck_assert_int_eq(model_intx(card->model), 1);
	card_free(card);
}
END_TEST

START_TEST(without_its_enable_eot_is_ignored)
{
	struct card *card = card_new("%s", engine(_i));

	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO, 256, TO_HOST));
	ck_assert(host_counts(card, 0, 0, 64));
	card_free(card);
}
END_TEST

static void two_pieces_with_eot_after(struct card *card, uint32_t mode,
				      uint32_t lwords)
{
	memset(card->host, 0xEE, 256);
	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, lwords);
	descriptor(card, LIST, HOST, FIFO, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 64, FIFO, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_FIFO | MODE_EOT | mode, LIST | DPR_PCI));
}

START_TEST(eot_ends_the_whole_chain_on_a_9054)
{
	struct card *card = card_new("%s,chip=9054ac", engine(_i));

	two_pieces_with_eot_after(card, 0, 10);
	ck_assert(host_counts(card, 0, 0, 10));
	ck_assert(all_bytes_are(card->host + 40, 216, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(eot_with_a_descriptor_s_last_lword_ends_the_chain)
{
	struct card *card = card_new("%s,chip=9054ac", engine(_i));

	two_pieces_with_eot_after(card, 0, 16);
	ck_assert(host_counts(card, 0, 0, 16));
	ck_assert(all_bytes_are(card->host + 64, 192, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(a_9056_can_end_one_link_by_eot_and_go_on)
{
	struct card *card = card_new("%s,chip=9056", engine(_i));

	two_pieces_with_eot_after(card, MODE_EOT_END_LINK, 10);
	ck_assert(host_counts(card, 0, 0, 10));
	ck_assert(all_bytes_are(card->host + 40, 24, 0xEE));
	ck_assert(host_counts(card, 64, 10, 16));
	card_free(card);
}
END_TEST

/* chip ref. 3.2; open 5. */
START_TEST(the_count_after_eot_may_stay_as_programmed)
{
	struct card *card = card_new("%s,siz_residue=off", engine(_i));

	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(
		block(card, 0, MODE_FIFO | MODE_EOT, HOST, FIFO, 256, TO_HOST));
	ck_assert_uint_eq(dma(card, 0, DMASIZ), 256);
	card_free(card);
}
END_TEST

START_TEST(the_count_after_eot_may_be_the_residue)
{
	struct card *card = card_new("%s,siz_residue=on", engine(_i));

	port_push(card, 0, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(
		block(card, 0, MODE_FIFO | MODE_EOT, HOST, FIFO, 256, TO_HOST));
	ck_assert_uint_eq(dma(card, 0, DMASIZ), 256 - 40);
	card_free(card);
}
END_TEST

/* chip ref. 3.10: what drivers flush by a dummy transfer. */
static bool next_block_is_clean(struct card *card)
{
	port_push(card, 0x1000, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(
		block(card, 0, MODE_FIFO | MODE_EOT, HOST, FIFO, 256, TO_HOST));
	sram_fill(card, SRAM, 256, 1);
	ck_assert(block_memory(card, 0, HOST + 0x1000, SRAM, 256, TO_HOST));
	return sram_gave(card, SRAM, card->host + 0x1000, 256);
}

START_TEST(data_left_in_the_fifo_may_spoil_the_next_transfer)
{
	struct card *card = card_new("%s,stale_fifo=on", engine(_i));

	ck_assert(!next_block_is_clean(card));
	card_free(card);
}
END_TEST

START_TEST(data_left_in_the_fifo_may_be_dropped)
{
	struct card *card = card_new("%s,stale_fifo=off", engine(_i));

	ck_assert(next_block_is_clean(card));
	card_free(card);
}
END_TEST

START_TEST(a_dummy_transfer_of_128_bytes_flushes_stale_data)
{
	struct card *card = card_new("%s,stale_fifo=on", engine(_i));

	port_push(card, 0x1000, 64);
	local32_set(card, BOARD_EOT, 10);
	ck_assert(
		block(card, 0, MODE_FIFO | MODE_EOT, HOST, FIFO, 256, TO_HOST));
	ck_assert(block_memory(card, 0, HOST + 0x8000, SRAM, 128, TO_HOST));
	sram_fill(card, SRAM, 256, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 256, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 256));
	card_free(card);
}
END_TEST

Suite *suite_eot(void)
{
	Suite *suite = suite_create("eot");
	TCase *tcase = tcase_create("eot");

#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_set_timeout(tcase, 60);
	BOTH(eot_ends_a_transfer_with_done);
	BOTH(eot_raises_the_done_interrupt);
	BOTH(without_its_enable_eot_is_ignored);
	BOTH(eot_ends_the_whole_chain_on_a_9054);
	BOTH(eot_with_a_descriptor_s_last_lword_ends_the_chain);
	BOTH(a_9056_can_end_one_link_by_eot_and_go_on);
	BOTH(the_count_after_eot_may_stay_as_programmed);
	BOTH(the_count_after_eot_may_be_the_residue);
	BOTH(data_left_in_the_fifo_may_spoil_the_next_transfer);
	BOTH(data_left_in_the_fifo_may_be_dropped);
	BOTH(a_dummy_transfer_of_128_bytes_flushes_stale_data);
	suite_add_tcase(suite, tcase);
	return suite;
}
