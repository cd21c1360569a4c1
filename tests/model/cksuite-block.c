/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Block DMA: the start sequence, what is moved, what registers read back
 * (chip ref. 3.1, 3.2, 3.7, 3.9).  Every test runs with both engines.
 */
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "suites.h"

START_TEST(to_host_moves_local_memory_to_the_bus_address)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		sram_fill(card, SRAM + 0x1000, 4096, 1 + (unsigned int)ch);
		ck_assert(block_memory(card, ch, HOST + 0x2000, SRAM + 0x1000,
				       4096, TO_HOST));
		ck_assert(sram_gave(card, SRAM + 0x1000, card->host + 0x2000,
				    4096));
	}
	card_free(card);
}
END_TEST

START_TEST(to_card_moves_host_memory_to_the_local_address)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		pattern_fill(card->host + 0x3000, 4096, 3 + (unsigned int)ch);
		ck_assert(block_memory(card, ch, HOST + 0x3000, SRAM + 0x8000,
				       4096, TO_CARD));
		ck_assert(sram_took(card, SRAM + 0x8000, card->host + 0x3000,
				    4096));
	}
	card_free(card);
}
END_TEST

static const uint32_t sizes[] = {0,  1,	 2,  3,	   4,	 5,    7,    8,
				 15, 17, 64, 4095, 4096, 4097, 65537};
#define SIZES (sizeof(sizes) / sizeof(*sizes))

/* Any byte address on both sides, exactly the bytes asked for. */
static void unaligned_to_host(struct card *card, uint32_t size, uint32_t from,
			      uint32_t to)
{
	uint8_t *host = card->host + 0x100;

	memset(card->host, 0xEE, size + 0x200);
	ck_assert(block_memory(card, 0, HOST + 0x100 + to, SRAM + 0x100 + from,
			       size, TO_HOST));
	ck_assert_msg(
		all_bytes_are(card->host, 0x100 + to, 0xEE) &&
			all_bytes_are(host + to + size, 0x80, 0xEE) &&
			sram_gave(card, SRAM + 0x100 + from, host + to, size),
		"size %u from +%u to +%u", size, from, to);
}

static void unaligned_to_card(struct card *card, uint32_t size, uint32_t from,
			      uint32_t to, uint8_t *wanted)
{
	sram_fill(card, SRAM, size + 0x200, size);
	pattern_fill(wanted, size + 0x200, size);
	pattern_fill(card->host + from, size, size + 99);
	memcpy(wanted + 0x100 + to, card->host + from, size);
	ck_assert(block_memory(card, 1, HOST + from, SRAM + 0x100 + to, size,
			       TO_CARD));
	ck_assert_msg(sram_is(card, SRAM, wanted, size + 0x200),
		      "size %u from +%u to +%u", size, from, to);
}

START_TEST(any_byte_alignment_and_size_moves_exactly_these_bytes_to_host)
{
	struct card *card = card_new("%s", engine(_i));
	uint32_t i, from, to;

	sram_fill(card, SRAM, 0x20000, 5);
	for (i = 0; i < SIZES; i++)
		for (from = 0; from < 4; from++)
			for (to = 0; to < 4; to++)
				unaligned_to_host(card, sizes[i], from, to);
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(any_byte_alignment_and_size_moves_exactly_these_bytes_to_card)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *wanted = malloc(0x20000);
	uint32_t i, from, to;

	for (i = 0; i < SIZES; i++)
		for (from = 0; from < 4; from++)
			for (to = 0; to < 4; to++)
				unaligned_to_card(card, sizes[i], from, to,
						  wanted);
	ck_assert_uint_eq(violations_total(card), 0);
	free(wanted);
	card_free(card);
}
END_TEST

START_TEST(the_largest_count_is_8_mib_less_1)
{
	struct card *card = card_new("%s,sram=8M", engine(_i));
	size_t size = 8u << 20;
	uint8_t *host = pages_new(size);

	pages_map(card, 0x01000000, host, size, MODEL_READ | MODEL_WRITE);
	sram_fill(card, SRAM, size, 7);
	ck_assert(block_memory(card, 0, 0x01000000, SRAM, 0x7FFFFF, TO_HOST));
	ck_assert(sram_gave(card, SRAM, host, size - 1));
	ck_assert_uint_eq(host[size - 1], 0);
	card_free(card);
	pages_free(host, size);
}
END_TEST

START_TEST(a_zero_length_transfer_completes_and_moves_nothing)
{
	struct card *card = card_new("%s", engine(_i));

	card->host[0] = 0xEE;
	sram_fill(card, SRAM, 16, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 0, TO_CARD));
	ck_assert(block_memory(card, 0, HOST, SRAM, 0, TO_HOST));
	ck_assert_uint_eq(card->host[0], 0xEE);
	card_free(card);
}
END_TEST

START_TEST(a_zero_length_transfer_interrupts_as_any_other)
{
	struct card *card = card_new("%s", engine(_i));

	interrupt_enable(card, INT_DMA(0));
	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
			HOST, SRAM, 0, TO_CARD));
	ck_assert_int_eq(model_intx(card->model), 1);
	card_free(card);
}
END_TEST

START_TEST(block_dma_leaves_its_registers_as_programmed)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		ck_assert(block_memory(card, ch, HOST + 0x120, SRAM + 0x40,
				       0x333, TO_HOST));
		ck_assert_uint_eq(dma(card, ch, DMAMODE), MODE_MEMORY);
		ck_assert_uint_eq(dma(card, ch, DMAPADR), HOST + 0x120);
		ck_assert_uint_eq(dma(card, ch, DMALADR), SRAM + 0x40);
		ck_assert_uint_eq(dma(card, ch, DMASIZ), 0x333);
		ck_assert_uint_eq(dma(card, ch, DMADPR), TO_HOST);
	}
	card_free(card);
}
END_TEST

