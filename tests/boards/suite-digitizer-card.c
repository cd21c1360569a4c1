/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer on the software card: found by its bare name, driven by BAR2
 * and channel 0 as its module's software does.
 */
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "suites.h"

enum {
	CSR_OFFSET = 0x48,
	ARM = 0xcc,
	LEVEL = 0xe8,
	SNAPSHOT = 0x100,
	PRODUCED = 0x104,
	DELIVERED = 0x10c,
	OVERFLOWED = 0x114,
	SNAPSHOT_LEVEL = 0x11c,
	UNARMED = 0x128,
	RUN = 1,
	FIFO_PORT = 0x200000,
	COUNTER = 0x7ffffff,
};

/* 32 bits, READY#, continuous burst, constant local address. */
#define MODE_FIFO (MODE_MEMORY | MODE_CONSTANT)

static struct card *digitizer(int which, const char *options)
{
	return card_new("%s,board=digitizer,board.card=3%s%s", engine(which),
			*options ? "," : "", options);
}

static uint32_t module(struct card *card, uint32_t offset)
{
	return model_bar_read(card->model, 2, offset, 32);
}

static void module_set(struct card *card, uint32_t offset, uint32_t value)
{
	model_bar_write(card->model, 2, offset, 32, value);
}

static uint64_t module64(struct card *card, uint32_t offset)
{
	return module(card, offset) |
	       (uint64_t)module(card, offset + 4) << 32;
}

/* Armed, as many words as there are, at most 8192; how many came. */
static uint32_t read_out(struct card *card)
{
	uint32_t level = module(card, LEVEL);

	if (level > 8192)
		level = 8192;
	if (!level)
		return 0;
	module_set(card, ARM, level);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO_PORT, 4 * level,
			TO_HOST));
	return level;
}

START_TEST(the_board_says_what_its_bars_show)
{
	struct card *card = digitizer(_i, "");

	ck_assert_uint_eq(model_bar_size(card->model, 2, NULL), 0x800000);
	ck_assert_uint_eq(model_bar_size(card->model, 3, NULL), 0);
	ck_assert_uint_eq(config(card, PCI_ID), 0x905410b5);
	ck_assert_uint_eq(config(card, PCI_REVISION) & 0xff, 0x0b);
	ck_assert_uint_eq(module(card, 0x0c), 15);
	ck_assert_ptr_null(model_bar_direct(card->model, 2, NULL));
	card_free(card);
}
END_TEST

START_TEST(an_eeprom_of_the_users_outweighs_the_boards)
{
	struct card *card = digitizer(_i, "eeprom=none");

	ck_assert_uint_eq(model_bar_size(card->model, 2, NULL), 0);
	card_free(card);
}
END_TEST

/* Two real-time runs, the second one with an overflow. */
static void account(int which, const char *options, bool overflows)
{
	struct card *card = digitizer(which, options);
	uint32_t next = 0, words, value;
	uint64_t end, lost = 0;

	module_set(card, CSR_OFFSET, RUN);
	end = now_ns() + 100000000;
	while (now_ns() < end) {
		words = read_out(card);
		for (uint32_t i = 0; i < words; i++) {
			value = host32(card, 4 * i);
			ck_assert_uint_eq(value >> 27, 3);
			lost += ((value & COUNTER) - next) & COUNTER;
			next = ((value & COUNTER) + 1) & COUNTER;
		}
		sleep_ms(overflows ? 5 : 0);
	}
	module_set(card, CSR_OFFSET, 0);
	module_set(card, SNAPSHOT, 0);
	ck_assert_uint_eq(module64(card, PRODUCED),
			  module64(card, DELIVERED) +
				  module64(card, OVERFLOWED) +
				  module(card, SNAPSHOT_LEVEL));
	ck_assert_uint_eq(module64(card, DELIVERED), next - lost);
	ck_assert_uint_eq(lost > 0, overflows);
	ck_assert_uint_le(lost, module64(card, OVERFLOWED));
	ck_assert_uint_eq(module(card, UNARMED), 0);
	ck_assert_uint_gt(module64(card, DELIVERED), 1000);
	card_free(card);
}

START_TEST(nothing_is_lost_by_who_reads_in_time)
{
	/* The FIFO has room for what comes in a second. */
	account(_i, "board.word_rate=1e5", false);
}
END_TEST

START_TEST(what_overflowed_is_counted_and_missing)
{
	account(_i, "board.word_rate=1e6,board.depth=256", true);
}
END_TEST

