/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ways to a register: widths, aliases, BAR1, both sides (chip ref. 2.1).
 */
#include "card.h"
#include "registers.h"
#include "suites.h"

/* Distinct values in registers without side effects, to tell them apart. */
static const unsigned int plain[] = {0x00, 0x1C, 0x20, 0x24, 0x48, 0x4C,
				     0x50, 0x54, 0x58, 0x5C, 0x84, 0x88,
				     0x90, 0x98, 0x9C, 0xA4, 0xB0, 0xF0};

START_TEST(registers_do_not_overlap)
{
	struct card *card = card_new("chip=%s", chips[_i]);
	unsigned int i, count = sizeof(plain) / sizeof(*plain);

	for (i = 0; i < count; i++)
		reg_set(card, plain[i], 0x12340000u * (i + 1));
	for (i = 0; i < count; i++)
		ck_assert_uint_eq(reg(card, plain[i]),
				  (0x12340000u * (i + 1)) & 0xFFFF0000);
	card_free(card);
}
END_TEST

START_TEST(io_bar1_shows_the_same_registers)
{
	struct card *card = card_new("chip=%s", chips[_i]);

	model_bar_write(card->model, 1, MBOX2, 32, 0x600DCAFE);
	ck_assert_uint_eq(reg(card, MBOX2), 0x600DCAFE);
	reg_set(card, MBOX2, 0x0BADF00D);
	ck_assert_uint_eq(model_bar_read(card->model, 1, MBOX2, 32),
			  0x0BADF00D);
	ck_assert_uint_eq(model_bar_read(card->model, 1, MBOX2 + 1, 8), 0xF0);
	card_free(card);
}
END_TEST

START_TEST(mailboxes_0_and_1_have_an_alias_at_78_and_7c)
{
	struct card *card = card_new("chip=%s", chips[_i]);

	reg_set(card, MBOX0, 0x11112222);
	reg_set(card, MBOX1_ALIAS, 0x33334444);
	ck_assert_uint_eq(reg(card, MBOX0_ALIAS), 0x11112222);
	ck_assert_uint_eq(reg(card, MBOX1), 0x33334444);
	card_free(card);
}
END_TEST

START_TEST(arbitration_has_an_alias_at_ac)
{
	struct card *card = card_new("chip=%s", chips[_i]);

	reg_set(card, MARBR, 0x01200000);
	ck_assert_uint_eq(reg(card, 0xAC), 0x01200000);
	reg_set(card, 0xAC, 0x00080055);
	ck_assert_uint_eq(reg(card, MARBR), 0x00080055);
	card_free(card);
}
END_TEST

START_TEST(a_word_write_leaves_the_other_word_alone)
{
	struct card *card = card_new("chip=%s", chips[_i]);

	reg_set(card, MBOX2, 0xAAAABBBB);
	model_bar_write(card->model, 0, MBOX2 + 2, 16, 0x1234);
	ck_assert_uint_eq(reg(card, MBOX2), 0x1234BBBB);
	ck_assert_uint_eq(model_bar_read(card->model, 0, MBOX2 + 2, 16),
			  0x1234);
	card_free(card);
}
END_TEST

START_TEST(both_sides_see_one_register)
{
	struct card *card = card_new("chip=%s", chips[_i]);

	reg_set(card, DMAPADR, 0x01020304);
	ck_assert_uint_eq(local_reg(card, DMAPADR), 0x01020304);
	local_reg_set(card, LAS0RR, 0xFFFF0000);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFFF0000);
	card_free(card);
}
END_TEST

Suite *suite_access(void)
{
	Suite *suite = suite_create("access");
	TCase *tcase = tcase_create("access");

	tcase_add_loop_test(tcase, registers_do_not_overlap, 0, CHIPS);
	tcase_add_loop_test(tcase, io_bar1_shows_the_same_registers, 0, CHIPS);
	tcase_add_loop_test(tcase, mailboxes_0_and_1_have_an_alias_at_78_and_7c,
			    0, CHIPS);
	tcase_add_loop_test(tcase, arbitration_has_an_alias_at_ac, 0, CHIPS);
	tcase_add_loop_test(tcase, a_word_write_leaves_the_other_word_alone, 0,
			    CHIPS);
	tcase_add_loop_test(tcase, both_sides_see_one_register, 0, CHIPS);
	suite_add_tcase(suite, tcase);
	return suite;
}
