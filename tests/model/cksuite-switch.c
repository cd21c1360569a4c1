/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the chip reference leaves open is a named switch, and every option of
 * a card says what is wrong with it.
 */
#include <string.h>

#include "card.h"
#include "suites.h"

START_TEST(every_switch_takes_each_of_its_values)
{
	const struct model_switch *here;
	char values[128], *rest, *value;

	for (here = model_switches(); here->name; here++) {
		ck_assert_uint_lt(strlen(here->values), sizeof(values));
		rest = strcpy(values, here->values);
		while ((value = strsep(&rest, " ")))
			card_free(card_new("engine=inline,%s=%s", here->name,
					   value));
	}
}
END_TEST

START_TEST(every_switch_says_what_it_means_and_where_it_is_from)
{
	const struct model_switch *here;
	int count = 0;

	for (here = model_switches(); here->name; here++, count++) {
		ck_assert_msg(here->reference && *here->reference, "%s",
			      here->name);
		ck_assert_msg(here->meaning && *here->meaning, "%s",
			      here->name);
	}
	ck_assert_int_gt(count, 5);
}
END_TEST

static void refused(const char *options)
{
	struct error error = {0};
	struct model *model = NULL;

	ck_assert_msg(model_new(options, &model, &error) < 0, "'%s' is taken",
		      options);
	ck_assert_msg(error.text[0], "'%s': no text", options);
}

START_TEST(unknown_options_and_values_are_refused_with_a_text)
{
	static const char *const wrong[] = {"chip=9999",
					    "chip=",
					    "engine=fast",
					    "colour=green",
					    "rate=-1",
					    "rate=abc",
					    "sram=",
					    "start_race=yes",
					    "board=/nowhere.so",
					    "fifo=-1",
					    "eeprom=/nowhere",
					    "fault=explode",
					    "posted",
					    "=on",
					    "prefetch=x"};
	unsigned int i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		refused(wrong[i]);
}
END_TEST

START_TEST(the_empty_option_string_makes_a_9054_ac)
{
	struct model *model = NULL;

	ck_assert_int_eq(model_new("", &model, NULL), 0);
	model_config_write(model, PCI_COMMAND, 16, COMMAND_ALL);
	ck_assert_uint_eq(model_bar_read(model, 0, PCIHIDR, 32), 0x905410B5);
	ck_assert_uint_eq(model_bar_read(model, 0, PCIHREV, 8), 0x0C);
	model_free(model);
}
END_TEST

Suite *suite_switch(void)
{
	Suite *suite = suite_create("switch");
	TCase *tcase = tcase_create("switches");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_switch_takes_each_of_its_values);
	tcase_add_test(tcase,
		       every_switch_says_what_it_means_and_where_it_is_from);
	tcase_add_test(tcase,
		       unknown_options_and_values_are_refused_with_a_text);
	tcase_add_test(tcase, the_empty_option_string_makes_a_9054_ac);
	suite_add_tcase(suite, tcase);
	return suite;
}
