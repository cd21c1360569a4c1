/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a spec says, option by option. */
#include <errno.h>
#include <string.h>

#include "api/front.h"
#include "suites.h"

static const struct {
	const char *text;
	const char *rest;
	struct front_spec spec;
} good[] = {
#define DEFAULTS .arena = 64 << 20, .node = -1
	{"model:", "model:", {DEFAULTS}},
	{"daemon:adc", "daemon:adc", {DEFAULTS}},
	{"model:chip=9056,rate=132e6",
	 "model:chip=9056,rate=132e6",
	 {DEFAULTS}},
	{"model:arena=1G,chip=9080",
	 "model:chip=9080",
	 {.arena = 1 << 30, .node = -1}},
	{"daemon:adc,arena=16M", "daemon:adc", {.arena = 16 << 20, .node = -1}},
	{"model:arena=4096", "model:", {.arena = 4096, .node = -1}},
	{"model:arena=8K,sram=2M,node=0",
	 "model:sram=2M",
	 {.arena = 8192, .node = 0}},
	{"model:pages=2M", "model:", {DEFAULTS, .page_size = 2 << 20}},
	{"model:pages=1G", "model:", {DEFAULTS, .page_size = 1 << 30}},
	{"model:pages=small", "model:", {DEFAULTS, .small_pages = 1}},
	{"model:unpinned", "model:", {DEFAULTS, .unpinned = 1}},
	{"model:reset=allowed,iommu=off",
	 "model:iommu=off",
	 {DEFAULTS, .reset_allowed = 1}},
	{"model:,,iommu=on,", "model:iommu=on", {DEFAULTS}},
	/* Only whole names are ours. */
	{"model:arenas=1,pin=2", "model:arenas=1,pin=2", {DEFAULTS}},
	{"model:board.node=3", "model:board.node=3", {DEFAULTS}},
};

START_TEST(options_of_every_transport_are_taken_out)
{
	struct front_spec spec;

	ck_assert_int_eq(front_spec_parse(good[_i].text, &spec, NULL), 0);
	ck_assert_str_eq(spec.rest, good[_i].rest);
	ck_assert_uint_eq(spec.arena, good[_i].spec.arena);
	ck_assert_uint_eq(spec.page_size, good[_i].spec.page_size);
	ck_assert_int_eq(spec.small_pages, good[_i].spec.small_pages);
	ck_assert_int_eq(spec.node, good[_i].spec.node);
	ck_assert_int_eq(spec.unpinned, good[_i].spec.unpinned);
	ck_assert_int_eq(spec.reset_allowed, good[_i].spec.reset_allowed);
}
END_TEST

static const struct {
	const char *text;
	const char *mentions;
} bad[] = {
	{"", "model:OPTIONS"},
	{"model", "model:OPTIONS"},
	{"model:arena=", "arena=64M"},
	{"model:arena", "arena=64M"},
	{"model:arena=0", "arena=64M"},
	{"model:arena=-1", "arena=64M"},
	{"model:arena=1T", "arena=64M"},
	{"model:arena=1MB", "arena=64M"},
	{"model:arena=99999999999999999999", "arena=64M"},
	{"model:arena=18446744073709551615G", "arena=64M"},
	{"model:pages=4K", "pages=2M"},
	{"model:pages=huge", "pages=2M"},
	{"model:node=-1", "NUMA"},
	{"model:node=one", "NUMA"},
	{"model:node=", "NUMA"},
	{"model:node=99999", "NUMA"},
	{"model:unpinned=1", "takes no value"},
	{"model:reset=1", "reset=allowed"},
	{"model:reset", "reset=allowed"},
};

START_TEST(a_bad_option_is_named_with_what_it_takes)
{
	struct front_spec spec;
	struct error error = {""};

	ck_assert_int_eq(front_spec_parse(bad[_i].text, &spec, &error),
			 -EINVAL);
	ck_assert_msg(strstr(error.text, bad[_i].mentions), "\"%s\": \"%s\"",
		      bad[_i].text, error.text);
}
END_TEST

START_TEST(a_spec_of_any_length_is_survived)
{
	struct front_spec spec;
	struct error error;
	char text[2048];
	size_t length;

	for (length = 6; length < sizeof(text); length++) {
		int result;

		memset(text, 'x', length);
		memcpy(text, "model:", 6);
		text[length] = '\0';
		result = front_spec_parse(text, &spec, &error);
		if (length < 300)
			ck_assert_int_eq(result, 0);
		else if (length > 511)
			ck_assert_int_eq(result, -EINVAL);
	}
}
END_TEST

Suite *suite_spec(void)
{
	Suite *suite = suite_create("spec");
	TCase *tests = tcase_create("options");

	tcase_add_loop_test(tests, options_of_every_transport_are_taken_out, 0,
			    sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tests, a_bad_option_is_named_with_what_it_takes, 0,
			    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tests, a_spec_of_any_length_is_survived);
	suite_add_tcase(suite, tests);
	return suite;
}
