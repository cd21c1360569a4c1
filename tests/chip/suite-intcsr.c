/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which interrupts are ours (chip ref. 4.1, 4.3), with INTCSR's bits typed as
 * numbers from section 2.3.
 */
#include "chip/intcsr.h"
#include "suites.h"

#define GATE (1u << 8)
#define ROUTED (1u << 17)

#define DMA0 (1u << PLXDMA_IRQ_DMA0)
#define DMA1 (1u << PLXDMA_IRQ_DMA1)
#define DOORBELL (1u << PLXDMA_IRQ_DOORBELL)
#define LINT (1u << PLXDMA_IRQ_LINT)
#define ABORT (1u << PLXDMA_IRQ_ABORT)

static const struct {
	uint32_t intcsr, mode0, mode1;
	unsigned int sources;
} rows[] = {
	{ 0x0f010100, ROUTED, ROUTED, 0 },
	{ GATE | 1u << 9 | 1u << 13, 0, 0, DOORBELL },
	{ GATE | 1u << 13, 0, 0, 0 },
	{ GATE | 1u << 9, 0, 0, 0 },
	{ 1u << 9 | 1u << 13, 0, 0, 0 },
	{ GATE | 1u << 10 | 1u << 14, 0, 0, ABORT },
	{ GATE | 1u << 14, 0, 0, 0 },
	{ GATE | 1u << 11 | 1u << 15, 0, 0, LINT },
	{ GATE | 1u << 15, 0, 0, 0 },
	{ GATE | 1u << 18 | 1u << 21, ROUTED, 0, DMA0 },
	{ GATE | 1u << 18 | 1u << 21, 0, ROUTED, 0 },
	{ GATE | 1u << 19 | 1u << 21, ROUTED, ROUTED, 0 },
	{ GATE | 1u << 19 | 1u << 22, 0, ROUTED, DMA1 },
	{ GATE | 1u << 19 | 1u << 22, ROUTED, 0, 0 },
	{ GATE | 0xc0e00u | 0x60e000u, ROUTED, ROUTED,
	  DMA0 | DMA1 | DOORBELL | LINT | ABORT },
	{ UINT32_MAX, ROUTED, ROUTED, 0 },
	/* P2L doorbell, BIST, mailboxes: the local side's. */
	{ GATE | 0xf0900000u, ROUTED, ROUTED, 0 },
};

START_TEST(an_interrupt_is_ours_if_status_and_enable_say_so)
{
	ck_assert_msg(intcsr_sources(rows[_i].intcsr, rows[_i].mode0,
				     rows[_i].mode1) == rows[_i].sources,
		      "row %d: %#x", _i, rows[_i].intcsr);
}
END_TEST

START_TEST(each_source_has_its_enable)
{
	ck_assert_uint_eq(intcsr_enable_bit(PLXDMA_IRQ_DMA0), 1u << 18);
	ck_assert_uint_eq(intcsr_enable_bit(PLXDMA_IRQ_DMA1), 1u << 19);
	ck_assert_uint_eq(intcsr_enable_bit(PLXDMA_IRQ_DOORBELL), 1u << 9);
	ck_assert_uint_eq(intcsr_enable_bit(PLXDMA_IRQ_LINT), 1u << 11);
	ck_assert_uint_eq(intcsr_enable_bit(PLXDMA_IRQ_ABORT), 1u << 10);
	ck_assert_uint_eq(intcsr_enable_bit((enum plxdma_irq_source)5), 0);
}
END_TEST

START_TEST(what_is_written_back_never_clears_a_status)
{
	ck_assert_uint_eq(intcsr_change(UINT32_MAX, 0, 0) & 0xf0, 0);
	ck_assert_uint_eq(intcsr_change(0, UINT32_MAX, 0) & 0xf0, 0);
	ck_assert_uint_eq(intcsr_change(UINT32_MAX, 0, 0), 0x000f1f0f);
}
END_TEST

START_TEST(a_change_sets_and_clears_what_it_says)
{
	ck_assert_uint_eq(intcsr_change(0x0f010100, 1u << 10, 0), 0x00010500);
	ck_assert_uint_eq(intcsr_change(0x0f010100, 0, 1u << 8), 0x00010000);
}
END_TEST

START_TEST(masters_of_an_abort_are_the_zeroes)
{
	ck_assert_uint_eq(intcsr_abort_masters(0x0f010100), 0);
	ck_assert_uint_eq(intcsr_abort_masters(0x0d010100), 1);
	ck_assert_uint_eq(intcsr_abort_masters(0x0b010100), 2);
	ck_assert_uint_eq(intcsr_abort_masters(0x0e010100), 4);
	ck_assert_uint_eq(intcsr_abort_masters(UINT32_MAX), 0);
}
END_TEST

Suite *intcsr_suite(void)
{
	Suite *suite = suite_create("intcsr");
	TCase *tcase = tcase_create("logic");

	tcase_add_loop_test(tcase,
			    an_interrupt_is_ours_if_status_and_enable_say_so,
			    0, COUNT(rows));
	tcase_add_test(tcase, each_source_has_its_enable);
	tcase_add_test(tcase, what_is_written_back_never_clears_a_status);
	tcase_add_test(tcase, a_change_sets_and_clears_what_it_says);
	tcase_add_test(tcase, masters_of_an_abort_are_the_zeroes);
	suite_add_tcase(suite, tcase);
	return suite;
}
