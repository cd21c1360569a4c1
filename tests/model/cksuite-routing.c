/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which line a DMA interrupt takes, and when there is one (chip ref. 4.1).
 */
#include "channel.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

static bool inta(struct card *card)
{
	return model_intx(card->model) == 1;
}

static void done_raise(struct card *card, int channel)
{
	ck_assert(block(card, channel,
			MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA, HOST, SRAM,
			4, TO_HOST));
}

START_TEST(without_the_done_enable_done_is_silent)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0));
	ck_assert(block(card, 0, MODE_MEMORY | MODE_TO_INTA, HOST, SRAM, 4,
			TO_HOST));
	ck_assert(!inta(card));
	ck_assert(!(reg(card, INTCSR) & INT_DMA_ACTIVE(0)));
	card_free(card);
}
END_TEST

START_TEST(terminal_count_interrupts_while_the_chain_runs_on)
{
	struct card *card = card_new("%s,rate=1e6", engine(_i));

	interrupt_enable(card, INT_DMA(0));
	descriptor(card, LIST, HOST, SRAM, 64,
		   (LIST + 16) | DPR_PCI | DPR_TC_IRQ | TO_HOST);
	descriptor(card, LIST + 16, HOST, SRAM, 0x10000,
		   DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY | MODE_TO_INTA, LIST | DPR_PCI);
	dma_start(card, 0);
	while (!inta(card))
		ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	/* Who asks now where the engine is finds the next descriptor. */
	ck_assert_uint_eq(reg(card, DMASIZ), 0x10000);
	ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(0));
	csr_set(card, 0, CSR_ENABLE | CSR_CLEAR_IRQ);
	ck_assert(!inta(card));
	ck_assert(dma_done(card, 0));
	ck_assert(!inta(card));
	card_free(card);
}
END_TEST

START_TEST(a_descriptor_without_the_terminal_count_bit_is_silent)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0));
	descriptor(card, LIST, HOST, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY | MODE_TO_INTA, LIST | DPR_PCI));
	ck_assert(!inta(card));
	card_free(card);
}
END_TEST

START_TEST(a_chain_interrupts_once_at_its_end_with_the_done_enable)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0));
	descriptor(card, LIST, HOST, SRAM, 64, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST, SRAM, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
			LIST | DPR_PCI));
	ck_assert(inta(card));
	ck_assert_uint_eq(counters(card).interrupts, 1);
	card_free(card);
}
END_TEST

START_TEST(one_channel_s_acknowledge_leaves_the_other_s_interrupt)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0) | INT_DMA(1));
	done_raise(card, 0);
	done_raise(card, 1);
	csr_set(card, 0, CSR_CLEAR_IRQ);
	ck_assert(inta(card));
	ck_assert_uint_eq(reg(card, INTCSR) &
				  (INT_DMA_ACTIVE(0) | INT_DMA_ACTIVE(1)),
			  INT_DMA_ACTIVE(1));
	csr_set(card, 1, CSR_CLEAR_IRQ);
	ck_assert(!inta(card));
	card_free(card);
}
END_TEST

START_TEST(mode_17_clear_routes_done_to_linto_and_status_still_shows)
{
	struct card *card = card_new("engine=inline");
	int ch = _i;

	interrupt_enable(card, INT_DMA(ch));
	ck_assert_int_eq(model_linto(card->model), 0);
	ck_assert(block(card, ch, MODE_MEMORY | MODE_DONE_IRQ, HOST, SRAM, 4,
			TO_HOST));
	ck_assert(!inta(card));
	ck_assert_int_eq(model_linto(card->model), 1);
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(ch));
	csr_set(card, ch, CSR_CLEAR_IRQ);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(mode_17_set_leaves_linto_alone)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0));
	done_raise(card, 0);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(linto_has_a_gate_of_its_own)
{
	struct card *card = card_new("engine=inline");

	interrupt_disable(card, INT_LOCAL);
	interrupt_enable(card, INT_DMA(0));
	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ, HOST, SRAM, 4,
			TO_HOST));
	ck_assert_int_eq(model_linto(card->model), 0);
	interrupt_enable(card, INT_LOCAL);
	ck_assert_int_eq(model_linto(card->model), 1);
	card_free(card);
}
END_TEST

START_TEST(the_local_routing_needs_the_channel_s_enable_too)
{
	struct card *card = card_new("engine=inline");

	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ, HOST, SRAM, 4,
			TO_HOST));
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

/* chip ref. 4.1 (DN3); open 10. */
START_TEST(dn3_asserts_inta_without_a_status_bit)
{
	struct card *card = card_new("engine=inline,dn3_trap=on");

	done_raise(card, 0);
	ck_assert(inta(card));
	ck_assert(!(reg(card, INTCSR) & INT_DMA_ACTIVE(0)));
	csr_set(card, 0, CSR_CLEAR_IRQ);
	ck_assert(!inta(card));
	card_free(card);
}
END_TEST

START_TEST(with_the_channel_enabled_dn3_makes_no_difference)
{
	struct card *card = card_new("engine=inline,dn3_trap=on");

	interrupt_enable(card, INT_DMA(0));
	done_raise(card, 0);
	ck_assert(inta(card));
	ck_assert(reg(card, INTCSR) & INT_DMA_ACTIVE(0));
	card_free(card);
}
END_TEST

START_TEST(a_crashed_transfer_raises_no_done_interrupt)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DMA(0));
	block_program(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA, WILD,
		      SRAM, 4, TO_HOST);
	dma_start(card, 0);
	ck_assert(!inta(card));
	ck_assert(!(reg(card, INTCSR) & INT_DMA_ACTIVE(0)));
	card_free(card);
}
END_TEST

Suite *suite_routing(void)
{
	Suite *suite = suite_create("routing");
	TCase *tcase = tcase_create("dma");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, without_the_done_enable_done_is_silent);
	tcase_add_loop_test(tcase,
			    terminal_count_interrupts_while_the_chain_runs_on,
			    0, ENGINES);
	tcase_add_test(tcase,
		       a_descriptor_without_the_terminal_count_bit_is_silent);
	tcase_add_test(tcase,
		       a_chain_interrupts_once_at_its_end_with_the_done_enable);
	tcase_add_test(tcase,
		       one_channel_s_acknowledge_leaves_the_other_s_interrupt);
	tcase_add_test(tcase, a_crashed_transfer_raises_no_done_interrupt);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("routing");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
		tcase,
		mode_17_clear_routes_done_to_linto_and_status_still_shows, 0,
		2);
	tcase_add_test(tcase, mode_17_set_leaves_linto_alone);
	tcase_add_test(tcase, linto_has_a_gate_of_its_own);
	tcase_add_test(tcase, the_local_routing_needs_the_channel_s_enable_too);
	tcase_add_test(tcase, dn3_asserts_inta_without_a_status_bit);
	tcase_add_test(tcase, with_the_channel_enabled_dn3_makes_no_difference);
	suite_add_tcase(suite, tcase);
	return suite;
}
