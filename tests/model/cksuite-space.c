/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The local spaces behind BAR2 and BAR3: size, type, translation, and how
 * they move (chip ref. 1.3, 1.6).
 */
#include "card.h"
#include "suites.h"

/* Space 0 and space 1: range, remap, BAR, and its place in config space. */
static const struct space {
	unsigned int range;
	unsigned int remap;
	unsigned int bar;
	unsigned int config;
} spaces[] = {{LAS0RR, LAS0BA, 2, 0x18}, {LAS1RR, LAS1BA, 3, 0x1C}};

static void space_set(struct card *card, const struct space *space,
		      uint32_t range, uint32_t remap)
{
	reg_set(card, space->range, range);
	reg_set(card, space->remap, remap);
}

START_TEST(a_disabled_space_has_no_bar)
{
	struct card *card = card_new("engine=inline");
	const struct space *space = &spaces[_i];
	uint32_t flags;

	space_set(card, space, 0xFFFF0000, SRAM);
	config_set(card, space->config, 0xFFFFFFFF);
	ck_assert_uint_eq(config(card, space->config), 0);
	ck_assert_uint_eq(model_bar_size(card->model, space->bar, &flags), 0);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0, 32),
			  0xFFFFFFFF);
	card_free(card);
}
END_TEST

START_TEST(a_bar_sizes_as_its_range)
{
	static const uint32_t ranges[] = {0xFF000000, 0xFFFF0000, 0xFFFFFFF0,
					  0x80000000};
	struct card *card = card_new("engine=inline");
	unsigned int i, s;
	uint32_t flags;

	for (s = 0; s < 2; s++)
		for (i = 0; i < 4; i++) {
			space_set(card, &spaces[s], ranges[i], 1);
			config_set(card, spaces[s].config, 0xFFFFFFFF);
			ck_assert_uint_eq(config(card, spaces[s].config),
					  ranges[i]);
			ck_assert_uint_eq(model_bar_size(card->model,
							 spaces[s].bar, &flags),
					  (uint64_t)~ranges[i] + 1);
		}
	card_free(card);
}
END_TEST

START_TEST(type_bits_come_from_the_range_register)
{
	static const uint32_t types[] = {0x0, 0x1, 0x2, 0x4, 0x8};
	struct card *card = card_new("engine=inline");
	const struct space *space = &spaces[_i];
	uint32_t flags = 0;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		space_set(card, space, 0xFFFFFF00 | types[i], SRAM | 1);
		ck_assert_uint_eq(config(card, space->config) & 0xF, types[i]);
		model_bar_size(card->model, space->bar, &flags);
		ck_assert_uint_eq(flags & 9, types[i] & 9);
	}
	card_free(card);
}
END_TEST

START_TEST(a_window_shows_the_remapped_local_address)
{
	struct card *card = card_new("engine=inline");
	const struct space *space = &spaces[_i];

	space_set(card, space, 0xFFFF0000, (SRAM + 0x30000) | 1);
	local32_set(card, SRAM + 0x30010, 0xABCD1234);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0x10, 32),
			  0xABCD1234);
	model_bar_write(card->model, space->bar, 0xFFFC, 32, 0x55667788);
	ck_assert_uint_eq(local32(card, SRAM + 0x3FFFC), 0x55667788);
	card_free(card);
}
END_TEST

/* Only decoded address bits are replaced. */
START_TEST(remap_bits_below_the_range_do_not_count)
{
	struct card *card = card_new("engine=inline");
	const struct space *space = &spaces[_i];

	space_set(card, space, 0xFFFF0000, (SRAM + 0x31230) | 1);
	local32_set(card, SRAM + 0x30010, 0xABCD1234);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0x10, 32),
			  0xABCD1234);
	card_free(card);
}
END_TEST

START_TEST(windows_take_bytes_and_words)
{
	struct card *card = card_new("engine=inline");
	const struct space *space = &spaces[_i];

	space_set(card, space, 0xFFFF0000, SRAM | 1);
	local32_set(card, SRAM + 8, 0x44332211);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 9, 8), 0x22);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 10, 16),
			  0x4433);
	model_bar_write(card->model, space->bar, 11, 8, 0xEE);
	model_bar_write(card->model, space->bar, 8, 16, 0xBBAA);
	ck_assert_uint_eq(local32(card, SRAM + 8), 0xEE33BBAA);
	card_free(card);
}
END_TEST

