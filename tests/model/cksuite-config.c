/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Configuration space: identity, command bits, BAR sizes, capabilities, power
 * states (chip ref. 1.1 to 1.5).
 */
#include "card.h"
#include "suites.h"

static const struct {
	const char *chip;
	uint32_t id;
	unsigned int bar0;
} kinds[] = {
	{"9054ac", 0x905410B5, 256}, {"9054ab", 0x905410B5, 256},
	{"9054aa", 0x905410B5, 256}, {"9080", 0x908010B5, 256},
	{"9056", 0x905610B5, 512},   {"9656", 0x965610B5, 512},
	{"8311", 0x905610B5, 512},
};
#define KINDS 7

START_TEST(the_permanent_id_tells_the_chip)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);

	ck_assert_uint_eq(reg(card, PCIHIDR), kinds[_i].id);
	card_free(card);
}
END_TEST

START_TEST(marbr_29_shows_the_subsystem_in_place_of_the_id)
{
	struct card *card = card_new("chip=%s,eeprom=none", kinds[_i].chip);
	uint32_t id = config(card, PCI_ID);

	reg_set(card, MARBR, reg(card, MARBR) | 0x20000000);
	ck_assert_uint_eq(config(card, PCI_ID), config(card, PCI_SUBSYSTEM));
	reg_set(card, MARBR, reg(card, MARBR) & ~0x20000000u);
	ck_assert_uint_eq(config(card, PCI_ID), id);
	card_free(card);
}
END_TEST

START_TEST(command_15_to_9_read_0)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);

	config16_set(card, PCI_COMMAND, 0xFFFF);
	ck_assert_uint_eq(config16(card, PCI_COMMAND), 0x0157);
	card_free(card);
}
END_TEST

/* chip ref. 1.5; open 2. */
START_TEST(intx_disable_is_a_switch)
{
	struct card *off = card_new("intx_disable=off");
	struct card *on = card_new("intx_disable=on");

	config16_set(off, PCI_COMMAND, 0x0407);
	config16_set(on, PCI_COMMAND, 0x0407);
	ck_assert_uint_eq(config16(off, PCI_COMMAND), 0x0007);
	ck_assert_uint_eq(config16(on, PCI_COMMAND), 0x0407);
	card_free(on);
	card_free(off);
}
END_TEST

START_TEST(intx_disable_keeps_inta_down)
{
	struct card *card = card_new("engine=inline,intx_disable=on");

	interrupt_enable(card, INT_DOORBELL);
	local_reg_set(card, L2PDBELL, 1);
	ck_assert_int_eq(model_intx(card->model), 1);
	config16_set(card, PCI_COMMAND, 0x0407);
	ck_assert_int_eq(model_intx(card->model), 0);
	config16_set(card, PCI_COMMAND, 0x0007);
	ck_assert_int_eq(model_intx(card->model), 1);
	card_free(card);
}
END_TEST

static uint32_t sized(struct card *card, unsigned int bar)
{
	uint32_t before = config(card, PCI_BAR0 + 4 * bar), found;

	config_set(card, PCI_BAR0 + 4 * bar, 0xFFFFFFFF);
	found = config(card, PCI_BAR0 + 4 * bar);
	config_set(card, PCI_BAR0 + 4 * bar, before);
	return found;
}

START_TEST(bar0_sizes_as_memory_for_the_registers)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);
	uint32_t flags = 0;

	ck_assert_uint_eq(sized(card, 0), ~(kinds[_i].bar0 - 1));
	ck_assert_uint_eq(model_bar_size(card->model, 0, &flags),
			  kinds[_i].bar0);
	ck_assert_uint_eq(flags, 0);
	card_free(card);
}
END_TEST

START_TEST(bar1_sizes_as_io_for_the_registers)
{
	struct card *card = card_new("chip=9054ac");
	uint32_t flags = 0;

	ck_assert_uint_eq(sized(card, 1), 0xFFFFFF01);
	ck_assert_uint_eq(model_bar_size(card->model, 1, &flags), 256);
	ck_assert_uint_eq(flags & 1, 1);
	card_free(card);
}
END_TEST

