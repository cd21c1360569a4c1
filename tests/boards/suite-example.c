/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board of the examples, as its user would run it.
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

#define COUNTER "board=" BUILDDIR "/examples/.libs/board-counter.so"

enum { CONTROL = 0, COUNT = 4, LIMIT = 8 };

static uint32_t counter(struct card *card, uint32_t offset)
{
	return model_bar_read(card->model, 2, offset, 32);
}

static void counter_set(struct card *card, uint32_t offset, uint32_t value)
{
	model_bar_write(card->model, 2, offset, 32, value);
}

START_TEST(the_example_counts_while_it_is_told_to)
{
	struct card *card = card_new("%s,%s,board.rate=100000", engine(_i),
				     COUNTER);
	uint64_t begin = now_ns(), pulses;
	uint32_t count;

	ck_assert_uint_eq(counter(card, COUNT), 0);
	counter_set(card, CONTROL, 1);
	sleep_ms(20);
	count = counter(card, COUNT);
	pulses = (now_ns() - begin) / 10000;
	ck_assert_uint_ge(count, 1990);
	ck_assert_uint_le(count, pulses);
	ck_assert_uint_eq(counter(card, 0x100), 0xffffffff);
	card_free(card);
}
END_TEST

START_TEST(the_example_interrupts_at_its_limit)
{
	struct card *card = card_new("%s,%s,board.rate=100000", engine(_i),
				     COUNTER);

	interrupt_enable(card, INT_PCI | INT_LINTI);
	counter_set(card, LIMIT, 1000);
	counter_set(card, CONTROL, 1);
	ck_assert(inta_comes(card));
	ck_assert_uint_ge(counter(card, COUNT), 1000);
	counter_set(card, LIMIT, 0);
	ck_assert(!model_intx(card->model));
	card_free(card);
}
END_TEST

START_TEST(the_example_refuses_what_it_does_not_know)
{
	struct error error = {0};
	struct model *model;

	ck_assert_int_lt(model_new(COUNTER ",board.speed=1", &model, &error),
			 0);
	ck_assert_ptr_nonnull(strstr(error.text, "speed=1: only rate="));
}
END_TEST

Suite *suite_example(void)
{
	Suite *suite = suite_create("example");
	TCase *tcase = tcase_create("counter");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, the_example_counts_while_it_is_told_to, 0,
			    ENGINES);
	tcase_add_loop_test(tcase, the_example_interrupts_at_its_limit, 0,
			    ENGINES);
	tcase_add_test(tcase, the_example_refuses_what_it_does_not_know);
	suite_add_tcase(suite, tcase);
	return suite;
}
