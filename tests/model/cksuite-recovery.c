/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the chip shows of a failed transfer, and what it takes to recover
 * (chip ref. 4.2, 5.1, 5.2).  Every test runs with both engines.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

#define STATUS_ERRORS 0xF900u
#define NOBODY_WAS_MASTER                                                      \
	(INT_NOT_DIRECT_MASTER | INT_NOT_DMA(0) | INT_NOT_DMA(1) |             \
	 INT_NOT_RETRIES)

/* An engine of its own may need a moment. */
static uint16_t status_shown(struct card *card)
{
	uint64_t end = now_ns() + 5000000000u;

	while (!(config16(card, PCI_STATUS) & STATUS_ERRORS))
		if (now_ns() > end)
			break;
	return config16(card, PCI_STATUS) & STATUS_ERRORS;
}

static void wild_block(struct card *card, int channel)
{
	block_program(card, channel, MODE_MEMORY, WILD, SRAM, 64, TO_HOST);
	dma_start(card, channel);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	ck_assert(dma_hangs(card, channel));
}

static void wild_chain(struct card *card, int channel)
{
	descriptor(card, LIST, WILD, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, channel, MODE_MEMORY, LIST | DPR_PCI);
	dma_start(card, channel);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	ck_assert(dma_hangs(card, channel));
}

static void abort_and_clear(struct card *card, int channel)
{
	csr_set(card, channel, 0);
	csr_set(card, channel, CSR_ABORT);
	dma_done(card, channel);
	csr_set(card, channel, CSR_CLEAR_IRQ);
	config16_set(card, PCI_STATUS, STATUS_ERRORS);
}

/* CNTRL[30], then the reload by CNTRL[29]; Local Init is the EEPROM's. */
static void software_reset(struct card *card)
{
	uint32_t cntrl = reg(card, CNTRL) & 0x0FFFFFFF;

	reg_set(card, CNTRL, cntrl | 0x40000000);
	reg_set(card, CNTRL, cntrl);
	reg_set(card, CNTRL, cntrl | 0x20000000);
	reg_set(card, CNTRL, cntrl);
}

START_TEST(a_master_abort_shows_in_status_13_and_leaves_done_0)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	ck_assert(reg(card, INTCSR) & INT_ABORT_ACTIVE);
	ck_assert_uint_eq(counters(card).master_aborts, 1);
	card_free(card);
}
END_TEST

START_TEST(a_read_from_nowhere_is_a_master_abort_too)
{
	struct card *card = card_new("%s", engine(_i));

	block_program(card, 1, MODE_MEMORY, WILD, SRAM, 64, TO_CARD);
	dma_start(card, 1);
	ck_assert(dma_hangs(card, 1));
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	card_free(card);
}
END_TEST

START_TEST(a_target_abort_shows_in_status_12_and_leaves_done_0)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "target-abort@data:32");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(status_shown(card), STATUS_TARGET_ABORT);
	ck_assert(reg(card, INTCSR) & INT_ABORT_ACTIVE);
	ck_assert_uint_eq(counters(card).target_aborts, 1);
	card_free(card);
}
END_TEST

START_TEST(an_aborted_transfer_stays_in_progress_while_enabled)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	ck_assert_uint_eq(csr(card, 0), CSR_ENABLE);
	card_free(card);
}
END_TEST

START_TEST(an_aborted_chain_leaves_done_0)
{
	struct card *card = card_new("%s", engine(_i));

	wild_chain(card, 0);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	card_free(card);
}
END_TEST

START_TEST(a_descriptor_from_nowhere_is_a_master_abort)
{
	struct card *card = card_new("%s", engine(_i));

	chain_program(card, 0, MODE_MEMORY, WILD | DPR_PCI);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	ck_assert(!(reg(card, INTCSR) & INT_NOT_DMA(0)));
	card_free(card);
}
END_TEST

START_TEST(what_came_before_the_abort_has_arrived)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 0x1000, 1);
	memset(card->host, 0xEE, 0x2000);
	block_program(card, 0, MODE_MEMORY, HOST + HOST_SIZE - 0x800, SRAM,
		      0x1000, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert(sram_gave(card, SRAM, card->host + HOST_SIZE - 0x800, 0x800));
	card_free(card);
}
END_TEST

START_TEST(intcsr_tells_which_channel_was_master)
{
	struct card *card = card_new("%s", engine(_i));
	int ch;

	for (ch = 0; ch < 2; ch++) {
		wild_block(card, ch);
		ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
				  NOBODY_WAS_MASTER & ~INT_NOT_DMA(ch));
		abort_and_clear(card, ch);
	}
	card_free(card);
}
END_TEST

START_TEST(who_was_master_outlives_the_clearing_of_the_abort)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 1);
	abort_and_clear(card, 1);
	ck_assert_uint_eq(config16(card, PCI_STATUS) & STATUS_ERRORS, 0);
	ck_assert(!(reg(card, INTCSR) & INT_ABORT_ACTIVE));
	ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
			  NOBODY_WAS_MASTER & ~INT_NOT_DMA(1));
	card_free(card);
}
END_TEST

START_TEST(who_was_master_outlives_a_software_reset)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	abort_and_clear(card, 0);
	software_reset(card);
	ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
			  NOBODY_WAS_MASTER & ~INT_NOT_DMA(0));
	card_free(card);
}
END_TEST

