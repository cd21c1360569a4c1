/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a correct driver never does is counted, each by its name; what it does
 * is not.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

static struct card *busy_card(void)
{
	struct card *card = card_new("engine=inline,rate=1e5");

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	return card;
}

START_TEST(every_violation_has_a_name_of_its_own)
{
	unsigned int i, j;

	for (i = 0; i < MODEL_VIOLATIONS; i++) {
		const char *name =
			model_violation_name((enum model_violation)i);

		ck_assert_ptr_nonnull(name);
		ck_assert_uint_gt(strlen(name), 0);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(name, model_violation_name((
						       enum model_violation)j));
	}
}
END_TEST

START_TEST(programming_a_busy_channel_is_a_violation)
{
	static const unsigned int registers[] = {DMAMODE, DMAPADR, DMALADR,
						 DMASIZ, DMADPR};
	struct card *card = busy_card();

	dma_set(card, 0, registers[_i], dma(card, 0, registers[_i]));
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_BUSY_CHANNEL), 1);
	ck_assert_uint_eq(violations_total(card), 1);
	card_free(card);
}
END_TEST

START_TEST(programming_the_other_channel_is_none)
{
	struct card *card = busy_card();

	dma_set(card, 1, DMAPADR, HOST);
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(starting_without_bus_mastering_is_a_violation)
{
	struct card *card = card_new("engine=inline");

	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_NO_MASTER), 1);
	ck_assert_uint_eq(violations_total(card), 1);
	card_free(card);
}
END_TEST

START_TEST(unmapping_under_a_running_transfer_is_a_violation)
{
	struct card *card = busy_card();

	model_unmap(card->model, HOST, HOST_SIZE);
	ck_assert_uint_ge(violations(card, MODEL_VIOLATION_EXIT_BUSY), 1);
	card_free(card);
}
END_TEST

START_TEST(unmapping_after_done_is_none)
{
	struct card *card = card_new("engine=inline");

	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	model_unmap(card->model, HOST, HOST_SIZE);
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(a_wild_address_is_a_violation)
{
	struct card *card = card_new("engine=inline");

	block_program(card, 0, MODE_MEMORY, WILD, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_WILD_ADDRESS), 1);
	ck_assert_uint_eq(violations_total(card), 1);
	card_free(card);
}
END_TEST

START_TEST(ones_in_reserved_bits_are_a_violation)
{
	struct card *card = card_new("engine=inline,chip=9054ac");

	dma_set(card, 0, DMASIZ, 0x01000000);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_RESERVED_BITS), 1);
	ck_assert_uint_eq(violations_total(card), 1);
	card_free(card);
}
END_TEST

/* Not touching them is impossible where a register also has status bits. */
START_TEST(writing_back_what_was_read_is_none)
{
	static const unsigned int registers[] = {
		LAS0RR,	 LAS0BA, MARBR,	 BIGEND, LBRD0,	 INTCSR, CNTRL, DMAMODE,
		DMAPADR, DMASIZ, DMADPR, DMATHR, LAS1RR, LAS1BA, LBRD1};
	struct card *card = card_new("engine=inline");
	unsigned int i;

	for (i = 0; i < sizeof(registers) / sizeof(*registers); i++) {
		reg_set(card, registers[i], reg(card, registers[i]));
		ck_assert_msg(violations_total(card) == 0, "register %02X",
			      registers[i]);
	}
	card_free(card);
}
END_TEST

START_TEST(enable_and_start_at_once_is_a_violation)
{
	struct card *card = card_new("engine=inline,start_race=off");

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	csr_set(card, 0, CSR_ENABLE | CSR_START);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_ONE_STEP_START), 1);
	ck_assert_uint_eq(violations_total(card), 1);
	card_free(card);
}
END_TEST

START_TEST(starting_again_with_enable_still_set_is_none)
{
	struct card *card = card_new("engine=inline");

	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	csr_set(card, 0, CSR_ENABLE | CSR_START);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(a_misaligned_access_is_a_violation)
{
	struct card *card = card_new("engine=inline");

	model_bar_read(card->model, 0, MBOX2 + 1, 32);
	ck_assert_uint_ge(violations(card, MODEL_VIOLATION_BAD_ACCESS), 1);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_BAD_ACCESS),
			  violations_total(card));
	card_free(card);
}
END_TEST

