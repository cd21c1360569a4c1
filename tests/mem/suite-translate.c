/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "suites.h"

#include <stdint.h>

#include "mem/arena.h"
#include "mem/translate.h"

#define SHIFT 21
#define PAGE (UINT64_C(1) << SHIFT)

/* Three runs: two pages, one page that goes down, three pages. */
static const uint64_t bus[] = {
	0x100000000, 0x100000000 + PAGE, 0xc0000000,
	0x300000000, 0x300000000 + PAGE, 0x300000000 + 2 * PAGE,
};
#define PAGES (sizeof(bus) / sizeof(bus[0]))

static struct translate translate;

static void setup(void)
{
	ck_assert_int_eq(translate_init(&translate, bus, PAGES, SHIFT), 0);
}

static void teardown(void)
{
	translate_destroy(&translate);
}

START_TEST(interior_bytes_translate_to_their_own_bus_address)
{
	static const uint64_t inside[] = { 0, 1, 63, 4095, 4096, PAGE / 2,
					   PAGE - 1 };
	size_t page, i;

	for (page = 0; page < PAGES; page++)
		for (i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
			ck_assert_uint_eq(translate_bus(&translate,
				page * PAGE + inside[i], NULL),
				bus[page] + inside[i]);
}
END_TEST

START_TEST(what_is_left_ends_with_the_run)
{
	static const uint64_t end[PAGES] = { 2, 2, 3, 6, 6, 6 };
	uint64_t left;
	size_t page;

	for (page = 0; page < PAGES; page++) {
		translate_bus(&translate, page * PAGE + 5, &left);
		ck_assert_uint_eq(left, (end[page] - page) * PAGE - 5);
	}
}
END_TEST

START_TEST(an_offset_outside_is_an_error)
{
	uint64_t left = 77;

	ck_assert_uint_eq(translate_bus(&translate, PAGES * PAGE, &left),
			  TRANSLATE_NONE);
	ck_assert_uint_eq(translate_bus(&translate, UINT64_MAX, &left),
			  TRANSLATE_NONE);
	ck_assert_uint_eq(left, 77);
}
END_TEST

START_TEST(after_destroy_nothing_translates)
{
	translate_destroy(&translate);
	ck_assert_uint_eq(translate_bus(&translate, 0, NULL), TRANSLATE_NONE);
}
END_TEST

START_TEST(the_longest_run_is_counted_in_ascending_neighbours)
{
	static const struct {
		uint64_t bus[5];
		size_t pages, longest, runs;
	} cases[] = {
		{ { 0 }, 0, 0, 0 },
		{ { 7 * PAGE }, 1, 1, 1 },
		{ { PAGE, 2 * PAGE, 3 * PAGE }, 3, 3, 1 },
		{ { 3 * PAGE, 2 * PAGE, PAGE }, 3, 1, 3 },
		{ { 0, 0, 0 }, 3, 1, 3 },
		{ { PAGE, 3 * PAGE, 4 * PAGE, 9 * PAGE, 10 * PAGE }, 5, 2, 3 },
	};
	size_t i, runs;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_uint_eq(arena_longest_run(cases[i].bus,
			cases[i].pages, PAGE, &runs), cases[i].longest);
		ck_assert_uint_eq(runs, cases[i].runs);
		ck_assert_uint_eq(arena_longest_run(cases[i].bus,
			cases[i].pages, PAGE, NULL), cases[i].longest);
	}
}
END_TEST

Suite *suite_translate(void)
{
	Suite *suite = suite_create("translate");
	TCase *tcase = tcase_create("translate");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
		interior_bytes_translate_to_their_own_bus_address);
	tcase_add_test(tcase, what_is_left_ends_with_the_run);
	tcase_add_test(tcase, an_offset_outside_is_an_error);
	tcase_add_test(tcase, after_destroy_nothing_translates);
	tcase_add_test(tcase,
		the_longest_run_is_counted_in_ascending_neighbours);
	suite_add_tcase(suite, tcase);
	return suite;
}
