/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Chained DMA: descriptors in host and local memory, both formats, whose
 * flags count when, what registers show, clear-count (chip ref. 3.2 to 3.4).
 * Every test runs with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

enum {
	LIST = HOST + 0x80000,	    /* descriptors in host memory */
	LOCAL_LIST = SRAM + 0xF0000 /* descriptors in local memory */
};

static bool moved(struct card *card, unsigned int host, uint32_t sram,
		  size_t size)
{
	return sram_gave(card, SRAM + sram, card->host + host, size);
}

START_TEST(a_chain_moves_every_piece_until_end_of_chain)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	sram_fill(card, SRAM, 0x4000, 1);
	for (ch = 0; ch < 2; ch++) {
		memset(card->host, 0xEE, 0x4000);
		descriptor(card, LIST, HOST, SRAM, 100,
			   (LIST + 0x40) | DPR_PCI | TO_HOST);
		descriptor(card, LIST + 0x40, HOST + 0x1000, SRAM + 0x1000, 200,
			   (LIST + 0x20) | DPR_PCI | TO_HOST);
		descriptor(card, LIST + 0x20, HOST + 0x2000, SRAM + 0x2000, 300,
			   DPR_PCI | DPR_END | TO_HOST);
		ck_assert(chain(card, ch, MODE_MEMORY, LIST | DPR_PCI));
		ck_assert(moved(card, 0, 0, 100));
		ck_assert(moved(card, 0x1000, 0x1000, 200));
		ck_assert(moved(card, 0x2000, 0x2000, 300));
		ck_assert(all_bytes_are(card->host + 0x2000 + 300, 500, 0xEE));
	}
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(a_chain_moves_pieces_to_the_card)
{
	struct card *card = card_new("%s", engine(_i));

	pattern_fill(card->host, 0x1000, 3);
	descriptor(card, LIST, HOST, SRAM, 101, (LIST + 0x10) | DPR_PCI);
	descriptor(card, LIST + 0x10, HOST + 0x333, SRAM + 0x333, 203,
		   DPR_PCI | DPR_END);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(sram_took(card, SRAM, card->host, 101));
	ck_assert(sram_took(card, SRAM + 0x333, card->host + 0x333, 203));
	card_free(card);
}
END_TEST

/* Only DPR must be programmed: what else stands there is overwritten. */
START_TEST(stale_address_and_count_registers_do_not_matter)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	dma_set(card, 0, DMAPADR, WILD);
	dma_set(card, 0, DMALADR, 0x12345678);
	dma_set(card, 0, DMASIZ, 0x7FFFFF);
	descriptor(card, LIST, HOST, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 64));
	ck_assert_uint_eq(config16(card, PCI_STATUS) & 0xF900, 0);
	card_free(card);
}
END_TEST

START_TEST(direction_comes_from_the_descriptor_not_from_the_first_pointer)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	descriptor(card, LIST, HOST, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI | TO_CARD));
	ck_assert(moved(card, 0, 0, 64));

	pattern_fill(card->host, 64, 9);
	descriptor(card, LIST, HOST, SRAM + 64, 64, DPR_PCI | DPR_END);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI | TO_HOST));
	ck_assert(sram_took(card, SRAM + 64, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(directions_mix_within_a_chain)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	descriptor(card, LIST, HOST, SRAM, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST, SRAM + 64, 64,
		   (LIST + 32) | DPR_PCI | TO_CARD);
	descriptor(card, LIST + 32, HOST + 64, SRAM + 64, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 64, 0, 64));
	card_free(card);
}
END_TEST

/* End of chain ends behind the descriptor that carries it, not before. */
START_TEST(the_descriptor_with_end_of_chain_is_still_moved)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	descriptor(card, LIST, HOST, SRAM, 64,
		   (LIST + 16) | DPR_PCI | DPR_END | TO_HOST);
	descriptor(card, LIST + 16, WILD, SRAM, 64, DPR_PCI | DPR_END);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 64));
	ck_assert_uint_eq(counters(card).descriptors, 1);
	card_free(card);
}
END_TEST

START_TEST(end_of_chain_counts_only_once_loaded)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 128, 1);
	descriptor(card, LIST, HOST, SRAM, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 64, SRAM + 64, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI | DPR_END));
	ck_assert(moved(card, 0, 0, 128));
	card_free(card);
}
END_TEST

START_TEST(descriptors_may_lie_in_local_memory)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	sram_fill(card, SRAM, 128, 1);
	for (ch = 0; ch < 2; ch++) {
		memset(card->host, 0, 128);
		descriptor_local(card, LOCAL_LIST, HOST, SRAM, 64,
				 (LOCAL_LIST + 16) | TO_HOST);
		descriptor_local(card, LOCAL_LIST + 16, HOST + 64, SRAM + 64,
				 64, DPR_END | TO_HOST);
		ck_assert(chain(card, ch, MODE_MEMORY, LOCAL_LIST));
		ck_assert(moved(card, 0, 0, 128));
	}
	card_free(card);
}
END_TEST

/* The location bit tells where the *next* one is. */
START_TEST(descriptors_in_host_and_local_memory_mix)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 0xC0, 1);
	descriptor(card, LIST, HOST, SRAM, 64, LOCAL_LIST | TO_HOST);
	descriptor_local(card, LOCAL_LIST, HOST + 64, SRAM + 64, 64,
			 (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 128, SRAM + 128, 64,
		   DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 0xC0));
	card_free(card);
}
END_TEST