START_TEST(a_transfer_waits_for_words_that_are_not_there_yet)
{
	struct card *card = digitizer(_i, "board.word_rate=1e6");

	module_set(card, CSR_OFFSET, RUN);
	module_set(card, ARM, 10000);
	ck_assert(block(card, 0, MODE_FIFO, HOST, FIFO_PORT, 40000, TO_HOST));
	for (uint32_t i = 0; i < 10000; i++)
		ck_assert_uint_eq(host32(card, 4 * i), 3u << 27 | i);
	card_free(card);
}
END_TEST

START_TEST(linti_reaches_inta_when_the_level_is_there)
{
	struct card *card = digitizer(_i, "board.word_rate=1e6,"
					  "board.linti=5000");

	interrupt_enable(card, INT_PCI | INT_LINTI);
	ck_assert(!model_intx(card->model));
	module_set(card, CSR_OFFSET, RUN);
	ck_assert(inta_comes(card));
	ck_assert_uint_ge(module(card, LEVEL), 5000);
	ck_assert(reg(card, INTCSR) & INT_LINTI_ACTIVE);
	module_set(card, CSR_OFFSET, 0);
	while (read_out(card))
		;
	ck_assert(!(reg(card, INTCSR) & INT_LINTI_ACTIVE));
	card_free(card);
}
END_TEST

START_TEST(external_memory_comes_by_dma_from_its_port)
{
	struct card *card = digitizer(_i, "board.seed=9");

	module_set(card, CSR_OFFSET, 4);
	module_set(card, 0xc0, 12345);
	module(card, 0x400000);
	module_set(card, 0xec, 0);
	ck_assert(block(card, 0, MODE_FIFO, HOST, 0x400000, 0x40000, TO_HOST));
	for (uint32_t i = 0; i < 0x10000; i++)
		ck_assert_uint_eq(host32(card, 4 * i),
				  (12345 + i + 9) * 2654435761u);
	card_free(card);
}
END_TEST

START_TEST(a_software_reset_takes_the_run_and_the_logic)
{
	struct card *card = digitizer(_i, "");

	module_set(card, CSR_OFFSET, RUN);
	reg8_set(card, 0x6f, 0x40);
	reg8_set(card, 0x6f, 0);
	reg8_set(card, 0x6f, 0x20);
	reg8_set(card, 0x6f, 0);
	ck_assert_uint_eq(module(card, CSR_OFFSET), 0xffffffff);
	ck_assert_uint_eq(module(card, 0x08), 0);
	card_free(card);
}
END_TEST

START_TEST(a_board_that_is_nowhere_is_told_with_the_places)
{
	struct error error = {0};
	struct model *model;

	ck_assert_int_lt(model_new("board=nosuch", &model, &error), 0);
	ck_assert_ptr_nonnull(strstr(error.text, "nosuch"));
	ck_assert_ptr_nonnull(strstr(error.text, "PLXDMA_BOARDS"));
}
END_TEST

START_TEST(a_bare_name_is_looked_for_in_all_of_the_places)
{
	struct error error = {0};
	struct model *model;

	setenv("PLXDMA_BOARDS", "/nowhere:" BUILDDIR "/src/boards/.libs", 1);
	ck_assert_msg(!model_new("board=digitizer.so", &model, &error), "%s",
		      error.text);
	model_free(model);
	setenv("PLXDMA_BOARDS", "", 1);
	ck_assert_int_lt(model_new("board=./digitizer", &model, &error), 0);
}
END_TEST

START_TEST(a_board_refuses_its_options_through_the_card)
{
	struct error error = {0};
	struct model *model;

	ck_assert_int_lt(model_new("board=digitizer,board.depth=1", &model,
				   &error), 0);
	ck_assert_ptr_nonnull(strstr(error.text, "depth=1"));
}
END_TEST

Suite *suite_digitizer_card(void)
{
	Suite *suite = suite_create("digitizer on a card");
	TCase *tcase = tcase_create("read-out");

	setenv("PLXDMA_BOARDS", BUILDDIR "/src/boards/.libs", 1);
	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(the_board_says_what_its_bars_show);
	BOTH(an_eeprom_of_the_users_outweighs_the_boards);
	BOTH(nothing_is_lost_by_who_reads_in_time);
	BOTH(what_overflowed_is_counted_and_missing);
	BOTH(a_transfer_waits_for_words_that_are_not_there_yet);
	BOTH(linti_reaches_inta_when_the_level_is_there);
	BOTH(external_memory_comes_by_dma_from_its_port);
	BOTH(a_software_reset_takes_the_run_and_the_logic);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("where it is");
	tcase_add_test(tcase, a_board_that_is_nowhere_is_told_with_the_places);
	tcase_add_test(tcase, a_bare_name_is_looked_for_in_all_of_the_places);
	tcase_add_test(tcase, a_board_refuses_its_options_through_the_card);
	suite_add_tcase(suite, tcase);
	return suite;
}
