/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mailboxes and doorbells from both sides, and what goes to the local side
 * only (chip ref. 2.4, 4.1).
 */
#include "channel.h"
#include "suites.h"

START_TEST(mailboxes_carry_both_ways)
{
	struct card *card = card_new("engine=inline");
	unsigned int i;

	for (i = 2; i < 8; i++) {
		reg_set(card, MBOX0 + 4 * i, 0x1000 + i);
		ck_assert_uint_eq(local_reg(card, MBOX0 + 4 * i), 0x1000 + i);
		local_reg_set(card, MBOX0 + 4 * i, 0x2000 + i);
		ck_assert_uint_eq(reg(card, MBOX0 + 4 * i), 0x2000 + i);
	}
	local_reg_set(card, MBOX0_ALIAS, 0x3000);
	ck_assert_uint_eq(reg(card, MBOX0), 0x3000);
	card_free(card);
}
END_TEST

START_TEST(the_host_rings_the_local_doorbell_and_cannot_clear_it)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, P2LDBELL, 0x00000101);
	reg_set(card, P2LDBELL, 0x80000000);
	reg_set(card, P2LDBELL, 0);
	ck_assert_uint_eq(reg(card, P2LDBELL), 0x80000101);
	ck_assert_uint_eq(local_reg(card, P2LDBELL), 0x80000101);
	card_free(card);
}
END_TEST

START_TEST(the_local_side_clears_its_doorbell_by_ones)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, P2LDBELL, 0x00000303);
	local_reg_set(card, P2LDBELL, 0x00000101);
	ck_assert_uint_eq(reg(card, P2LDBELL), 0x00000202);
	local_reg_set(card, P2LDBELL, 0);
	ck_assert_uint_eq(reg(card, P2LDBELL), 0x00000202);
	card_free(card);
}
END_TEST

START_TEST(the_local_side_rings_the_host_doorbell_and_cannot_clear_it)
{
	struct card *card = card_new("engine=inline");

	local_reg_set(card, L2PDBELL, 0x00000101);
	local_reg_set(card, L2PDBELL, 0x80000000);
	local_reg_set(card, L2PDBELL, 0);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0x80000101);
	card_free(card);
}
END_TEST

START_TEST(the_host_clears_its_doorbell_by_ones)
{
	struct card *card = card_new("engine=inline");

	local_reg_set(card, L2PDBELL, 0x00000303);
	reg_set(card, L2PDBELL, 0x00000101);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0x00000202);
	ck_assert_uint_eq(local_reg(card, L2PDBELL), 0x00000202);
	card_free(card);
}
END_TEST

START_TEST(a_doorbell_byte_is_cleared_by_a_byte)
{
	struct card *card = card_new("engine=inline");

	local_reg_set(card, L2PDBELL, 0x01010101);
	reg8_set(card, L2PDBELL + 1, 0xFF);
	ck_assert_uint_eq(reg(card, L2PDBELL), 0x01010001);
	card_free(card);
}
END_TEST

START_TEST(the_host_doorbell_interrupts_until_every_bit_is_cleared)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_DOORBELL);
	local_reg_set(card, L2PDBELL, 3);
	reg_set(card, L2PDBELL, 1);
	ck_assert_int_eq(model_intx(card->model), 1);
	reg_set(card, L2PDBELL, 2);
	ck_assert_int_eq(model_intx(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(the_local_doorbell_goes_to_linto_not_to_inta)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_LOCAL_DOORBELL);
	reg_set(card, P2LDBELL, 1);
	ck_assert(reg(card, INTCSR) & INT_LOCAL_BELL_ACTIVE);
	ck_assert_int_eq(model_linto(card->model), 1);
	ck_assert_int_eq(model_intx(card->model), 0);
	local_reg_set(card, P2LDBELL, 1);
	ck_assert_int_eq(model_linto(card->model), 0);
	ck_assert(!(reg(card, INTCSR) & INT_LOCAL_BELL_ACTIVE));
	card_free(card);
}
END_TEST

START_TEST(the_local_doorbell_needs_its_enable)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, P2LDBELL, 1);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

static const unsigned int first_mailboxes[] = {MBOX0_ALIAS, MBOX1_ALIAS, 0x48,
					       0x4C};

