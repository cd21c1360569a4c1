/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board, and what the card counts.
 */
#include "channel.h"
#include "suites.h"

static uint32_t board(struct card *card, unsigned int offset)
{
	return model_bar_read(card->model, 3, offset, 32);
}

static void board_set(struct card *card, unsigned int offset, uint32_t value)
{
	model_bar_write(card->model, 3, offset, 32, value);
}

static uint32_t pattern_at(uint32_t offset)
{
	return offset / 4 * 2654435761u;
}

START_TEST(board_registers_are_at_bar3)
{
	struct card *card = card_new("engine=inline");

	ck_assert_uint_eq(board(card, 0x00), 0x504C5842);
	board_set(card, 0x28, 0x1234ABCD);
	ck_assert_uint_eq(board(card, 0x28), 0x1234ABCD);
	ck_assert_uint_eq(local32(card, BOARD + 0x28), 0x1234ABCD);
	card_free(card);
}
END_TEST

START_TEST(sram_is_at_bar2)
{
	struct card *card = card_new("engine=inline");

	model_bar_write(card->model, 2, 0xFFFFC, 32, 0x1234ABCD);
	ck_assert_uint_eq(local32(card, SRAM + 0xFFFFC), 0x1234ABCD);
	card_free(card);
}
END_TEST

START_TEST(a_fifo_keeps_order_level_and_counts)
{
	struct card *card = card_new("engine=inline");

	local32_set(card, FIFO, 11);
	local32_set(card, FIFO + 0x40, 22);
	ck_assert_uint_eq(board(card, 0x08), 2);
	ck_assert_uint_eq(local32(card, FIFO + 0x8000), 11);
	ck_assert_uint_eq(local32(card, FIFO), 22);
	ck_assert_uint_eq(board(card, 0x08), 0);
	ck_assert_uint_eq(board(card, 0x1C), 2);
	ck_assert_uint_eq(board(card, 0x20), 2);
	card_free(card);
}
END_TEST

START_TEST(a_full_fifo_counts_what_it_loses)
{
	struct card *card = card_new("engine=inline,fifo=4");
	unsigned int i;

	for (i = 0; i < 6; i++)
		local32_set(card, FIFO, i);
	ck_assert_uint_eq(board(card, 0x08), 4);
	ck_assert_uint_eq(board(card, 0x0C), 2);
	ck_assert_uint_eq(local32(card, FIFO), 0);
	card_free(card);
}
END_TEST

START_TEST(a_fifo_can_be_emptied)
{
	struct card *card = card_new("engine=inline");

	local32_set(card, FIFO, 11);
	board_set(card, 0x04, 2);
	ck_assert_uint_eq(board(card, 0x08), 0);
	card_free(card);
}
END_TEST

START_TEST(a_refilling_fifo_counts_up)
{
	struct card *card = card_new("engine=inline");
	uint32_t first, i;

	board_set(card, 0x04, 1);
	first = local32(card, FIFO);
	for (i = 1; i < 100; i++)
		ck_assert_uint_eq(local32(card, FIFO), first + i);
	card_free(card);
}
END_TEST

START_TEST(the_pattern_source_is_a_function_of_its_offset)
{
	struct card *card = card_new("engine=inline");
	uint32_t i;

	ck_assert(block_memory(card, 0, HOST, PATTERN + 0x1000, 256, TO_HOST));
	for (i = 0; i < 256; i += 4)
		ck_assert_uint_eq(host32(card, i), pattern_at(0x1000 + i));
	card_free(card);
}
END_TEST

START_TEST(the_checker_counts_wrong_bytes)
{
	struct card *card = card_new("engine=inline");
	uint32_t i;

	for (i = 0; i < 256; i += 4)
		host32_set(card, i, pattern_at(0x400 + i));
	ck_assert(block_memory(card, 0, HOST, CHECKER + 0x400, 256, TO_CARD));
	ck_assert_uint_eq(board(card, 0x10), 0);
	card->host[17] ^= 1;
	card->host[18] ^= 1;
	ck_assert(block_memory(card, 0, HOST, CHECKER + 0x400, 256, TO_CARD));
	ck_assert_uint_eq(board(card, 0x10), 2);
	card_free(card);
}
END_TEST

