/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Software reset and EEPROM reload: what survives, what is lost, and the
 * sequences that drivers write (chip ref. 5.3; open 8).
 */
#include <string.h>

#include "channel.h"
#include "eeprom.h"
#include "suites.h"

#define RESET  0x40000000u
#define RELOAD 0x20000000u

static void reset_on(struct card *card)
{
	reg_set(card, CNTRL, reg(card, CNTRL) | RESET);
}

static void reset_off(struct card *card)
{
	reg_set(card, CNTRL, reg(card, CNTRL) & ~RESET);
}

static void reset(struct card *card)
{
	reset_on(card);
	reset_off(card);
}

START_TEST(a_reset_leaves_configuration_space_alone)
{
	struct card *card = card_new("engine=inline");

	config_set(card, PCI_BAR0, 0xFEB00000);
	model_config_write(card->model, 0x0D, 8, 0x80);
	model_config_write(card->model, PCI_LINE, 8, 11);
	reset(card);
	ck_assert_uint_eq(config(card, PCI_BAR0) & 0xFFFFFF00, 0xFEB00000);
	ck_assert_uint_eq(model_config_read(card->model, 0x0D, 8), 0x80);
	ck_assert_uint_eq(model_config_read(card->model, PCI_LINE, 8), 11);
	ck_assert_uint_eq(config16(card, PCI_COMMAND), COMMAND_ALL);
	card_free(card);
}
END_TEST

START_TEST(a_reset_leaves_mailboxes_and_interrupt_enables_alone)
{
	struct card *card = card_new("engine=inline");
	uint32_t intcsr = 0x000C0F00;

	reg_set(card, MBOX2, 0x12345678);
	reg_set(card, INTCSR, intcsr);
	reset(card);
	ck_assert_uint_eq(reg(card, MBOX2), 0x12345678);
	ck_assert_uint_eq(reg(card, INTCSR) & 0x000F1F0F, intcsr);
	card_free(card);
}
END_TEST

START_TEST(a_reset_disables_the_local_spaces)
{
	struct card *card = card_new("engine=inline");

	config_set(card, 0x18, 0xE0000000);
	config_set(card, 0x1C, 0xE8000000);
	ck_assert_uint_ne(config(card, 0x18), 0);
	reset(card);
	ck_assert_uint_eq(reg(card, LAS0BA) & 1, 0);
	ck_assert_uint_eq(reg(card, LAS1BA) & 1, 0);
	ck_assert_uint_eq(config(card, 0x18), 0);
	ck_assert_uint_eq(config(card, 0x1C), 0);
	card_free(card);
}
END_TEST

/* RST# of the bus, which no driver writes. */
START_TEST(a_bus_reset_leaves_nothing_of_before)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));
	struct model *fresh;

	ck_assert_int_eq(model_new("engine=inline", &fresh, NULL), 0);
	config_set(card, PCI_BAR0, 0xFEB00000);
	model_config_write(card->model, PCI_LINE, 8, 11);
	interrupt_enable(card, INT_PCI | INT_DMA(0));
	reg_set(card, MBOX2, 0x12345678);
	reg_set(card, LAS0BA, 0);
	reg_set(card, DMAMODE, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA);
	reg_set(card, DMAPADR, HOST);
	reg_set(card, DMALADR, PATTERN);
	reg_set(card, DMASIZ, 65536);
	reg_set(card, DMADPR, DPR_TO_HOST);
	reg8_set(card, DMACSR, CSR_ENABLE);
	reg8_set(card, DMACSR, CSR_ENABLE | CSR_START);
	model_reset(card->model);
	for (unsigned int offset = 0; offset < 64; offset += 4)
		ck_assert_uint_eq(config(card, offset),
				  model_config_read(fresh, offset, 32));
	for (unsigned int offset = 0; offset < 0x100; offset += 4)
		ck_assert_uint_eq(reg(card, offset),
				  model_bar_read(fresh, 0, offset, 32));
	ck_assert_int_eq(model_intx(card->model), 0);
	model_free(fresh);
	card_free(card);
}
END_TEST

