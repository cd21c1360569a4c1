/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sequencer on the software card, in the order of its card's driver: the
 * engine started, then the trigger, then EOT#, the count, the doorbell.
 */
#include <stdlib.h>

#include "channel.h"
#include "suites.h"

enum {
	STATUS = 0x04,
	HEADER = 0x80,
	ADDRESS = 0x88,
	COUNT = 0x90,
	ERROR = 0xac,
	MOVED = 0xb0,
	REFUSED = 0x820,
	EOT = 0x200,
};

/* 43h, continuous burst, constant address, demand, EOT#. */
#define MODE_SEQUENCER                                                   \
	(MODE_MEMORY | MODE_CONSTANT | MODE_DEMAND | MODE_EOT |          \
	 MODE_DONE_IRQ | MODE_TO_INTA)

static struct card *sequencer(int which, const char *options)
{
	return card_new("%s,board=sequencer,board.card=4%s%s", engine(which),
			*options ? "," : "", options);
}

static uint32_t board(struct card *card, uint32_t offset)
{
	return model_bar_read(card->model, 2, offset, 32);
}

static void board_set(struct card *card, uint32_t offset, uint32_t value)
{
	model_bar_write(card->model, 2, offset, 32, value);
}

static void prepare(struct card *card, uint32_t bytes)
{
	board_set(card, HEADER, 0x0080a002);
	board_set(card, COUNT, bytes);
	board_set(card, MOVED, 0);
	board_set(card, STATUS, EOT);
}

