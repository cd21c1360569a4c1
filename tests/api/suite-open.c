/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing cards, and whose error text is whose. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "card.h"
#include "suites.h"

START_TEST(a_card_opens_by_its_spec)
{
	plxdma_close(card_open("model:"));
}
END_TEST

START_TEST(close_accepts_no_card)
{
	plxdma_close(NULL);
}
END_TEST

static const struct {
	const char *spec;
	int result;
	const char *mentions;
} wrong[] = {
	{NULL, -EINVAL, "needs a spec"},
	{"", -EINVAL, "model:"},
	{"model", -ENOENT, "model:"},
	{"no such", -EINVAL, "model:"},
	{"tape:0", -ENOTSUP, "no such transport"},
	{"uio:0000:ff:1f.7", -ENODEV, "no PCI device"},
	{"uio:ff:1f.7", -ENODEV, "0000:ff:1f.7"},
	{"uio:", -EINVAL, "PCI address"},
	{"uio:0000:05:00.8", -EINVAL, "PCI address"},
	{"uio:0000:05:00.0x", -EINVAL, "PCI address"},
	{"uio:0000:05:00.0,chip=9054", -EINVAL, "chip=9054"},
	{"model:chip=1234", -EINVAL, "1234"},
	{"model:nonsense=1", -EINVAL, "nonsense"},
	{"model:arena=x", -EINVAL, "arena=64M"},
};

START_TEST(a_wrong_spec_is_explained)
{
	struct plxdma_card *opened = (struct plxdma_card *)&opened;

	check_failed_on(NULL, plxdma_open(wrong[_i].spec, &opened),
			wrong[_i].result, wrong[_i].mentions);
	if (wrong[_i].spec)
		ck_assert_ptr_null(opened);
}
END_TEST

START_TEST(open_needs_a_place_for_the_card)
{
	check_failed_on(NULL, plxdma_open("model:", NULL), -EINVAL, "place");
}
END_TEST

START_TEST(auto_never_picks_the_software_card)
{
	struct plxdma_card *opened;
	int result = plxdma_open("auto", &opened);

	/* A daemon may be running where the tests run. */
	if (!result)
		plxdma_close(opened);
	else
		check_failed_on(NULL, result, result,
				result == -ENODEV ? "model:" : "daemon:");
}
END_TEST

START_TEST(list_needs_room_or_no_count)
{
	check_failed_on(NULL, plxdma_list(NULL, 1), -EINVAL, "names");
}
END_TEST

START_TEST(two_cards_have_texts_of_their_own)
{
	struct plxdma_card *a = card_open("model:"), *b = card_open("model:");

	check_failed_on(a, plxdma_reg_read(a, 1, 32, NULL), -EINVAL, "value");
	ck_assert_str_eq(plxdma_error(b), "");
	ck_assert_str_eq(plxdma_error(NULL), "");
	check_failed_on(b, plxdma_peek(b, 9, 0, 32, &(uint32_t){0}), -EINVAL,
			"BAR");
	ck_assert_str_eq(plxdma_error(a), "");
	plxdma_close(a);
	plxdma_close(b);
}
END_TEST

static void *text_of_another_thread(void *which)
{
	ck_assert_str_eq(plxdma_error(which), "");
	check_failed_on(which, plxdma_doorbell_ring(NULL, 1), -EINVAL, "");
	return NULL;
}

START_TEST(a_threads_text_is_its_own)
{
	struct plxdma_card *which = card_open("model:");
	pthread_t thread;

	check_failed_on(which, plxdma_reg_read(which, 1, 7, &(uint32_t){0}),
			-EINVAL, "width");
	pthread_create(&thread, NULL, text_of_another_thread, which);
	pthread_join(thread, NULL);
	check_failed_on(which, -EINVAL, -EINVAL, "width");
	plxdma_close(which);
}
END_TEST

/* More than 65536 cards would need as many arenas; a few do. */
START_TEST(a_handle_of_a_closed_card_is_no_other_cards)
{
	struct plxdma_segment piece;
	plxdma_handle old, new;
	void *memory;

	card_setup();
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 64, &old));
	plxdma_close(card);
	card_setup();
	memory = plxdma_alloc_coherent(card, 64, &new);
	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_ne(old, new);
	ck_assert_uint_eq(plxdma_handle_of(card, memory), new);
	ck_assert_int_eq(plxdma_map_sg(card, memory, 64, 0, &piece, 1), 1);
	ck_assert_uint_eq(piece.handle, new);
	card_teardown();
}
END_TEST

START_TEST(many_cards_at_once)
{
	struct plxdma_card *cards[13];
	unsigned int i;

	for (i = 0; i < 13; i++)
		cards[i] = card_open("model:pages=small,arena=64K");
	for (i = 0; i < 13; i++) {
		uint32_t word = i, back = 0;

		ck_assert_int_eq(plxdma_write(cards[i], SRAM, &word, 4, SOON),
				 0);
		ck_assert_int_eq(plxdma_read(cards[i], SRAM, &back, 4, SOON),
				 0);
		ck_assert_uint_eq(back, i);
	}
	for (i = 0; i < 13; i++)
		plxdma_close(cards[i]);
}
END_TEST

Suite *suite_open(void)
{
	Suite *suite = suite_create("open");
	TCase *tests = tcase_create("cards");

	tcase_add_test(tests, a_card_opens_by_its_spec);
	tcase_add_test(tests, close_accepts_no_card);
	tcase_add_loop_test(tests, a_wrong_spec_is_explained, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tests, open_needs_a_place_for_the_card);
	tcase_add_test(tests, auto_never_picks_the_software_card);
	tcase_add_test(tests, list_needs_room_or_no_count);
	tcase_add_test(tests, two_cards_have_texts_of_their_own);
	tcase_add_test(tests, a_threads_text_is_its_own);
	tcase_add_test(tests, a_handle_of_a_closed_card_is_no_other_cards);
	tcase_add_test(tests, many_cards_at_once);
	suite_add_tcase(suite, tests);
	return suite;
}