START_TEST(a_reset_may_take_the_dma_registers)
{
	struct card *card = card_new("engine=inline,reset_scope=dma");

	dma_set(card, 0, DMAPADR, 0x1234);
	dma_set(card, 1, DMASIZ, 0x5678);
	reset(card);
	ck_assert_uint_eq(dma(card, 0, DMAPADR), 0);
	ck_assert_uint_eq(dma(card, 1, DMASIZ), 0);
	ck_assert_uint_eq(csr(card, 0), CSR_DONE);
	card_free(card);
}
END_TEST

START_TEST(a_reset_may_leave_the_dma_registers)
{
	struct card *card = card_new("engine=inline,reset_scope=local");

	dma_set(card, 0, DMAPADR, 0x1234);
	dma_set(card, 1, DMASIZ, 0x5678);
	reset(card);
	ck_assert_uint_eq(dma(card, 0, DMAPADR), 0x1234);
	ck_assert_uint_eq(dma(card, 1, DMASIZ), 0x5678);
	card_free(card);
}
END_TEST

START_TEST(a_reset_ends_a_running_transfer)
{
	struct card *card = card_new("%s,rate=1e6,reset_scope=dma", engine(_i));
	uint8_t before[64];

	sram_fill(card, SRAM, 0x10000, 1);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	sleep_ms(2);
	reset(card);
	ck_assert(dma_done(card, 0));
	memset(card->host, 0xEE, 0x10000);
	memcpy(before, card->host, sizeof(before));
	sleep_ms(10);
	ck_assert(all_bytes_are(card->host, 0x10000, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(the_chip_answers_pci_while_held_in_reset)
{
	struct card *card = card_new("engine=inline");

	reset_on(card);
	reg_set(card, MBOX2, 0x600D600D);
	ck_assert_uint_eq(reg(card, MBOX2), 0x600D600D);
	ck_assert_uint_eq(config(card, PCI_ID) & 0xFFFF, 0x10B5);
	ck_assert(reg(card, CNTRL) & RESET);
	card_free(card);
}
END_TEST

START_TEST(the_local_side_is_not_answered_while_held_in_reset)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, MBOX2, 0x11111111);
	reset_on(card);
	local_reg_set(card, MBOX2, 0x22222222);
	ck_assert_uint_eq(reg(card, MBOX2), 0x11111111);
	card_free(card);
}
END_TEST

START_TEST(only_the_host_ends_a_reset)
{
	struct card *card = card_new("engine=inline");

	reset_on(card);
	local_reg_set(card, CNTRL, 0x000F767E);
	ck_assert(reg(card, CNTRL) & RESET);
	reset_off(card);
	ck_assert(!(reg(card, CNTRL) & RESET));
	card_free(card);
}
END_TEST

START_TEST(a_reload_brings_the_local_spaces_back)
{
	struct card *card = card_new("engine=inline");
	uint32_t range = reg(card, LAS0RR), remap = reg(card, LAS0BA);

	reset(card);
	reg_set(card, LAS0RR, 0xFFFF0000);
	prom_reload(card);
	ck_assert_uint_eq(reg(card, LAS0RR), range);
	ck_assert_uint_eq(reg(card, LAS0BA), remap);
	ck_assert_uint_eq(remap & 1, 1);
	card_free(card);
}
END_TEST

START_TEST(a_reload_destroys_the_interrupt_line)
{
	struct card *card = card_new("engine=inline");

	model_config_write(card->model, PCI_LINE, 8, 0x0B);
	prom_reload(card);
	ck_assert_uint_ne(model_config_read(card->model, PCI_LINE, 8), 0x0B);
	card_free(card);
}
END_TEST

START_TEST(bars_2_and_3_are_lost_by_reset_and_reload)
{
	struct card *card = card_new("engine=inline");

	config_set(card, 0x18, 0xE0000000);
	config_set(card, 0x1C, 0xE8000000);
	reset(card);
	prom_reload(card);
	ck_assert_uint_eq(config(card, 0x18) & 0xFFFFFFF0, 0);
	ck_assert_uint_eq(config(card, 0x1C) & 0xFFFFFFF0, 0);
	card_free(card);
}
END_TEST

START_TEST(a_reload_does_not_touch_interrupt_enables)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, INTCSR, 0x000C0B00);
	prom_reload(card);
	ck_assert_uint_eq(reg(card, INTCSR) & 0x000F1F0F, 0x000C0B00);
	card_free(card);
}
END_TEST