START_TEST(an_access_behind_the_registers_breaks_nothing)
{
	struct card *card = card_new("engine=inline");

	model_bar_write(card->model, 0, 0xFFFFFFF0, 32, 0xFFFFFFFF);
	model_bar_read(card->model, 0, 0xFFFFFFFFFFFFFFFC, 32);
	model_bar_read(card->model, 0, 0x1000, 32);
	model_config_read(card->model, 0x1000, 32);
	model_bar_read(card->model, 9, 0, 32);
	model_bar_write(card->model, 2, 0x80000000, 32, 0);
	ck_assert_uint_eq(reg(card, PCIHIDR), 0x905410B5);
	card_free(card);
}
END_TEST

START_TEST(a_misaligned_dac_descriptor_is_a_violation)
{
	struct card *card = card_new("engine=inline");

	descriptor_dac(card, LIST + 16, HOST, SRAM, 64,
		       DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY | MODE_DAC, (LIST + 16) | DPR_PCI);
	dma_start(card, 0);
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_BAD_DESCRIPTOR), 1);
	card_free(card);
}
END_TEST

/* Without a rate nothing would ever end it. */
START_TEST(an_endless_chain_is_ended_and_counted)
{
	struct card *card = card_new("%s", engine(_i));
	uint64_t end = now_ns() + 5000000000u;

	descriptor(card, LIST, HOST, SRAM, 0, LIST | DPR_PCI | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, 0);
	while (!violations(card, MODEL_VIOLATION_BAD_DESCRIPTOR) &&
	       now_ns() < end)
		ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert_uint_ge(violations(card, MODEL_VIOLATION_BAD_DESCRIPTOR), 1);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(a_driver_without_fault_has_no_violation)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		interrupt_enable(card, INT_DMA(ch));
		ck_assert(block(card, ch,
				MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
				HOST, SRAM, 1000, TO_HOST));
		csr_set(card, ch, CSR_ENABLE | CSR_CLEAR_IRQ);
		descriptor(card, LIST, HOST, SRAM, 64,
			   (LIST + 16) | DPR_PCI | TO_HOST);
		descriptor(card, LIST + 16, HOST + 64, SRAM + 64, 64,
			   DPR_PCI | DPR_END | TO_HOST);
		ck_assert(chain(card, ch,
				MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
				LIST | DPR_PCI));
		csr_set(card, ch, CSR_CLEAR_IRQ);
	}
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

Suite *suite_violation(void)
{
	Suite *suite = suite_create("violation");
	TCase *tcase = tcase_create("counted");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_violation_has_a_name_of_its_own);
	tcase_add_loop_test(tcase, programming_a_busy_channel_is_a_violation, 0,
			    5);
	tcase_add_test(tcase, starting_without_bus_mastering_is_a_violation);
	tcase_add_test(tcase,
		       unmapping_under_a_running_transfer_is_a_violation);
	tcase_add_test(tcase, a_wild_address_is_a_violation);
	tcase_add_test(tcase, ones_in_reserved_bits_are_a_violation);
	tcase_add_test(tcase, enable_and_start_at_once_is_a_violation);
	tcase_add_test(tcase, a_misaligned_access_is_a_violation);
	tcase_add_test(tcase, a_misaligned_dac_descriptor_is_a_violation);
	tcase_add_loop_test(tcase, an_endless_chain_is_ended_and_counted, 0,
			    ENGINES);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("not counted");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, programming_the_other_channel_is_none);
	tcase_add_test(tcase, unmapping_after_done_is_none);
	tcase_add_test(tcase, writing_back_what_was_read_is_none);
	tcase_add_test(tcase, starting_again_with_enable_still_set_is_none);
	tcase_add_test(tcase, an_access_behind_the_registers_breaks_nothing);
	tcase_add_loop_test(tcase, a_driver_without_fault_has_no_violation, 0,
			    ENGINES);
	suite_add_tcase(suite, tcase);
	return suite;
}
