/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The messaging queues behind the ports at 40h and 44h: four FIFOs in local
 * memory, of which the chip moves one pointer each (chip ref. 2.4).
 */
#include "card.h"
#include "suites.h"

/* QBAR is SRAM; 4 Ki entries of 4 bytes, in the order IF, IP, OP, OF. */
enum {
	QUEUE = 0x4000,
	INBOUND_FREE = 0,
	INBOUND_POST = QUEUE,
	OUTBOUND_POST = 2 * QUEUE,
	OUTBOUND_FREE = 3 * QUEUE,
	IN_PORT = 0x40,
	OUT_PORT = 0x44
};

static struct card *queue_card(void)
{
	struct card *card = card_new("engine=inline");

	reg_set(card, QBAR, SRAM);
	local_reg_set(card, IFHPR, INBOUND_FREE);
	local_reg_set(card, IFTPR, INBOUND_FREE);
	local_reg_set(card, IPHPR, INBOUND_POST);
	local_reg_set(card, IPTPR, INBOUND_POST);
	local_reg_set(card, OPHPR, OUTBOUND_POST);
	local_reg_set(card, OPTPR, OUTBOUND_POST);
	local_reg_set(card, OFHPR, OUTBOUND_FREE);
	local_reg_set(card, OFTPR, OUTBOUND_FREE);
	reg8_set(card, QSR, 0x51);
	reg_set(card, MQCR, 3);
	return card;
}

START_TEST(pointers_show_the_queue_base_in_their_upper_bits)
{
	struct card *card = queue_card();

	ck_assert_uint_eq(reg(card, IPHPR), SRAM | INBOUND_POST);
	ck_assert_uint_eq(reg(card, OFTPR), SRAM | OUTBOUND_FREE);
	card_free(card);
}
END_TEST

START_TEST(empty_queues_read_all_ones)
{
	struct card *card = queue_card();

	ck_assert_uint_eq(reg(card, IN_PORT), 0xFFFFFFFF);
	ck_assert_uint_eq(reg(card, OUT_PORT), 0xFFFFFFFF);
	ck_assert_uint_eq(reg(card, IFTPR), SRAM | INBOUND_FREE);
	card_free(card);
}
END_TEST

START_TEST(disabled_ports_read_all_ones_and_ignore_writes)
{
	struct card *card = queue_card();

	reg_set(card, MQCR, 2);
	reg_set(card, IN_PORT, 0x1234);
	ck_assert_uint_eq(reg(card, IN_PORT), 0xFFFFFFFF);
	ck_assert_uint_eq(reg(card, OUT_PORT), 0xFFFFFFFF);
	ck_assert_uint_eq(reg(card, IPHPR), SRAM | INBOUND_POST);
	card_free(card);
}
END_TEST

START_TEST(reading_40_pops_the_inbound_free_queue)
{
	struct card *card = queue_card();

	local32_set(card, SRAM + INBOUND_FREE, 0xAAAA0000);
	local32_set(card, SRAM + INBOUND_FREE + 4, 0xBBBB0000);
	local_reg_set(card, IFHPR, INBOUND_FREE + 8);
	ck_assert_uint_eq(reg(card, IN_PORT), 0xAAAA0000);
	ck_assert_uint_eq(reg(card, IFTPR), SRAM | (INBOUND_FREE + 4));
	ck_assert_uint_eq(reg(card, IN_PORT), 0xBBBB0000);
	ck_assert_uint_eq(reg(card, IN_PORT), 0xFFFFFFFF);
	card_free(card);
}
END_TEST

START_TEST(writing_40_pushes_the_inbound_post_queue)
{
	struct card *card = queue_card();

	reg_set(card, IN_PORT, 0xAAAA0001);
	reg_set(card, IN_PORT, 0xBBBB0002);
	ck_assert_uint_eq(local32(card, SRAM + INBOUND_POST), 0xAAAA0001);
	ck_assert_uint_eq(local32(card, SRAM + INBOUND_POST + 4), 0xBBBB0002);
	ck_assert_uint_eq(reg(card, IPHPR), SRAM | (INBOUND_POST + 8));
	card_free(card);
}
END_TEST

START_TEST(qsr_5_tells_that_the_inbound_post_queue_is_not_empty)
{
	struct card *card = queue_card();

	ck_assert(!(reg8(card, QSR) & 0x20));
	reg_set(card, IN_PORT, 0xAAAA0001);
	ck_assert(reg8(card, QSR) & 0x20);
	local_reg_set(card, IPTPR, INBOUND_POST + 4);
	ck_assert(!(reg8(card, QSR) & 0x20));
	card_free(card);
}
END_TEST

