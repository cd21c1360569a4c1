/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Injected faults: that they come where and as often as asked, and what they
 * look like.  Transfer tests run with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

static void start_block(struct card *card)
{
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 256, TO_HOST);
	dma_start(card, 0);
}

static void two_descriptors(struct card *card)
{
	descriptor(card, LIST, HOST, SRAM, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST + 64, SRAM + 64, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY, LIST | DPR_PCI);
}

static void start_interrupting(struct card *card)
{
	interrupt_enable(card, INT_DMA(0));
	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
			HOST, SRAM, 4, TO_HOST));
}

static bool stays_silent(struct card *card)
{
	sleep_ms(10);
	model_service(card->model);
	return !model_intx(card->model);
}

START_TEST(nonsense_is_refused_with_a_text)
{
	static const char *const nonsense[] = {
		"explode",	 "stuck@nowhere:1", "stuck@data:x",
		"stuck@data:1x", "stuck@data:1xy",  "master-abort@start:-1"};
	struct card *card = card_new("engine=inline");
	struct error error;
	unsigned int i;

	for (i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
		error.text[0] = '\0';
		ck_assert_msg(model_fault(card->model, nonsense[i], &error) < 0,
			      "'%s' is taken", nonsense[i]);
		ck_assert_msg(error.text[0], "'%s': no text", nonsense[i]);
	}
	card_free(card);
}
END_TEST

START_TEST(an_abort_at_byte_n_lets_n_bytes_through)
{
	struct card *card = card_new("%s", engine(_i));

	memset(card->host, 0xEE, 256);
	sram_fill(card, SRAM, 256, 1);
	fault(card, "master-abort@data:128");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, 128));
	ck_assert(all_bytes_are(card->host + 128, 128, 0xEE));
	ck_assert(config16(card, PCI_STATUS) & STATUS_MASTER_ABORT);
	card_free(card);
}
END_TEST

START_TEST(an_injected_abort_is_no_violation_of_the_driver)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "master-abort@data:128");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

START_TEST(an_abort_at_the_second_descriptor_lets_the_first_through)
{
	struct card *card = card_new("%s", engine(_i));

	memset(card->host, 0xEE, 128);
	sram_fill(card, SRAM, 128, 1);
	fault(card, "target-abort@descriptor:1");
	two_descriptors(card);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	ck_assert(all_bytes_are(card->host + 64, 64, 0xEE));
	ck_assert(config16(card, PCI_STATUS) & STATUS_TARGET_ABORT);
	card_free(card);
}
END_TEST

START_TEST(a_hanging_transfer_ends_by_abort)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "hang@data:64");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(config16(card, PCI_STATUS) & 0xF900, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(a_stuck_channel_ignores_abort)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "stuck@data:64");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

START_TEST(a_fault_fires_once_unless_told)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "hang@data:0");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	start_block(card);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

static int hangs_in_a_row(struct card *card, int limit)
{
	int count = 0;

	for (; count < limit; count++) {
		start_block(card);
		sleep_ms(1);
		if (csr(card, 0) & CSR_DONE)
			break;
		csr_set(card, 0, 0);
		csr_set(card, 0, CSR_ABORT);
		ck_assert(dma_done(card, 0));
	}
	return count;
}

START_TEST(a_fault_fires_as_often_as_asked)
{
	struct card *card = card_new("engine=inline");

	fault(card, "hang@data:0x3");
	ck_assert_int_eq(hangs_in_a_row(card, 10), 3);
	card_free(card);
}
END_TEST

START_TEST(a_count_of_0_is_for_ever_and_none_ends_it)
{
	struct card *card = card_new("engine=inline");

	fault(card, "hang@data:0x0");
	ck_assert_int_eq(hangs_in_a_row(card, 10), 10);
	fault(card, "none");
	ck_assert_int_eq(hangs_in_a_row(card, 10), 0);
	card_free(card);
}
END_TEST

START_TEST(a_fault_may_wait_for_the_nth_start)
{
	struct card *card = card_new("%s", engine(_i));
	int i;

	fault(card, "hang@start:2");
	for (i = 0; i < 2; i++) {
		start_block(card);
		ck_assert(dma_done(card, 0));
	}
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

START_TEST(faults_join)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "hang@start:0+hang@start:2");
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	start_block(card);
	ck_assert(dma_done(card, 0));
	start_block(card);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

START_TEST(faults_may_come_with_the_card_s_options)
{
	struct card *card = card_new("%s,fault=hang@data:0", engine(_i));

	start_block(card);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

START_TEST(a_lost_interrupt_leaves_done_without_inta)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "lost-irq@irq:0");
	start_interrupting(card);
	ck_assert(stays_silent(card));
	csr_set(card, 0, CSR_ENABLE | CSR_CLEAR_IRQ);
	start_interrupting(card);
	ck_assert(inta_comes(card));
	card_free(card);
}
END_TEST