/* As one production driver does (chip ref. 3.2). */
START_TEST(rewriting_the_count_alone_is_enough_to_go_again)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	memset(card->host, 0xEE, 64);
	dma_set(card, 0, DMASIZ, 48);
	dma_start(card, 0);
	ck_assert(dma_done(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, 48));
	ck_assert(all_bytes_are(card->host + 48, 16, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(other_descriptor_pointer_bits_do_not_matter_in_block_mode)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, 0x0F));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	ck_assert(block_memory(card, 0, HOST + 64, SRAM, 64, 0x0C));
	ck_assert(sram_gave(card, SRAM, card->host + 64, 64));
	card_free(card);
}
END_TEST

/* chip ref. 3.9: no mode bit is needed. */
START_TEST(block_dma_reaches_above_4_gib_by_the_dac_register)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *high = pages_new(4096);
	int ch;

	pages_map(card, 0x300000000, high, 4096, MODEL_READ | MODEL_WRITE);
	for (ch = 0; ch < 2; ch++) {
		sram_fill(card, SRAM, 256, 10 + (unsigned int)ch);
		ck_assert(block_memory(card, ch, 0x300000040, SRAM, 256,
				       TO_HOST));
		ck_assert(sram_gave(card, SRAM, high + 0x40, 256));
		ck_assert(block_memory(card, ch, 0x300000040, SRAM + 512, 256,
				       TO_CARD));
		ck_assert(sram_took(card, SRAM + 512, high + 0x40, 256));
	}
	card_free(card);
	pages_free(high, 4096);
}
END_TEST

START_TEST(dac_registers_of_the_channels_are_apart)
{
	struct card *card = card_new("%s", engine(_i));

	reg_set(card, DMADAC, 3);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 1, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(a_9080_has_no_upper_address)
{
	struct card *card = card_new("%s,chip=9080", engine(_i));

	reg_set(card, DMADAC, 3);
	ck_assert_uint_eq(reg(card, DMADAC), 0);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(both_channels_run_at_once)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));

	sram_fill(card, SRAM, 0x8000, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x4000, TO_HOST);
	block_program(card, 1, MODE_MEMORY, HOST + 0x4000, SRAM + 0x4000,
		      0x4000, TO_HOST);
	dma_start(card, 0);
	dma_start(card, 1);
	ck_assert_uint_eq((csr(card, 0) | csr(card, 1)) & CSR_DONE, 0);
	ck_assert(dma_done(card, 0) && dma_done(card, 1));
	ck_assert(sram_gave(card, SRAM, card->host, 0x8000));
	card_free(card);
}
END_TEST

START_TEST(every_chip_moves_a_block_both_ways)
{
	static const char *const chip[] = {"9054ac", "9054ab", "9054aa", "9080",
					   "9056",   "9656",   "8311"};
	struct card *card = card_new("chip=%s", chip[_i]);

	sram_fill(card, SRAM, 1000, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 1000, TO_HOST));
	ck_assert(block_memory(card, 1, HOST, SRAM + 2000, 1000, TO_CARD));
	ck_assert(sram_took(card, SRAM + 2000, card->host, 1000));
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

/* chip ref. 3.1: the words that drivers write. */
START_TEST(mode_words_of_known_drivers_move_memory)
{
	static const uint32_t modes[] = {
		0x00020441, 0x00020642 & ~0x200, 0x000205C3 & ~0x800,
		0x000000C3, 0x00000000,		 0x00000043};
	struct card *card = card_new("%s", engine(_i));
	unsigned int i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		sram_fill(card, SRAM, 260, i);
		ck_assert(block(card, 0, modes[i], HOST, SRAM, 260, TO_HOST));
		ck_assert_msg(sram_gave(card, SRAM, card->host, 260),
			      "mode %08X", modes[i]);
	}
	card_free(card);
}
END_TEST

Suite *suite_block(void)
{
	Suite *suite = suite_create("block");
	TCase *tcase = tcase_create("moves");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(to_host_moves_local_memory_to_the_bus_address);
	BOTH(to_card_moves_host_memory_to_the_local_address);
	BOTH(any_byte_alignment_and_size_moves_exactly_these_bytes_to_host);
	BOTH(any_byte_alignment_and_size_moves_exactly_these_bytes_to_card);
	BOTH(the_largest_count_is_8_mib_less_1);
	BOTH(a_zero_length_transfer_completes_and_moves_nothing);
	BOTH(a_zero_length_transfer_interrupts_as_any_other);
	BOTH(block_dma_reaches_above_4_gib_by_the_dac_register);
	BOTH(dac_registers_of_the_channels_are_apart);
	BOTH(a_9080_has_no_upper_address);
	BOTH(both_channels_run_at_once);
	BOTH(mode_words_of_known_drivers_move_memory);
	tcase_add_loop_test(tcase, every_chip_moves_a_block_both_ways, 0, 7);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("registers");
	tcase_set_timeout(tcase, 60);
	BOTH(block_dma_leaves_its_registers_as_programmed);
	BOTH(rewriting_the_count_alone_is_enough_to_go_again);
	BOTH(other_descriptor_pointer_bits_do_not_matter_in_block_mode);
	suite_add_tcase(suite, tcase);
	return suite;
}