START_TEST(a_written_mailbox_interrupts_the_local_side_until_it_reads)
{
	struct card *card = card_new("engine=inline");
	unsigned int box = first_mailboxes[_i];

	interrupt_enable(card, INT_MAILBOX);
	reg_set(card, box, 42);
	ck_assert_uint_eq(reg(card, INTCSR) & 0xF0000000,
			  INT_MAILBOX_ACTIVE(_i));
	ck_assert_int_eq(model_linto(card->model), 1);
	ck_assert_int_eq(model_intx(card->model), 0);
	ck_assert_uint_eq(local_reg(card, box), 42);
	ck_assert_uint_eq(reg(card, INTCSR) & 0xF0000000, 0);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(a_host_read_does_not_clear_a_mailbox_interrupt)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_MAILBOX);
	reg_set(card, MBOX2, 42);
	ck_assert_uint_eq(reg(card, MBOX2), 42);
	ck_assert(reg(card, INTCSR) & INT_MAILBOX_ACTIVE(2));
	card_free(card);
}
END_TEST

START_TEST(mailbox_bits_show_only_with_the_enable)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, MBOX2, 42);
	ck_assert_uint_eq(reg(card, INTCSR) & 0xF0000000, 0);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(mailboxes_4_to_7_interrupt_nobody)
{
	struct card *card = card_new("engine=inline");
	unsigned int i;

	interrupt_enable(card, INT_MAILBOX);
	for (i = 4; i < 8; i++)
		reg_set(card, MBOX0 + 4 * i, 42);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(bist_interrupts_the_local_side_only)
{
	struct card *card = card_new("engine=inline");

	model_config_write(card->model, PCI_BIST, 8, 0x40);
	ck_assert(reg(card, INTCSR) & INT_BIST_ACTIVE);
	ck_assert_int_eq(model_linto(card->model), 1);
	ck_assert_int_eq(model_intx(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(queue_ports_replace_mailboxes_0_and_1)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, MBOX0, 0x1111);
	reg_set(card, MBOX1, 0x2222);
	reg8_set(card, QSR, 0x51);
	ck_assert_uint_eq(reg(card, MBOX0), 0xFFFFFFFF);
	ck_assert_uint_eq(reg(card, MBOX1), 0xFFFFFFFF);
	reg_set(card, MBOX0, 0x3333);
	ck_assert_uint_eq(reg(card, MBOX0_ALIAS), 0x1111);
	ck_assert_uint_eq(reg(card, MBOX1_ALIAS), 0x2222);
	reg_set(card, MBOX0_ALIAS, 0x4444);
	reg8_set(card, QSR, 0x50);
	ck_assert_uint_eq(reg(card, MBOX0), 0x4444);
	card_free(card);
}
END_TEST

Suite *suite_messaging(void)
{
	Suite *suite = suite_create("messaging");
	TCase *tcase = tcase_create("doorbells");

	tcase_add_test(tcase,
		       the_host_rings_the_local_doorbell_and_cannot_clear_it);
	tcase_add_test(tcase, the_local_side_clears_its_doorbell_by_ones);
	tcase_add_test(
		tcase,
		the_local_side_rings_the_host_doorbell_and_cannot_clear_it);
	tcase_add_test(tcase, the_host_clears_its_doorbell_by_ones);
	tcase_add_test(tcase, a_doorbell_byte_is_cleared_by_a_byte);
	tcase_add_test(tcase,
		       the_host_doorbell_interrupts_until_every_bit_is_cleared);
	tcase_add_test(tcase, the_local_doorbell_goes_to_linto_not_to_inta);
	tcase_add_test(tcase, the_local_doorbell_needs_its_enable);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("mailboxes");
	tcase_add_test(tcase, mailboxes_carry_both_ways);
	tcase_add_loop_test(
		tcase,
		a_written_mailbox_interrupts_the_local_side_until_it_reads, 0,
		4);
	tcase_add_test(tcase, a_host_read_does_not_clear_a_mailbox_interrupt);
	tcase_add_test(tcase, mailbox_bits_show_only_with_the_enable);
	tcase_add_test(tcase, mailboxes_4_to_7_interrupt_nobody);
	tcase_add_test(tcase, bist_interrupts_the_local_side_only);
	tcase_add_test(tcase, queue_ports_replace_mailboxes_0_and_1);
	suite_add_tcase(suite, tcase);
	return suite;
}