START_TEST(started_first_and_triggered_second_ends_by_eot_with_the_count)
{
	struct card *card = sequencer(_i, "board.block=1000");

	prepare(card, 65536);
	block_program(card, 0, MODE_SEQUENCER, HOST, 0, 0x80000, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	board_set(card, ADDRESS, 0);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(board(card, MOVED), 4000);
	ck_assert_uint_eq(board(card, ERROR), 0x208);
	ck_assert(board(card, STATUS) & EOT);
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(host32(card, 4 * i), 4u << 27 | i);
	ck_assert_uint_eq(host32(card, 4000), 0);
	ck_assert_uint_eq(counters(card).bytes_to_host, 4000);
	card_free(card);
}
END_TEST

START_TEST(a_chain_ends_by_eot_as_a_whole)
{
	struct card *card = sequencer(_i, "board.block=1500,"
					  "board.delay=100000");
	uint32_t list = HOST + 0x80000;

	descriptor(card, list, HOST, 0, 4096, (list + 16) | DPR_PCI | TO_HOST);
	descriptor(card, list + 16, HOST + 4096, 0, 4096,
		   (list + 32) | DPR_PCI | TO_HOST);
	descriptor(card, list + 32, HOST + 8192, 0, 4096,
		   DPR_PCI | DPR_END | TO_HOST);
	prepare(card, 65536);
	chain_program(card, 0, MODE_SEQUENCER, list | DPR_PCI);
	dma_start(card, 0);
	board_set(card, ADDRESS, 0);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(board(card, MOVED), 6000);
	for (uint32_t i = 0; i < 1500; i++)
		ck_assert_uint_eq(host32(card, 4 * i), 4u << 27 | i);
	card_free(card);
}
END_TEST

START_TEST(blocks_of_any_length_follow_each_other_without_a_gap)
{
	struct card *card = sequencer(_i, "board.block=0-3000,board.seed=5");
	uint32_t next = 0;

	for (int turn = 0; turn < 200; turn++) {
		uint32_t words;

		prepare(card, 0x10000);
		block_program(card, 0, MODE_SEQUENCER, HOST, 0, 0x80000,
			      TO_HOST);
		dma_start(card, 0);
		board_set(card, ADDRESS, 0);
		ck_assert(dma_done(card, 0));
		csr_set(card, 0, CSR_CLEAR_IRQ);
		words = board(card, MOVED) / 4;
		for (uint32_t i = 0; i < words; i++)
			ck_assert_uint_eq(host32(card, 4 * i),
					  4u << 27 | next++);
	}
	ck_assert_uint_gt(next, 200000);
	card_free(card);
}
END_TEST

START_TEST(a_slow_far_side_is_waited_for_by_demand)
{
	struct card *card = sequencer(_i, "board.word_rate=1e6");

	prepare(card, 40000);
	block_program(card, 0, MODE_SEQUENCER, HOST, 0, 0x80000, TO_HOST);
	dma_start(card, 0);
	board_set(card, ADDRESS, 0);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(board(card, MOVED), 40000);
	for (uint32_t i = 0; i < 10000; i++)
		ck_assert_uint_eq(host32(card, 4 * i), 4u << 27 | i);
	card_free(card);
}
END_TEST

START_TEST(the_end_rings_the_doorbell)
{
	struct card *card = sequencer(_i, "board.block=10,board.bells=0x104");

	interrupt_enable(card, INT_PCI | INT_DOORBELL);
	prepare(card, 4096);
	block_program(card, 0, MODE_SEQUENCER, HOST, 0, 4096, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0);
	board_set(card, ADDRESS, 0);
	ck_assert(inta_comes(card));
	ck_assert_uint_eq(reg(card, L2PDBELL), 0x104);
	reg_set(card, L2PDBELL, 0x104);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(the_wrong_order_is_refused_and_told)
{
	struct card *card = sequencer(_i, "board.block=10");

	prepare(card, 4096);
	board_set(card, ADDRESS, 0);
	ck_assert_uint_eq(board(card, REFUSED), 1);
	ck_assert_uint_eq(board(card, ERROR), 0x104);
	block_program(card, 0, MODE_SEQUENCER, HOST, 0, 4096, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

START_TEST(an_abort_through_the_board_ends_the_transfer)
{
	struct card *card = sequencer(_i, "board.delay=1000000000");

	prepare(card, 4096);
	block_program(card, 0, MODE_SEQUENCER, HOST, 0, 4096, TO_HOST);
	dma_start(card, 0);
	board_set(card, ADDRESS, 0);
	ck_assert(dma_hangs(card, 0));
	board_set(card, STATUS, 0x80000000);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(board(card, MOVED), 0);
	ck_assert_uint_eq(board(card, ERROR), 0x302);
	card_free(card);
}
END_TEST

START_TEST(the_far_sides_memory_is_a_window)
{
	struct card *card = sequencer(_i, "");
	uint64_t size = 0;
	uint8_t *memory = model_bar_direct(card->model, 3, &size);

	ck_assert_uint_eq(config(card, PCI_ID), 0x00011796);
	ck_assert_uint_eq(model_bar_size(card->model, 2, NULL), 0x1000);
	ck_assert_ptr_null(model_bar_direct(card->model, 2, NULL));
	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_eq(size, 0x100000);
	model_bar_write(card->model, 3, 0x10, 32, 0x12345678);
	ck_assert_uint_eq(memory[0x10], 0x78);
	ck_assert(block_memory(card, 0, HOST, 0x10000000, 4096, TO_HOST));
	ck_assert_uint_eq(host32(card, 0x10), 0x12345678);
	card_free(card);
}
END_TEST

Suite *suite_sequencer_card(void)
{
	Suite *suite = suite_create("sequencer on a card");
	TCase *tcase = tcase_create("order");

	setenv("PLXDMA_BOARDS", BUILDDIR "/src/boards/.libs", 1);
	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(started_first_and_triggered_second_ends_by_eot_with_the_count);
	BOTH(a_chain_ends_by_eot_as_a_whole);
	BOTH(blocks_of_any_length_follow_each_other_without_a_gap);
	BOTH(a_slow_far_side_is_waited_for_by_demand);
	BOTH(the_end_rings_the_doorbell);
	BOTH(the_wrong_order_is_refused_and_told);
	BOTH(an_abort_through_the_board_ends_the_transfer);
	BOTH(the_far_sides_memory_is_a_window);
	suite_add_tcase(suite, tcase);
	return suite;
}