START_TEST(bars_4_and_5_do_not_exist)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);
	uint32_t flags;

	ck_assert_uint_eq(sized(card, 4), 0);
	ck_assert_uint_eq(sized(card, 5), 0);
	ck_assert_uint_eq(model_bar_size(card->model, 4, &flags), 0);
	card_free(card);
}
END_TEST

START_TEST(bars_keep_what_is_assigned)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);

	config_set(card, PCI_BAR0, 0xFEB01200);
	config_set(card, PCI_BAR0 + 4, 0x0000C001);
	ck_assert_uint_eq(config(card, PCI_BAR0), 0xFEB01200);
	ck_assert_uint_eq(config(card, PCI_BAR0 + 4), 0x0000C001);
	card_free(card);
}
END_TEST

START_TEST(capabilities_are_power_hot_swap_and_vpd)
{
	struct card *card = card_new("chip=9054ac");

	ck_assert_uint_eq(config(card, 0x34) & 0xFF, 0x40);
	ck_assert_uint_eq(config16(card, 0x40), 0x4801);
	ck_assert_uint_eq(config16(card, 0x48), 0x4C06);
	ck_assert_uint_eq(config16(card, 0x4C), 0x0003);
	ck_assert(config16(card, PCI_STATUS) & 0x10);
	card_free(card);
}
END_TEST

START_TEST(a_9080_has_no_capabilities)
{
	struct card *card = card_new("chip=9080");
	unsigned int offset;

	ck_assert(!(config16(card, PCI_STATUS) & 0x10));
	for (offset = 0x34; offset < 0x54; offset += 4)
		if (offset != PCI_LINE)
			ck_assert_uint_eq(config(card, offset), 0);
	card_free(card);
}
END_TEST

START_TEST(status_tells_66_mhz_on_a_9056_only)
{
	struct card *card = card_new("chip=%s", kinds[_i].chip);
	bool newer = kinds[_i].bar0 == 512;

	ck_assert_int_eq(!!(config16(card, PCI_STATUS) & 0x20), newer);
	card_free(card);
}
END_TEST

START_TEST(without_memory_enable_bar0_does_not_answer)
{
	struct card *card = card_new("engine=inline,command_decode=on");

	reg_set(card, MBOX2, 0x12345678);
	config16_set(card, PCI_COMMAND, 0);
	ck_assert_uint_eq(reg(card, MBOX2), 0xFFFFFFFF);
	reg_set(card, MBOX2, 0);
	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	ck_assert_uint_eq(reg(card, MBOX2), 0x12345678);
	card_free(card);
}
END_TEST

START_TEST(without_io_enable_bar1_does_not_answer)
{
	struct card *card = card_new("engine=inline,command_decode=on");

	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	ck_assert_uint_eq(model_bar_read(card->model, 1, PCIHIDR, 32),
			  0xFFFFFFFF);
	config16_set(card, PCI_COMMAND, COMMAND_IO);
	ck_assert_uint_eq(model_bar_read(card->model, 1, PCIHIDR, 32),
			  0x905410B5);
	card_free(card);
}
END_TEST

START_TEST(registers_read_all_ones_while_powered_down)
{
	struct card *card = card_new("chip=9054ac");

	reg_set(card, MBOX2, 0x12345678);
	config16_set(card, PCI_PMCSR, 3);
	ck_assert_uint_eq(reg(card, INTCSR), 0xFFFFFFFF);
	config16_set(card, PCI_PMCSR, 0);
	ck_assert_uint_ne(reg(card, INTCSR), 0xFFFFFFFF);
	card_free(card);
}
END_TEST