/* Done without INTA# is a matter of moments, so a busy machine may miss it. */
static bool done_without_inta(struct card *card)
{
	bool silent;

	fault(card, "late-irq@irq:0");
	start_interrupting(card);
	silent = !model_intx(card->model);
	ck_assert(inta_comes(card));
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(0));
	csr_set(card, 0, CSR_ENABLE | CSR_CLEAR_IRQ);
	ck_assert(!model_intx(card->model));
	return silent;
}

START_TEST(a_late_interrupt_comes_after_done)
{
	struct card *card = card_new("%s", engine(_i));
	int i;

	for (i = 0; i < 50 && !done_without_inta(card); i++)
		;
	ck_assert_int_lt(i, 50);
	card_free(card);
}
END_TEST

START_TEST(a_storm_asserts_inta_without_any_status)
{
	struct card *card = card_new("engine=inline");

	fault(card, "storm@irq:0");
	interrupt_enable(card, INT_DOORBELL);
	local_reg_set(card, L2PDBELL, 1);
	reg_set(card, L2PDBELL, 1);
	ck_assert(inta_comes(card));
	ck_assert_uint_eq(reg(card, INTCSR) & 0x0060E000, 0);
	card_free(card);
}
END_TEST

START_TEST(a_card_that_is_gone_reads_all_ones)
{
	struct card *card = card_new("engine=inline");

	fault(card, "gone@start:0");
	start_block(card);
	ck_assert_uint_eq(reg(card, INTCSR), 0xFFFFFFFF);
	ck_assert_uint_eq(csr(card, 0), 0xFF);
	ck_assert_uint_eq(config(card, PCI_ID), 0xFFFFFFFF);
	ck_assert_uint_eq(model_bar_read(card->model, 2, 0, 16), 0xFFFF);
	card_free(card);
}
END_TEST

START_TEST(a_reset_by_somebody_else_takes_bars_and_interrupt_line)
{
	struct card *card = card_new("engine=inline");

	model_config_write(card->model, PCI_LINE, 8, 0x0B);
	config_set(card, PCI_BAR0 + 8, 0xE0000000);
	fault(card, "reset@start:0");
	start_block(card);
	sleep_ms(1);
	ck_assert(csr(card, 0) & CSR_DONE);
	ck_assert_uint_eq(config(card, PCI_BAR0 + 8) & 0xFFFFFFF0, 0);
	ck_assert_uint_ne(model_config_read(card->model, PCI_LINE, 8), 0x0B);
	card_free(card);
}
END_TEST

static uint64_t random_pattern(unsigned int seed)
{
	struct card *card = card_new("engine=inline,seed=%u,"
				     "fault=hang@random:4x0",
				     seed);
	uint64_t pattern = 0;
	int i;

	for (i = 0; i < 64; i++) {
		start_block(card);
		if (csr(card, 0) & CSR_DONE)
			continue;
		pattern |= 1ull << i;
		csr_set(card, 0, 0);
		csr_set(card, 0, CSR_ABORT);
	}
	card_free(card);
	return pattern;
}

START_TEST(random_faults_repeat_with_their_seed)
{
	uint64_t first = random_pattern(1);

	ck_assert_uint_ne(first, 0);
	ck_assert_uint_ne(first, UINT64_MAX);
	ck_assert_uint_eq(random_pattern(1), first);
	ck_assert_uint_ne(random_pattern(2), first);
}
END_TEST

Suite *suite_fault(void)
{
	Suite *suite = suite_create("fault");
	TCase *tcase = tcase_create("transfers");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(an_abort_at_byte_n_lets_n_bytes_through);
	BOTH(an_injected_abort_is_no_violation_of_the_driver);
	BOTH(an_abort_at_the_second_descriptor_lets_the_first_through);
	BOTH(a_hanging_transfer_ends_by_abort);
	BOTH(a_stuck_channel_ignores_abort);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("when");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, nonsense_is_refused_with_a_text);
	BOTH(a_fault_fires_once_unless_told);
	tcase_add_test(tcase, a_fault_fires_as_often_as_asked);
	tcase_add_test(tcase, a_count_of_0_is_for_ever_and_none_ends_it);
	BOTH(a_fault_may_wait_for_the_nth_start);
	BOTH(faults_join);
	BOTH(faults_may_come_with_the_card_s_options);
	tcase_add_test(tcase, random_faults_repeat_with_their_seed);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("interrupts");
	tcase_set_timeout(tcase, 60);
	BOTH(a_lost_interrupt_leaves_done_without_inta);
	BOTH(a_late_interrupt_comes_after_done);
	tcase_add_test(tcase, a_storm_asserts_inta_without_any_status);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("whole card");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_card_that_is_gone_reads_all_ones);
	tcase_add_test(tcase,
		       a_reset_by_somebody_else_takes_bars_and_interrupt_line);
	suite_add_tcase(suite, tcase);
	return suite;
}