START_TEST(an_inbound_post_interrupts_the_local_side_unless_masked)
{
	struct card *card = queue_card();

	reg_set(card, IN_PORT, 0xAAAA0001);
	ck_assert_int_eq(model_linto(card->model), 0);
	reg8_set(card, QSR, 0x41);
	ck_assert_int_eq(model_linto(card->model), 1);
	local_reg_set(card, IPTPR, INBOUND_POST + 4);
	ck_assert_int_eq(model_linto(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(reading_44_pops_the_outbound_post_queue)
{
	struct card *card = queue_card();

	local32_set(card, SRAM + OUTBOUND_POST, 0xCCCC0000);
	local_reg_set(card, OPHPR, OUTBOUND_POST + 4);
	ck_assert_uint_eq(reg(card, OUT_PORT), 0xCCCC0000);
	ck_assert_uint_eq(reg(card, OPTPR), SRAM | (OUTBOUND_POST + 4));
	ck_assert_uint_eq(reg(card, OUT_PORT), 0xFFFFFFFF);
	card_free(card);
}
END_TEST

START_TEST(writing_44_pushes_the_outbound_free_queue)
{
	struct card *card = queue_card();

	reg_set(card, OUT_PORT, 0xDDDD0000);
	ck_assert_uint_eq(local32(card, SRAM + OUTBOUND_FREE), 0xDDDD0000);
	ck_assert_uint_eq(reg(card, OFHPR), SRAM | (OUTBOUND_FREE + 4));
	card_free(card);
}
END_TEST

START_TEST(the_outbound_post_queue_interrupts_the_host_unless_masked)
{
	struct card *card = queue_card();

	local_reg_set(card, OPHPR, OUTBOUND_POST + 4);
	ck_assert_uint_eq(reg(card, OPQIS), 8);
	ck_assert_int_eq(model_intx(card->model), 0);
	reg_set(card, OPQIM, 0);
	ck_assert_int_eq(model_intx(card->model), 1);
	interrupt_disable(card, INT_PCI);
	ck_assert_int_eq(model_intx(card->model), 0);
	card_free(card);
}
END_TEST

START_TEST(draining_the_outbound_post_queue_releases_inta)
{
	struct card *card = queue_card();

	reg_set(card, OPQIM, 0);
	local_reg_set(card, OPHPR, OUTBOUND_POST + 8);
	reg(card, OUT_PORT);
	ck_assert_int_eq(model_intx(card->model), 1);
	reg(card, OUT_PORT);
	ck_assert_int_eq(model_intx(card->model), 0);
	ck_assert_uint_eq(reg(card, OPQIS), 0);
	card_free(card);
}
END_TEST

START_TEST(pointers_wrap_at_the_size_of_the_queue)
{
	struct card *card = queue_card();
	unsigned int last = OUTBOUND_FREE + QUEUE - 4;

	local_reg_set(card, OFHPR, last);
	local_reg_set(card, OFTPR, last);
	reg_set(card, OUT_PORT, 0xEEEE0000);
	ck_assert_uint_eq(local32(card, SRAM + last), 0xEEEE0000);
	ck_assert_uint_eq(reg(card, OFHPR), SRAM | OUTBOUND_FREE);
	card_free(card);
}
END_TEST

START_TEST(an_overflowing_outbound_free_queue_sets_its_flag)
{
	struct card *card = queue_card();
	unsigned int i;

	for (i = 0; i < QUEUE / 4; i++)
		reg_set(card, OUT_PORT, i);
	ck_assert_uint_eq(reg(card, OFHPR), reg(card, OFTPR));
	reg_set(card, OUT_PORT, i);
	ck_assert(reg8(card, QSR) & 0x80);
	local_reg_set(card, OFTPR, OUTBOUND_FREE + 4);
	reg8_set(card, QSR, 0xD1);
	ck_assert(!(reg8(card, QSR) & 0x80));
	card_free(card);
}
END_TEST

Suite *suite_queue(void)
{
	Suite *suite = suite_create("queue");
	TCase *tcase = tcase_create("ports");

	tcase_add_test(tcase, pointers_show_the_queue_base_in_their_upper_bits);
	tcase_add_test(tcase, empty_queues_read_all_ones);
	tcase_add_test(tcase, disabled_ports_read_all_ones_and_ignore_writes);
	tcase_add_test(tcase, reading_40_pops_the_inbound_free_queue);
	tcase_add_test(tcase, writing_40_pushes_the_inbound_post_queue);
	tcase_add_test(tcase,
		       qsr_5_tells_that_the_inbound_post_queue_is_not_empty);
	tcase_add_test(tcase,
		       an_inbound_post_interrupts_the_local_side_unless_masked);
	tcase_add_test(tcase, reading_44_pops_the_outbound_post_queue);
	tcase_add_test(tcase, writing_44_pushes_the_outbound_free_queue);
	tcase_add_test(
		tcase,
		the_outbound_post_queue_interrupts_the_host_unless_masked);
	tcase_add_test(tcase, draining_the_outbound_post_queue_releases_inta);
	tcase_add_test(tcase, pointers_wrap_at_the_size_of_the_queue);
	tcase_add_test(tcase, an_overflowing_outbound_free_queue_sets_its_flag);
	suite_add_tcase(suite, tcase);
	return suite;
}
