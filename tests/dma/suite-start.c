/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register sequences, write by write (chip ref. 3.1 to 3.3), and how many of
 * them there may be: 8 for a block, 4 for a chain, 3 for the same chain again;
 * 7 and 6 on a 9080.  A start reads nothing.
 */
#include <check.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

#define G4 (UINT64_C(1) << 32)
#define L 0x20000000u
#define CHAIN 0x00100000u

#define WROTE(rig, ...) \
	do { \
		static const struct fake_access expected[] = { __VA_ARGS__ }; \
		ck_assert(fake_wrote((rig)->fake, expected, COUNT(expected))); \
		ck_assert_uint_eq((rig)->fake->csr_reads, 0); \
		ck_assert_uint_eq((rig)->fake->other_reads, 0); \
	} while (0)

static void run(struct rig *rig, struct dma_transfer *transfer)
{
	rig_runs(rig, transfer, PLXDMA_DONE);
	fake_forget(rig->fake);
}

START_TEST(a_block_is_seven_writes_in_the_books_order)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.offset = 0x1234;
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, BLOCK_QUIET), W(0x84, RIG_BUS + 0x1234),
	      W(0x88, L), W(0x8c, 256), W(0x90, 8), B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(to_card_clears_the_direction_bit)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.direction = PLXDMA_TO_CARD;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, BLOCK_QUIET), W(0x84, RIG_BUS), W(0x88, L),
	      W(0x8c, 256), W(0x90, 0), B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(channel_1_has_its_own_registers)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer_on(&rig, 1);
	rig_submit(transfer);
	WROTE(&rig, W(0x94, BLOCK_QUIET), W(0x98, RIG_BUS), W(0x9c, L),
	      W(0xa0, 256), W(0xa4, 8), B(0xa9, 1), B(0xa9, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_block_above_4_gib_is_eight_writes_at_most)
{
	static const uint64_t bus[] = { 5 * G4 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 1);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, BLOCK_QUIET), W(0xb4, 5), W(0x84, 0), W(0x88, L),
	      W(0x8c, 256), W(0x90, 8), B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(what_the_registers_hold_is_not_written_again)
{
	static const uint64_t bus[] = { 5 * G4 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 1);
	transfer = rig_transfer(&rig);
	run(&rig, transfer);
	rig_submit(transfer);
	WROTE(&rig, W(0x84, 0), W(0x88, L), W(0x8c, 256), W(0x90, 8),
	      B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(channel_1_has_its_own_upper_address)
{
	static const uint64_t bus[] = { 5 * G4 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 1);
	transfer = rig_transfer_on(&rig, 1);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_reg(rig.fake, 0xb8), 5);
	ck_assert_uint_eq(fake_reg(rig.fake, 0xb4), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(an_interrupt_is_asked_for_unless_somebody_polls)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.quiet = 0;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_reg(rig.fake, 0x80), BLOCK_EVENT);
	dma_channel_progress(rig.channel);
	dma_channel_take(rig.channel);
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 PLXDMA_WAIT_SPIN), 0);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_reg(rig.fake, 0x80), BLOCK_QUIET);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static const uint64_t scattered[] = { 0x10000000, 0x20000000 };

START_TEST(a_chain_is_four_writes_and_three_the_next_time)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", scattered, 2);
	rig.request.length = 8192;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, CHAIN_QUIET), W(0x90, CHAIN | 1), B(0xa8, 1),
	      B(0xa8, 3));
	dma_channel_progress(rig.channel);
	dma_channel_take(rig.channel);
	fake_forget(rig.fake);
	rig_submit(transfer);
	WROTE(&rig, W(0x90, CHAIN | 1), B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_9080_needs_three_registers_zeroed_before_a_chain)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9080, "fake:", scattered, 2);
	rig.request.length = 8192;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, CHAIN_QUIET), W(0x84, 0), W(0x88, 0), W(0x8c, 0),
	      W(0x90, CHAIN | 1), B(0xa8, 1), B(0xa8, 3));
	dma_channel_progress(rig.channel);
	dma_channel_take(rig.channel);
	fake_forget(rig.fake);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_writes(rig.fake), 6);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(any_chip_does_so_with_quirk_zero)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:quirk=zero", scattered, 2);
	rig.request.length = 8192;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_writes(rig.fake), 7);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

static const uint64_t high[] = { 5 * G4, 7 * G4 };

START_TEST(a_long_chain_leaves_dac_clean_for_the_next)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", high, 2);
	rig.request.length = 8192;
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	WROTE(&rig, W(0x80, DAC_QUIET), W(0x90, CHAIN | 1), B(0xa8, 1),
	      B(0xa8, 3));
	/* The last descriptor left its upper address in the register. */
	ck_assert_uint_eq(fake_reg(rig.fake, 0xb4), 7);
	dma_channel_progress(rig.channel);
	ck_assert_uint_eq(fake_reg(rig.fake, 0xb4), 0);
	dma_channel_take(rig.channel);
	fake_forget(rig.fake);
	rig_submit(transfer);
	WROTE(&rig, W(0x90, CHAIN | 1), B(0xa8, 1), B(0xa8, 3));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_chain_behind_another_finds_dac_cleaned_by_the_start)
{
	struct dma_transfer *one, *two;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", high, 2);
	rig.request.length = 8192;
	one = rig_transfer(&rig);
	two = rig_transfer(&rig);
	rig_submit(one);
	rig_submit(two);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_uint_eq(fake_writes(rig.fake), 4);
	ck_assert_uint_eq(rig.fake->log[0].offset, 0xb4);
	ck_assert_uint_eq(rig.fake->log[0].value, 0);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	dma_transfer_free(one);
	dma_transfer_free(two);
	rig_break(&rig);
}
END_TEST