START_TEST(an_io_space_needs_io_enable_a_memory_space_memory_enable)
{
	struct card *card = card_new("engine=inline,command_decode=on");
	const struct space *space = &spaces[_i];

	local32_set(card, SRAM, 0x12345678);
	space_set(card, space, 0xFFFFFF01, SRAM | 1);
	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0, 32),
			  0xFFFFFFFF);
	config16_set(card, PCI_COMMAND, COMMAND_IO | COMMAND_MEMORY);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0, 32),
			  0x12345678);
	space_set(card, space, 0xFFFFFF00, SRAM | 1);
	config16_set(card, PCI_COMMAND, COMMAND_IO);
	ck_assert_uint_eq(model_bar_read(card->model, space->bar, 0, 32),
			  0xFFFFFFFF);
	card_free(card);
}
END_TEST

START_TEST(bar3_reads_0_in_i2o_mode)
{
	struct card *card = card_new("engine=inline");

	ck_assert_uint_eq(reg(card, LAS1BA) & 1, 1);
	config_set(card, 0x1C, 0xE0000000);
	reg8_set(card, QSR, 0x51);
	ck_assert_uint_eq(config(card, 0x1C), 0);
	reg8_set(card, QSR, 0x50);
	card_free(card);
}
END_TEST

START_TEST(in_i2o_mode_space_1_appears_at_bar0_behind_the_registers)
{
	struct card *card = card_new("engine=inline");

	space_set(card, &spaces[1], 0xFFFF0000, SRAM | 1);
	local32_set(card, SRAM + 0x1000, 0x13572468);
	reg8_set(card, QSR, 0x51);
	ck_assert_uint_eq(model_bar_read(card->model, 0, 0x1000, 32),
			  0x13572468);
	ck_assert_uint_eq(reg(card, PCIHIDR), 0x905410B5);
	card_free(card);
}
END_TEST

START_TEST(shifted_spaces_appear_at_bars_1_and_2)
{
	struct card *card = card_new("engine=inline");

	space_set(card, &spaces[0], 0xFFFF0000, SRAM | 1);
	space_set(card, &spaces[1], 0xFFFF0000, (SRAM + 0x10000) | 1);
	local32_set(card, SRAM + 4, 0x0000AAAA);
	local32_set(card, SRAM + 0x10004, 0x0000BBBB);
	reg8_set(card, LMISC, (reg8(card, LMISC) & ~3u) | 2);
	ck_assert_uint_eq(model_bar_read(card->model, 1, 4, 32), 0xAAAA);
	ck_assert_uint_eq(model_bar_read(card->model, 2, 4, 32), 0xBBBB);
	card_free(card);
}
END_TEST

START_TEST(local_accesses_through_windows_are_counted)
{
	struct card *card = card_new("engine=inline");
	struct model_counters before = counters(card);

	model_bar_read(card->model, 2, 0, 32);
	model_bar_write(card->model, 3, 0x28, 32, 1);
	ck_assert_uint_eq(counters(card).local_reads, before.local_reads + 1);
	ck_assert_uint_eq(counters(card).local_writes, before.local_writes + 1);
	card_free(card);
}
END_TEST

Suite *suite_space(void)
{
	Suite *suite = suite_create("space");
	TCase *tcase = tcase_create("windows");

#define EACH(test) tcase_add_loop_test(tcase, test, 0, 2)
	EACH(a_disabled_space_has_no_bar);
	tcase_add_test(tcase, a_bar_sizes_as_its_range);
	EACH(type_bits_come_from_the_range_register);
	EACH(a_window_shows_the_remapped_local_address);
	EACH(remap_bits_below_the_range_do_not_count);
	EACH(windows_take_bytes_and_words);
	EACH(an_io_space_needs_io_enable_a_memory_space_memory_enable);
	tcase_add_test(tcase, local_accesses_through_windows_are_counted);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("moves");
	tcase_add_test(tcase, bar3_reads_0_in_i2o_mode);
	tcase_add_test(
		tcase,
		in_i2o_mode_space_1_appears_at_bar0_behind_the_registers);
	tcase_add_test(tcase, shifted_spaces_appear_at_bars_1_and_2);
	suite_add_tcase(suite, tcase);
	return suite;
}