START_TEST(the_board_rings_the_host_doorbell)
{
	struct card *card = card_new("engine=inline");

	board_set(card, 0x18, 0x00050000);
	board_set(card, 0x04, 0x10);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0x00050000);
	card_free(card);
}
END_TEST

START_TEST(the_board_drives_linti)
{
	struct card *card = card_new("engine=inline");

	board_set(card, 0x04, 4);
	ck_assert(reg(card, INTCSR) & INT_LINTI_ACTIVE);
	board_set(card, 0x04, 0);
	ck_assert(!(reg(card, INTCSR) & INT_LINTI_ACTIVE));
	card_free(card);
}
END_TEST

START_TEST(register_accesses_are_counted_by_register)
{
	struct card *card = card_new("engine=inline");
	struct model_counters before = counters(card), after;

	reg(card, MBOX2);
	reg(card, MBOX2);
	reg8_set(card, DMACSR + 1, 0);
	after = counters(card);
	ck_assert_uint_eq(after.reg_reads[MBOX2 / 4],
			  before.reg_reads[MBOX2 / 4] + 2);
	ck_assert_uint_eq(after.reg_writes[DMACSR / 4],
			  before.reg_writes[DMACSR / 4] + 1);
	card_free(card);
}
END_TEST

START_TEST(starts_descriptors_and_bytes_are_counted)
{
	struct card *card = card_new("%s", engine(_i));
	uint32_t list = HOST + 0x80000;
	struct model_counters found;

	descriptor(card, list, HOST, SRAM, 100,
		   (list + 16) | DPR_PCI | TO_HOST);
	descriptor(card, list + 16, HOST, SRAM, 50, DPR_PCI | DPR_END);
	ck_assert(chain(card, 0, MODE_MEMORY, list | DPR_PCI));
	ck_assert(block_memory(card, 1, HOST, SRAM, 30, TO_HOST));
	found = counters(card);
	ck_assert_uint_eq(found.starts, 2);
	ck_assert_uint_eq(found.descriptors, 2);
	ck_assert_uint_eq(found.bytes_to_host, 130);
	ck_assert_uint_eq(found.bytes_to_card, 50);
	card_free(card);
}
END_TEST

START_TEST(sram_is_as_large_as_asked_for)
{
	struct card *card = card_new("engine=inline,sram=4M");

	local32_set(card, SRAM + 0x3FFFFC, 0x12345678);
	ck_assert_uint_eq(local32(card, SRAM + 0x3FFFFC), 0x12345678);
	card_free(card);
}
END_TEST

Suite *suite_board(void)
{
	Suite *suite = suite_create("board");
	TCase *tcase = tcase_create("default board");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, board_registers_are_at_bar3);
	tcase_add_test(tcase, sram_is_at_bar2);
	tcase_add_test(tcase, a_fifo_keeps_order_level_and_counts);
	tcase_add_test(tcase, a_full_fifo_counts_what_it_loses);
	tcase_add_test(tcase, a_fifo_can_be_emptied);
	tcase_add_test(tcase, a_refilling_fifo_counts_up);
	tcase_add_test(tcase, the_pattern_source_is_a_function_of_its_offset);
	tcase_add_test(tcase, the_checker_counts_wrong_bytes);
	tcase_add_test(tcase, the_board_rings_the_host_doorbell);
	tcase_add_test(tcase, the_board_drives_linti);
	tcase_add_test(tcase, sram_is_as_large_as_asked_for);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("counters");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, register_accesses_are_counted_by_register);
	tcase_add_loop_test(tcase, starts_descriptors_and_bytes_are_counted, 0,
			    ENGINES);
	suite_add_tcase(suite, tcase);
	return suite;
}
