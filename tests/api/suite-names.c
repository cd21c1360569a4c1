/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cards by name: what the names file makes of one, and what is wrong with it
 * told with its line. */
#include <errno.h>
#include <stdlib.h>

#include "card.h"
#include "scratch.h"
#include "suites.h"

static void names(const char *text)
{
	ck_assert_int_eq(setenv("PLXDMA_NAMES", scratch_file(text), 1), 0);
}

static const char crate[] =
	"# slots of crate 2\n"
	"\n"
	"digi0 = model:pages=small,arena=4M\n"
	"digi-1.a = model:chip=9056,pages=small,arena=4M ; the new one\n"
	"far = daemon:no-such-card\n";

START_TEST(a_name_opens_its_spec_and_is_told)
{
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_card *opened;

	names(crate);
	opened = card_open("digi-1.a");
	ck_assert_int_eq(plxdma_card_info(opened, &info), 0);
	ck_assert_str_eq(info.name, "digi-1.a");
	ck_assert_str_eq(info.chip_name, "PCI 9056");
	plxdma_close(opened);
}
END_TEST

START_TEST(a_spec_needs_no_names_file)
{
	setenv("PLXDMA_NAMES", "/nowhere/at/all", 1);
	plxdma_close(card_open("model:"));
}
END_TEST

START_TEST(names_open_beside_others)
{
	struct plxdma_card *first, *second;

	names("a = model:pages=small,arena=4M\nb = model:\n");
	first = card_open("a");
	ck_assert_int_eq(plxdma_open_beside("b", first, &second), 0);
	plxdma_close(first);
	plxdma_close(second);
}
END_TEST

static const struct {
	const char *text, *name;
	int result;
	const char *mentions;
} wrong[] = {
	{"a = model:\n", "b", -ENOENT, "b: no such name in /proc/self/fd"},
	{"", "b", -ENOENT, "Add the line \"b = SPEC\""},
	{"a = model:\n\nb = a\n", "a", -EINVAL, ":3: b = a: a name stands"},
	{"a = model:\na = model:\n", "a", -EEXIST, ":2: a is there twice"},
	{"[crate]\na = model:\n", "a", -EINVAL, ":2: [crate]: the names file"},
	{"a model\n", "a", -EINVAL, ":1: neither"},
	{"auto = model:\n", "a", -EINVAL, ":1: \"auto\": a name has"},
	{"a/b = model:\n", "a", -EINVAL, ":1: \"a/b\": a name has"},
	{"a = model:\nb =\n", "a", -EINVAL, ":2: b = : a name stands"},
	{"a = nonsense:1\n", "a", -ENOTSUP, "no such transport"},
	{"a = model:nonsense=1\n", "a", -EINVAL, "nonsense"},
	{"a = model:"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "\n", "a", -EINVAL, ":1: the line is too long"},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = model:\n",
	 "a", -EINVAL, ":1: a name is too long"},
};

START_TEST(a_wrong_names_file_is_told_with_its_line)
{
	struct plxdma_card *opened = (struct plxdma_card *)&opened;

	names(wrong[_i].text);
	check_failed_on(NULL, plxdma_open(wrong[_i].name, &opened),
			wrong[_i].result, wrong[_i].mentions);
	ck_assert_ptr_null(opened);
}
END_TEST

static const struct {
	const char *path;
	int result;
	const char *mentions;
} files[] = {
	{"/nowhere/at/all", -ENOENT, "no such name in /nowhere/at/all"},
	{"/proc/self", -EIO, "is it a file"},
	{"/proc/self/mem", -EIO, "can't be read"},
};

START_TEST(a_names_file_that_is_none_is_told)
{
	struct plxdma_card *opened;

	setenv("PLXDMA_NAMES", files[_i].path, 1);
	check_failed_on(NULL, plxdma_open("digi0", &opened), files[_i].result,
			files[_i].mentions);
}
END_TEST

Suite *suite_names(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("names");

	tcase_add_test(tcase, a_name_opens_its_spec_and_is_told);
	tcase_add_test(tcase, a_spec_needs_no_names_file);
	tcase_add_test(tcase, names_open_beside_others);
	tcase_add_loop_test(tcase, a_wrong_names_file_is_told_with_its_line, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_loop_test(tcase, a_names_file_that_is_none_is_told, 0,
			    sizeof(files) / sizeof(files[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