START_TEST(the_rising_edge_reloads)
{
	struct card *card = card_new("engine=inline");
	uint32_t cntrl = reg(card, CNTRL), range = reg(card, LAS0RR);

	reg_set(card, CNTRL, cntrl | RELOAD);
	reg_set(card, LAS0RR, 0xFFFF0000);
	reg_set(card, CNTRL, cntrl | RELOAD);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFFF0000);
	reg_set(card, CNTRL, cntrl);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFFF0000);
	reg_set(card, CNTRL, cntrl | RELOAD);
	ck_assert_uint_eq(reg(card, LAS0RR), range);
	card_free(card);
}
END_TEST

START_TEST(without_an_eeprom_a_reload_leaves_defaults)
{
	struct card *card = card_new("engine=inline,eeprom=none");

	reg_set(card, LAS0BA, 0x20000001);
	reset(card);
	prom_reload(card);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFF00000);
	ck_assert_uint_eq(reg(card, LAS0BA), 0);
	card_free(card);
}
END_TEST

START_TEST(byte_writes_to_6f_reset_and_reload)
{
	struct card *card = card_new("engine=inline");
	uint32_t range = reg(card, LAS0RR);
	int i;

	reg_set(card, LAS0RR, 0xFFFF0000);
	reg8_set(card, 0x6F, 0x40);
	reg8_set(card, 0x6F, 0x00);
	reg8_set(card, 0x6F, 0x20);
	for (i = 0; i < 1000 && reg(card, LAS0RR) == 0; i++)
		sleep_ms(1);
	reg8_set(card, 0x6F, 0x00);
	ck_assert_uint_eq(reg(card, LAS0RR), range);
	ck_assert_uint_eq(reg(card, LAS0BA) & 1, 1);
	card_free(card);
}
END_TEST

START_TEST(word_writes_to_6e_reset_and_reload)
{
	static const uint16_t words[] = {0x440F, 0x040F, 0x240F, 0x040F};
	struct card *card = card_new("engine=inline");
	uint32_t range = reg(card, LAS0RR);
	unsigned int i;

	reg_set(card, LAS0RR, 0xFFFF0000);
	for (i = 0; i < 4; i++)
		model_bar_write(card->model, 0, CNTRL + 2, 16, words[i]);
	ck_assert_uint_eq(reg(card, LAS0RR), range);
	card_free(card);
}
END_TEST

START_TEST(dma_works_after_reset_reload_and_restore)
{
	struct card *card = card_new("%s", engine(_i));

	reset(card);
	prom_reload(card);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

Suite *suite_reset(void)
{
	Suite *suite = suite_create("reset");
	TCase *tcase = tcase_create("reset");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_reset_leaves_configuration_space_alone);
	tcase_add_test(tcase,
		       a_reset_leaves_mailboxes_and_interrupt_enables_alone);
	tcase_add_test(tcase, a_reset_disables_the_local_spaces);
	tcase_add_loop_test(tcase, a_bus_reset_leaves_nothing_of_before, 0,
			    ENGINES);
	tcase_add_test(tcase, a_reset_may_take_the_dma_registers);
	tcase_add_test(tcase, a_reset_may_leave_the_dma_registers);
	tcase_add_loop_test(tcase, a_reset_ends_a_running_transfer, 0, ENGINES);
	tcase_add_test(tcase, the_chip_answers_pci_while_held_in_reset);
	tcase_add_test(tcase,
		       the_local_side_is_not_answered_while_held_in_reset);
	tcase_add_test(tcase, only_the_host_ends_a_reset);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("reload");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_reload_brings_the_local_spaces_back);
	tcase_add_test(tcase, a_reload_destroys_the_interrupt_line);
	tcase_add_test(tcase, bars_2_and_3_are_lost_by_reset_and_reload);
	tcase_add_test(tcase, a_reload_does_not_touch_interrupt_enables);
	tcase_add_test(tcase, the_rising_edge_reloads);
	tcase_add_test(tcase, without_an_eeprom_a_reload_leaves_defaults);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("sequences");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, byte_writes_to_6f_reset_and_reload);
	tcase_add_test(tcase, word_writes_to_6e_reset_and_reload);
	tcase_add_loop_test(tcase, dma_works_after_reset_reload_and_restore, 0,
			    ENGINES);
	suite_add_tcase(suite, tcase);
	return suite;
}
