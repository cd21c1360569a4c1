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
static struct plxdma_card lent;
static char opened[512];
static char folder[] = "/tmp/check-auto-XXXXXX";

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
	*card = &lent;
	free(lent.text);
	lent.text = NULL;
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

/* A bus with these devices; the folder is left to the test's own end. */
static void bus_make(const char *bus)
{
	char command[1200];

	snprintf(command, sizeof(command),
		 "set -e; rm -rf %s; mkdir -p %s/bus/pci/drivers/uio_plx9054 "
		 "%s/bus/pci/drivers/gsc_hpdi; cd %s/bus/pci; "
		 "for d in %s; do a=devices/${d%%,*}; mkdir -p $a; "
		 "echo 0x10b5 >$a/vendor; echo 0x9054 >$a/device; "
		 "n=${d#*,}; [ -z \"$n\" ] || ln -s ../../drivers/$n "
		 "$a/driver; done",
		 folder, folder, folder, folder, bus);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(auto_names_what_is_on_the_bus)
{
	bus_make("0000:05:00.0,gsc_hpdi 0000:06:00.0,");
	ck_assert_int_eq(open_with(0, "auto"), -ENODEV);
	check_text("0000:05:00.0 (driver gsc_hpdi)");
	check_text("0000:06:00.0 (no driver)");
	check_text("plxdma bind 0000:05:00.0");
}
END_TEST

START_TEST(auto_takes_the_stubs_only_card)
{
	bus_make("0000:fe:1d.7,uio_plx9054 0000:fe:1f.7,gsc_hpdi");
	/* It isn't there: what is said of it tells that it was tried. */
	ck_assert_int_eq(open_with(0, "auto"), -ENODEV);
	check_text("uio:0000:fe:1d.7: the stub has the card");
	ck_assert_int_eq(open_with(1, "auto"), 0);
	ck_assert_str_eq(opened, "daemon:adc");
}
END_TEST

START_TEST(auto_does_not_guess_among_the_stubs_cards)
{
	bus_make("0000:fe:1d.7,uio_plx9054 0000:fe:1f.7,uio_plx9054");
	ck_assert_int_eq(open_with(0, "auto"), -ENOTUNIQ);
	check_text("2 cards");
	check_text("uio:0000:fe:1d.7");
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
	char command[64];
	int failed;

	/* No card of this machine's. */
	if (!mkdtemp(folder) || setenv("PLXDMA_SYSFS", folder, 1))
		return EXIT_FAILURE;
	tcase_add_test(tests, auto_picks_the_daemons_only_card);
	tcase_add_test(tests, auto_does_not_guess_among_several);
	tcase_add_test(tests, auto_without_a_card_says_what_it_would_take);
	tcase_add_test(tests, auto_names_what_is_on_the_bus);
	tcase_add_test(tests, auto_takes_the_stubs_only_card);
	tcase_add_test(tests, auto_does_not_guess_among_the_stubs_cards);
	tcase_add_test(tests, auto_survives_any_number_of_options);
	tcase_add_test(tests, a_daemons_card_is_opened_by_its_name);
	tcase_add_test(tests, list_gives_the_daemons_names);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command))
		failed++;
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
