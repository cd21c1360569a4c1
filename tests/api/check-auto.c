/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What "auto" picks, with a daemon made of two functions.  A program of its
 * own, because these take the place of src/client's.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/front.h"

static int cards;
static char opened[512];

int front_daemon_list(char (*names)[PLXDMA_NAME], unsigned int count,
		      struct error *error)
{
	if (cards < 0)
		return error_set(error, cards, "nobody listens");
	if (cards && count)
		strcpy(names[0], "adc");
	return cards;
}

int front_daemon_open(const char *spec, struct plxdma_card *beside,
		      struct plxdma_card **card, struct error *error)
{
	(void)beside;
	snprintf(opened, sizeof(opened), "%s", spec);
	*card = NULL;
	return strstr(spec, "refused")
		       ? error_set(error, -EACCES, "refused: not in the group")
		       : 0;
}

static int open_with(int daemon_cards, const char *spec)
{
	struct plxdma_card *card;

	cards = daemon_cards;
	opened[0] = '\0';
	return plxdma_open(spec, &card);
}

static void check_text(const char *mentions)
{
	ck_assert_msg(strstr(plxdma_error(NULL), mentions), "\"%s\"",
		      plxdma_error(NULL));
}

START_TEST(auto_picks_the_daemons_only_card)
{
	ck_assert_int_eq(open_with(1, "auto"), 0);
	ck_assert_str_eq(opened, "daemon:adc");
	ck_assert_int_eq(open_with(1, "auto:arena=16M,pages=2M"), 0);
	ck_assert_str_eq(opened, "daemon:adc,arena=16M,pages=2M");
}
END_TEST

START_TEST(auto_does_not_guess_among_several)
{
	ck_assert_int_eq(open_with(3, "auto"), -ENOTUNIQ);
	ck_assert_str_eq(opened, "");
	check_text("3 cards");
	check_text("daemon:NAME");
}
END_TEST

START_TEST(auto_without_a_card_says_what_it_would_take)
{
	ck_assert_int_eq(open_with(-ECONNREFUSED, "auto"), -ENODEV);
	check_text("nobody listens");
	check_text("plxdmad");
	check_text("model:");
	ck_assert_int_eq(open_with(0, "auto"), -ENODEV);
	check_text("holds no card");
	ck_assert_int_eq(open_with(1, "auto:refused"), -ENODEV);
	check_text("not in the group");
}
END_TEST

START_TEST(auto_survives_any_number_of_options)
{
	char spec[1024] = "auto:";

	memset(spec + 5, 'x', sizeof(spec) - 6);
	ck_assert_int_eq(open_with(1, spec), -EINVAL);
	check_text("too many");
}
END_TEST

START_TEST(a_daemons_card_is_opened_by_its_name)
{
	ck_assert_int_eq(open_with(0, "daemon:digitizer,arena=1M"), 0);
	ck_assert_str_eq(opened, "daemon:digitizer,arena=1M");
}
END_TEST

START_TEST(list_gives_the_daemons_names)
{
	char names[2][PLXDMA_NAME];

	cards = 5;
	ck_assert_int_eq(plxdma_list(names, 2), 5);
	ck_assert_str_eq(names[0], "adc");
	ck_assert_int_eq(plxdma_list(NULL, 0), 5);
	cards = -ENOENT;
	ck_assert_int_eq(plxdma_list(names, 2), -ENOENT);
	check_text("nobody listens");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("auto");
	TCase *tests = tcase_create("choice");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tests, auto_picks_the_daemons_only_card);
	tcase_add_test(tests, auto_does_not_guess_among_several);
	tcase_add_test(tests, auto_without_a_card_says_what_it_would_take);
	tcase_add_test(tests, auto_survives_any_number_of_options);
	tcase_add_test(tests, a_daemons_card_is_opened_by_its_name);
	tcase_add_test(tests, list_gives_the_daemons_names);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
