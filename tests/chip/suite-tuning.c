/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bus tuning: names, numbers, and what which chip takes. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "chip/family.h"
#include "chip/plx9054.h"
#include "chip/tuning.h"
#include "suites.h"

#define KEEP PLXDMA_TUNING_KEEP

static const struct {
	const char *name, *value;
	int result;
	uint32_t number;
} parsed[] = {
	{ "pci_latency", "64", 0, 64 },
	{ "pci_latency", "0xff", 0, 255 },
	{ "pci_latency", "0", 0, 0 },
	{ "pci_latency", "010", 0, 10 },
	{ "pci_latency", "256", -EINVAL, 0 },
	{ "pci_latency", "", -EINVAL, 0 },
	{ "pci_latency", "-1", -EINVAL, 0 },
	{ "pci_latency", " 1", -EINVAL, 0 },
	{ "pci_latency", "1x", -EINVAL, 0 },
	{ "pci_latency", "0x", -EINVAL, 0 },
	{ "local_latency_on", "1", 0, 1 },
	{ "local_latency_on", "2", -EINVAL, 0 },
	{ "threshold", "0x04000000", 0, 0x04000000 },
	{ "threshold", "4294967294", 0, UINT32_MAX - 1 },
	/* "keep" is no value. */
	{ "threshold", "4294967295", -EINVAL, 0 },
	{ "threshold", "18446744073709551617", -EINVAL, 0 },
};

START_TEST(a_field_is_read_from_text_or_the_text_says_what_it_takes)
{
	const char *name = parsed[_i].name;
	const struct tuning_field *field = tuning_find(name, strlen(name));
	struct plxdma_tuning tuning;
	struct error error = { "" };

	ck_assert_ptr_nonnull(field);
	tuning_init(&tuning);
	ck_assert_int_eq(tuning_parse(field, parsed[_i].value,
				      strlen(parsed[_i].value), &tuning,
				      &error), parsed[_i].result);
	if (parsed[_i].result) {
		ck_assert_ptr_nonnull(strstr(error.text, name));
		ck_assert_uint_eq(tuning_get(&tuning, field), KEEP);
		return;
	}
	ck_assert_uint_eq(tuning_get(&tuning, field), parsed[_i].number);
}
END_TEST

START_TEST(a_number_ends_where_its_length_says)
{
	struct plxdma_tuning tuning;

	tuning_init(&tuning);
	ck_assert_int_eq(tuning_parse(tuning_find("pci_latency", 11), "64,x",
				      2, &tuning, NULL), 0);
	ck_assert_uint_eq(tuning.pci_latency, 64);
}
END_TEST

START_TEST(every_member_has_a_field_and_is_kept_at_first)
{
	/* All but the size, each once. */
	const size_t members = sizeof(struct plxdma_tuning) / 4 - 1;
	const struct tuning_field *field;
	struct plxdma_tuning tuning;
	size_t count = 0;

	memset(&tuning, 0, sizeof(tuning));
	tuning_init(&tuning);
	ck_assert_uint_eq(tuning.size, sizeof(tuning));
	for (field = tuning_fields; field->name; field++) {
		ck_assert_uint_eq(tuning_get(&tuning, field), KEEP);
		ck_assert_uint_ge(field->offset, 4);
		tuning_set(&tuning, field, 0);
		count++;
	}
	ck_assert_uint_eq(count, members);
	ck_assert_uint_eq(tuning.pci_latency | tuning.threshold |
			  tuning.write_command, 0);
	ck_assert_ptr_null(tuning_find("size", 4));
	ck_assert_ptr_null(tuning_find("pci_latenc", 10));
	ck_assert_ptr_null(tuning_find("", 0));
}
END_TEST

START_TEST(merging_keeps_what_the_new_one_keeps)
{
	struct plxdma_tuning old, new;

	tuning_init(&old);
	tuning_init(&new);
	old.pci_latency = 32;
	old.threshold = 0x100;
	new.pci_latency = 80;
	new.cache_line = 0;
	tuning_merge(&old, &new);
	ck_assert_uint_eq(old.pci_latency, 80);
	ck_assert_uint_eq(old.cache_line, 0);
	ck_assert_uint_eq(old.threshold, 0x100);
	ck_assert_uint_eq(old.local_pause, KEEP);
}
END_TEST