START_TEST(a_chain_made_after_a_high_block_is_still_four_writes)
{
	struct dma_transfer *block, *chain;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", high, 2);
	block = rig_transfer(&rig);
	run(&rig, block);
	rig.request.length = 8192;
	chain = rig_transfer(&rig);
	ck_assert_uint_eq(fake_writes(rig.fake), 1);
	ck_assert_uint_eq(fake_reg(rig.fake, 0xb4), 0);
	fake_forget(rig.fake);
	rig_submit(chain);
	ck_assert_uint_eq(fake_writes(rig.fake), 4);
	dma_transfer_free(chain);
	dma_transfer_free(block);
	rig_break(&rig);
}
END_TEST

START_TEST(byte_order_is_changed_for_one_channel_and_only_when_it_differs)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.fake->regs[PLX_BIGEND] = 0;
	mode_init(&mode);
	mode.big_endian = 1;
	rig.request.mode = &mode;
	transfer = rig_transfer_on(&rig, 1);
	rig_submit(transfer);
	WROTE(&rig, W(0x94, BLOCK_QUIET), B(0x0c, 0x40), W(0x98, RIG_BUS),
	      W(0x9c, L), W(0xa0, 256), W(0xa4, 8), B(0xa9, 1), B(0xa9, 3));
	dma_transfer_free(transfer);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_uint_eq(rig.fake->regs[PLX_BIGEND], 0xc0);
	dma_channel_progress(rig.channel);
	dma_channel_take(rig.channel);
	fake_forget(rig.fake);
	rig_submit(transfer);
	ck_assert_uint_eq(fake_writes(rig.fake), 6);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(the_channels_mode_is_what_a_later_transfer_takes)
{
	struct dma_transfer *before, *after;
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	before = rig_transfer(&rig);
	mode_init(&mode);
	mode_set(&mode, PLXDMA_MODE_WIDTH, 16);
	ck_assert_int_eq(dma_channel_set_mode(rig.channel, &mode, NULL), 0);
	after = rig_transfer(&rig);
	run(&rig, before);
	ck_assert_uint_eq(fake_reg(rig.fake, 0x80), 0x1c3);
	run(&rig, after);
	ck_assert_uint_eq(fake_reg(rig.fake, 0x80), 0x1c1);
	dma_transfer_free(before);
	dma_transfer_free(after);
	rig_break(&rig);
}
END_TEST

START_TEST(the_driver_counts_its_own_accesses)
{
	struct plxdma_counters counters;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	run(&rig, transfer);
	run(&rig, transfer);
	dma_card_counters(rig.card, &counters);
	ck_assert_uint_eq(counters.reg_writes, 7 + 6);
	ck_assert_uint_ge(counters.reg_reads, 2);
	ck_assert_uint_eq(counters.transfers, 2);
	ck_assert_uint_eq(counters.bytes_to_host, 512);
	ck_assert_uint_eq(counters.bytes_to_card, 0);
	ck_assert_uint_eq(counters.faults, 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

Suite *start_suite(void)
{
	Suite *suite = suite_create("start");
	TCase *tcase = tcase_create("register sequences");

	tcase_add_test(tcase, a_block_is_seven_writes_in_the_books_order);
	tcase_add_test(tcase, to_card_clears_the_direction_bit);
	tcase_add_test(tcase, channel_1_has_its_own_registers);
	tcase_add_test(tcase, a_block_above_4_gib_is_eight_writes_at_most);
	tcase_add_test(tcase, what_the_registers_hold_is_not_written_again);
	tcase_add_test(tcase, channel_1_has_its_own_upper_address);
	tcase_add_test(tcase, an_interrupt_is_asked_for_unless_somebody_polls);
	tcase_add_test(tcase, a_chain_is_four_writes_and_three_the_next_time);
	tcase_add_test(tcase,
		       a_9080_needs_three_registers_zeroed_before_a_chain);
	tcase_add_test(tcase, any_chip_does_so_with_quirk_zero);
	tcase_add_test(tcase, a_long_chain_leaves_dac_clean_for_the_next);
	tcase_add_test(tcase,
		       a_chain_behind_another_finds_dac_cleaned_by_the_start);
	tcase_add_test(tcase,
		       a_chain_made_after_a_high_block_is_still_four_writes);
	tcase_add_test(
		tcase,
		byte_order_is_changed_for_one_channel_and_only_when_it_differs);
	tcase_add_test(tcase, the_channels_mode_is_what_a_later_transfer_takes);
	tcase_add_test(tcase, the_driver_counts_its_own_accesses);
	suite_add_tcase(suite, tcase);
	return suite;
}