START_TEST(power_states_keep_what_the_registers_hold)
{
	struct card *card = card_new("chip=9054ac");

	config_set(card, PCI_BAR0, 0xFEB01200);
	reg_set(card, MBOX2, 0x12345678);
	config16_set(card, PCI_PMCSR, 3);
	ck_assert_uint_eq(config16(card, PCI_PMCSR) & 3, 3);
	config16_set(card, PCI_PMCSR, 0);
	ck_assert_uint_eq(reg(card, MBOX2), 0x12345678);
	ck_assert_uint_eq(config(card, PCI_BAR0), 0xFEB01200);
	card_free(card);
}
END_TEST

/* chip ref. 2.3 INTCSR[2], 1.4. */
START_TEST(a_local_system_error_is_signalled_with_its_enable)
{
	struct card *card = card_new("engine=inline");

	config16_set(card, PCI_COMMAND, COMMAND_ALL | 0x0100);
	interrupt_enable(card, 0x00000004);
	ck_assert_uint_eq(config16(card, PCI_STATUS) & 0x4000, 0x4000);
	config16_set(card, PCI_STATUS, 0x4000);
	interrupt_enable(card, 0x00000004);
	ck_assert_uint_eq(config16(card, PCI_STATUS) & 0x4000, 0);
	card_free(card);
}
END_TEST

START_TEST(lmisc_0_takes_bar1_away)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	uint32_t flags;

	reg8_set(card, LMISC, reg8(card, LMISC) & ~1u);
	ck_assert_uint_eq(model_bar_size(card->model, 1, &flags), 0);
	config_set(card, PCI_BAR0 + 4, 0xFFFFFFFF);
	ck_assert_uint_eq(config(card, PCI_BAR0 + 4), 0);
	reg8_set(card, LMISC, reg8(card, LMISC) | 1u);
	ck_assert_uint_eq(model_bar_size(card->model, 1, &flags), 256);
	card_free(card);
}
END_TEST

START_TEST(configuration_accesses_are_counted)
{
	struct card *card = card_new("engine=inline");
	struct model_counters before = counters(card);

	config(card, PCI_ID);
	config16_set(card, PCI_COMMAND, COMMAND_ALL);
	ck_assert_uint_eq(counters(card).config_reads, before.config_reads + 1);
	ck_assert_uint_eq(counters(card).config_writes,
			  before.config_writes + 1);
	card_free(card);
}
END_TEST

Suite *suite_config(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = tcase_create("identity");

#define EVERY(test) tcase_add_loop_test(tcase, test, 0, KINDS)
	EVERY(the_permanent_id_tells_the_chip);
	EVERY(marbr_29_shows_the_subsystem_in_place_of_the_id);
	EVERY(status_tells_66_mhz_on_a_9056_only);
	tcase_add_test(tcase, capabilities_are_power_hot_swap_and_vpd);
	tcase_add_test(tcase, a_9080_has_no_capabilities);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("command");
	EVERY(command_15_to_9_read_0);
	tcase_add_test(tcase, intx_disable_is_a_switch);
	tcase_add_test(tcase, intx_disable_keeps_inta_down);
	tcase_add_test(tcase, without_memory_enable_bar0_does_not_answer);
	tcase_add_test(tcase, without_io_enable_bar1_does_not_answer);
	tcase_add_test(tcase, registers_read_all_ones_while_powered_down);
	tcase_add_test(tcase, power_states_keep_what_the_registers_hold);
	tcase_add_test(tcase,
		       a_local_system_error_is_signalled_with_its_enable);
	tcase_add_test(tcase, configuration_accesses_are_counted);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("bars");
	EVERY(bar0_sizes_as_memory_for_the_registers);
	tcase_add_test(tcase, bar1_sizes_as_io_for_the_registers);
	EVERY(bars_4_and_5_do_not_exist);
	tcase_add_test(tcase, lmisc_0_takes_bar1_away);
	EVERY(bars_keep_what_is_assigned);
	suite_add_tcase(suite, tcase);
	return suite;
}