static const struct {
	uint32_t hidr;
	const char *field;
	uint32_t value;
	const char *text; /* NULL: it is taken */
} checks[] = {
	{ PLX_PCIHIDR_9054, "pci_latency", 255, NULL },
	{ PLX_PCIHIDR_9054, "pci_latency", 256, "pci_latency takes 0 to 255" },
	{ PLX_PCIHIDR_9054, "local_pause_on", 2, "takes 0 to 1" },
	{ PLX_PCIHIDR_9054, "read_command", 0x6, NULL },
	{ PLX_PCIHIDR_9054, "read_command", 0xc, NULL },
	{ PLX_PCIHIDR_9054, "read_command", 0xe, NULL },
	/* A write, an I/O read, a dual-address cycle. */
	{ PLX_PCIHIDR_9054, "read_command", 0x7, "read_command takes" },
	{ PLX_PCIHIDR_9054, "read_command", 0x2, "read_command takes" },
	{ PLX_PCIHIDR_9054, "read_command", 0xd, "read_command takes" },
	{ PLX_PCIHIDR_9054, "write_command", 0x7, NULL },
	{ PLX_PCIHIDR_9054, "write_command", 0x6, "write_command takes" },
	{ PLX_PCIHIDR_9054, "write_command", 0xf, "by a mode" },
	{ PLX_PCIHIDR_9054, "threshold", 0, NULL },
	{ PLX_PCIHIDR_9054, "threshold", 0x7777, NULL },
	/* Channel 0: C0PLAF + C0PLAE, C0LPAE + C0LPAF. */
	{ PLX_PCIHIDR_9054, "threshold", 0x8007, "channel 0" },
	{ PLX_PCIHIDR_9054, "threshold", 0x0780, "channel 0" },
	{ PLX_PCIHIDR_9054, "threshold", 0xe0000, NULL },
	{ PLX_PCIHIDR_9054, "threshold", 0xf0000, "channel 1" },
	{ PLX_PCIHIDR_9080, "threshold", 0, "erratum 11" },
	{ PLX_PCIHIDR_9080, "threshold", 0xf0ff, "channel 0" },
	{ PLX_PCIHIDR_9080, "threshold", 0x0100, NULL },
	{ PLX_PCIHIDR_9056, "threshold", 0, NULL },
};

START_TEST(each_chip_takes_its_values_only)
{
	const char *name = checks[_i].field;
	struct plxdma_tuning tuning;
	struct error error = { "" };
	int result;

	tuning_init(&tuning);
	tuning_set(&tuning, tuning_find(name, strlen(name)), checks[_i].value);
	result = tuning_check(&tuning, family_find(checks[_i].hidr), &error);
	ck_assert_msg(result == (checks[_i].text ? -EINVAL : 0), "%d, %s",
		      result, error.text);
	if (checks[_i].text)
		ck_assert_msg(strstr(error.text, checks[_i].text) != NULL,
			      "%s", error.text);
}
END_TEST

START_TEST(nothing_asked_for_suits_every_chip)
{
	struct plxdma_tuning tuning;

	tuning_init(&tuning);
	ck_assert_int_eq(tuning_check(&tuning, family_find(PLX_PCIHIDR_9080),
				      NULL), 0);
}
END_TEST

Suite *tuning_suite(void)
{
	Suite *suite = suite_create("tuning");
	TCase *tcase = tcase_create("tuning");

	tcase_add_loop_test(tcase,
			    a_field_is_read_from_text_or_the_text_says_what_it_takes,
			    0, COUNT(parsed));
	tcase_add_test(tcase, a_number_ends_where_its_length_says);
	tcase_add_test(tcase, every_member_has_a_field_and_is_kept_at_first);
	tcase_add_test(tcase, merging_keeps_what_the_new_one_keeps);
	tcase_add_loop_test(tcase, each_chip_takes_its_values_only, 0,
			    COUNT(checks));
	tcase_add_test(tcase, nothing_asked_for_suits_every_chip);
	suite_add_tcase(suite, tcase);
	return suite;
}