START_TEST(writing_intcsr_does_not_change_who_was_master)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	reg_set(card, INTCSR, 0x0F000100);
	ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
			  NOBODY_WAS_MASTER & ~INT_NOT_DMA(0));
	card_free(card);
}
END_TEST

START_TEST(status_clears_by_writing_ones_and_only_there)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	config16_set(card, PCI_STATUS, STATUS_TARGET_ABORT);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	config16_set(card, PCI_STATUS, 0);
	ck_assert_uint_eq(status_shown(card), STATUS_MASTER_ABORT);
	config16_set(card, PCI_STATUS, STATUS_MASTER_ABORT);
	ck_assert_uint_eq(config16(card, PCI_STATUS) & STATUS_ERRORS, 0);
	card_free(card);
}
END_TEST

START_TEST(a_block_recovers_by_abort_and_clearing_status)
{
	struct card *card = card_new("%s", engine(_i));

	wild_block(card, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	config16_set(card, PCI_STATUS, STATUS_ERRORS);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	ck_assert_uint_eq(config16(card, PCI_STATUS) & STATUS_ERRORS, 0);
	card_free(card);
}
END_TEST

/* chip ref. 5.2 DN2, 11.2 item 5. */
START_TEST(a_chain_may_need_a_reset_to_recover)
{
	struct card *card =
		card_new("%s,chain_abort_needs_reset=on", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	wild_chain(card, 0);
	abort_and_clear(card, 0);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	sleep_ms(2);
	ck_assert(!sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(a_chain_that_needs_a_reset_recovers_by_it)
{
	struct card *card =
		card_new("%s,chain_abort_needs_reset=on", engine(_i));

	wild_chain(card, 0);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	software_reset(card);
	config16_set(card, PCI_STATUS, STATUS_ERRORS);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(a_chain_may_recover_by_abort_alone)
{
	struct card *card =
		card_new("%s,chain_abort_needs_reset=off", engine(_i));

	wild_chain(card, 0);
	abort_and_clear(card, 0);
	ck_assert(csr(card, 0) & CSR_DONE);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(the_other_channel_works_beside_a_crashed_one)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	wild_block(card, 0);
	ck_assert(block_memory(card, 1, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	card_free(card);
}
END_TEST

START_TEST(endless_retries_wait_for_ever)
{
	struct card *card = card_new("%s", engine(_i));

	fault(card, "retry@data:0");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(config16(card, PCI_STATUS) & STATUS_ERRORS, 0);
	ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
			  NOBODY_WAS_MASTER);
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(retries_may_be_taken_as_a_target_abort_after_256)
{
	struct card *card = card_new("%s", engine(_i));

	interrupt_enable(card, INT_TARGET_RETRIES);
	fault(card, "retry@data:0");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(status_shown(card), STATUS_TARGET_ABORT);
	ck_assert_uint_eq(reg(card, INTCSR) & NOBODY_WAS_MASTER,
			  NOBODY_WAS_MASTER & ~INT_NOT_DMA(0) &
				  ~INT_NOT_RETRIES);
	card_free(card);
}
END_TEST

START_TEST(a_parity_error_is_shown_and_the_transfer_goes_on)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	fault(card, "parity@data:16");
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert_uint_eq(status_shown(card), STATUS_PARITY);
	card_free(card);
}
END_TEST

START_TEST(with_parity_response_the_master_shows_it_too)
{
	struct card *card = card_new("%s", engine(_i));

	config16_set(card, PCI_COMMAND, COMMAND_ALL | COMMAND_PARITY);
	fault(card, "parity@data:16");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(status_shown(card),
			  STATUS_PARITY | STATUS_MASTER_PARITY);
	card_free(card);
}
END_TEST

Suite *suite_recovery(void)
{
	Suite *suite = suite_create("recovery");
	TCase *tcase = tcase_create("what shows");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(a_master_abort_shows_in_status_13_and_leaves_done_0);
	BOTH(a_read_from_nowhere_is_a_master_abort_too);
	BOTH(a_target_abort_shows_in_status_12_and_leaves_done_0);
	BOTH(an_aborted_transfer_stays_in_progress_while_enabled);
	BOTH(an_aborted_chain_leaves_done_0);
	BOTH(a_descriptor_from_nowhere_is_a_master_abort);
	BOTH(what_came_before_the_abort_has_arrived);
	BOTH(status_clears_by_writing_ones_and_only_there);
	BOTH(endless_retries_wait_for_ever);
	BOTH(retries_may_be_taken_as_a_target_abort_after_256);
	BOTH(a_parity_error_is_shown_and_the_transfer_goes_on);
	BOTH(with_parity_response_the_master_shows_it_too);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("sticky");
	tcase_set_timeout(tcase, 60);
	BOTH(intcsr_tells_which_channel_was_master);
	BOTH(who_was_master_outlives_the_clearing_of_the_abort);
	BOTH(who_was_master_outlives_a_software_reset);
	BOTH(writing_intcsr_does_not_change_who_was_master);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("recovery");
	tcase_set_timeout(tcase, 60);
	BOTH(a_block_recovers_by_abort_and_clearing_status);
	BOTH(a_chain_may_need_a_reset_to_recover);
	BOTH(a_chain_that_needs_a_reset_recovers_by_it);
	BOTH(a_chain_may_recover_by_abort_alone);
	BOTH(the_other_channel_works_beside_a_crashed_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