START_TEST(registers_hold_the_last_descriptor_after_done)
{
	struct card *card = card_new("%s", engine(_i));
	uint32_t last = 0x00ABC000 | DPR_PCI | DPR_END | TO_HOST;
	int ch;

	for (ch = 0; ch < 2; ch++) {
		descriptor(card, LIST, HOST, SRAM, 64,
			   (LIST + 16) | DPR_PCI | TO_HOST);
		descriptor(card, LIST + 16, HOST + 0x500, SRAM + 0x700, 0x60,
			   last);
		ck_assert(chain(card, ch, MODE_MEMORY, LIST | DPR_PCI));
		ck_assert_uint_eq(dma(card, ch, DMAPADR), HOST + 0x500);
		ck_assert_uint_eq(dma(card, ch, DMALADR), SRAM + 0x700);
		ck_assert_uint_eq(dma(card, ch, DMASIZ), 0x60);
		ck_assert_uint_eq(dma(card, ch, DMADPR), last);
	}
	card_free(card);
}
END_TEST

START_TEST(registers_show_the_descriptor_in_progress)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));

	descriptor(card, LIST, HOST, SRAM, 0x10000,
		   (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST, SRAM, 4, DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	while (dma(card, 0, DMAPADR) != HOST)
		ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert_uint_eq(dma(card, 0, DMAPADR), HOST);
	ck_assert_uint_eq(dma(card, 0, DMASIZ), 0x10000);
	ck_assert_uint_eq(dma(card, 0, DMADPR),
			  (LIST + 16) | DPR_PCI | TO_HOST);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(a_chain_that_ended_goes_on_from_its_pointer)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 128, 1);
	descriptor(card, LIST, HOST, SRAM, 64,
		   (LIST + 16) | DPR_PCI | DPR_END | TO_HOST);
	descriptor(card, LIST + 16, HOST + 64, SRAM + 64, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	dma_start(card, 0);
	ck_assert(dma_done(card, 0));
	ck_assert(moved(card, 0, 0, 128));
	card_free(card);
}
END_TEST

/* A ring has neither end nor owner bits; pausing it is the only way out. */
START_TEST(a_ring_goes_round)
{
	struct card *card = card_new("%s,rate=10e6", engine(_i));
	uint64_t end = now_ns() + 5000000000u;

	sram_fill(card, SRAM, 0x800, 1);
	descriptor(card, LIST, HOST, SRAM, 0x400,
		   (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 0x400, SRAM + 0x400, 0x400,
		   LIST | DPR_PCI | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	while (counters(card).descriptors < 7 && now_ns() < end)
		ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert_uint_ge(counters(card).descriptors, 7);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	ck_assert(moved(card, 0, 0, 0x800));
	card_free(card);
}
END_TEST

START_TEST(a_piece_of_every_alignment_and_odd_length_is_exact)
{
	struct card *card = card_new("%s", engine(_i));
	uint32_t i, at = 0, size;

	sram_fill(card, SRAM, 0x8000, 1);
	memset(card->host, 0xEE, 0x8000);
	for (i = 0; i < 32; i++) {
		size = 61 + 7 * i;
		descriptor(card, LIST + 16 * i, HOST + at + 1, SRAM + at, size,
			   (LIST + 16 * (i + 1)) | DPR_PCI | TO_HOST |
				   (i == 31 ? DPR_END : 0));
		at += size;
	}
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 1, 0, at));
	ck_assert_uint_eq(card->host[0], 0xEE);
	ck_assert_uint_eq(card->host[1 + at], 0xEE);
	card_free(card);
}
END_TEST

START_TEST(upper_bits_of_a_count_do_not_count)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	memset(card->host, 0xEE, 128);
	descriptor(card, LIST, HOST, SRAM, 0xFF800040,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 64));
	ck_assert(all_bytes_are(card->host + 64, 64, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(a_chain_without_its_mode_bit_is_a_block)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	descriptor(card, LIST, WILD, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(block(card, 0, MODE_MEMORY, HOST, SRAM, 64,
			LIST | DPR_PCI | TO_HOST));
	ck_assert(moved(card, 0, 0, 64));
	ck_assert_uint_eq(counters(card).descriptors, 0);
	card_free(card);
}
END_TEST

Suite *suite_chain(void)
{
	Suite *suite = suite_create("chain");
	TCase *tcase = tcase_create("descriptors");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(a_chain_moves_every_piece_until_end_of_chain);
	BOTH(a_chain_moves_pieces_to_the_card);
	BOTH(stale_address_and_count_registers_do_not_matter);
	BOTH(direction_comes_from_the_descriptor_not_from_the_first_pointer);
	BOTH(directions_mix_within_a_chain);
	BOTH(the_descriptor_with_end_of_chain_is_still_moved);
	BOTH(end_of_chain_counts_only_once_loaded);
	BOTH(descriptors_may_lie_in_local_memory);
	BOTH(descriptors_in_host_and_local_memory_mix);
	BOTH(a_piece_of_every_alignment_and_odd_length_is_exact);
	BOTH(upper_bits_of_a_count_do_not_count);
	BOTH(a_chain_without_its_mode_bit_is_a_block);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("progress");
	tcase_set_timeout(tcase, 60);
	BOTH(registers_hold_the_last_descriptor_after_done);
	BOTH(registers_show_the_descriptor_in_progress);
	BOTH(a_chain_that_ended_goes_on_from_its_pointer);
	BOTH(a_ring_goes_round);
	suite_add_tcase(suite, tcase);
	return suite;
}
