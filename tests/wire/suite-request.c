/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a submission may say: each field by itself at its bounds.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "wire/request.h"

#define SIZE UINT64_C(0x200000)

/* What differs from a request that is right. */
struct row {
	const char *why;
	struct wire_submission entry;
	int expected;
};

static const struct row rows[] = {
	{ "nothing", { 0 }, 0 },
	{ "whole arena", { .length = SIZE }, 0 },
	{ "nothing at the end", { .offset = SIZE }, 0 },
	{ "one too long", { .length = SIZE + 1 }, -ERANGE },
	{ "one too far", { .offset = SIZE, .length = 1 }, -ERANGE },
	{ "beyond the end", { .offset = SIZE + 1 }, -ERANGE },
	{ "sum wraps", { .offset = 4096, .length = UINT64_MAX - 4095 },
	  -ERANGE },
	{ "sum wraps to inside", { .offset = UINT64_MAX, .length = 2 },
	  -ERANGE },
	{ "sign bit", { .offset = UINT64_C(1) << 63 }, -ERANGE },
	{ "last slot", { .slot = WIRE_SLOTS - 1 }, 0 },
	{ "slot", { .slot = WIRE_SLOTS }, -EINVAL },
	{ "negative slot", { .slot = UINT32_MAX }, -EINVAL },
	{ "to card", { .direction = PLXDMA_TO_CARD }, 0 },
	{ "direction", { .direction = 2 }, -EINVAL },
	{ "chain", { .form = PLXDMA_FORM_CHAIN }, 0 },
	{ "form", { .form = 4 }, -EINVAL },
	{ "last mode", { .mode = WIRE_MODES - 1 }, 0 },
	{ "mode", { .mode = WIRE_MODES }, -EINVAL },
	{ "spins", { .flags = WIRE_SPINS }, 0 },
	{ "flags", { .flags = 8 }, -EINVAL },
	{ "recipe", { .flags = WIRE_RECIPE }, 0 },
	{ "last recipe", { .flags = WIRE_RECIPE, .recipe = WIRE_RECIPES - 1 },
	  0 },
	{ "recipe number", { .flags = WIRE_RECIPE, .recipe = WIRE_RECIPES },
	  -EINVAL },
	{ "recipe number without one", { .recipe = 1 }, -EINVAL },
	{ "op", { .op = WIRE_OPS }, -EINVAL },
	{ "status with a submit", { .status = PLXDMA_CANCELLED }, -EINVAL },
	{ "cancel", { .op = WIRE_CANCEL, .status = PLXDMA_CANCELLED }, 0 },
	{ "cancel gently", { .op = WIRE_CANCEL, .status = PLXDMA_RUNNING }, 0 },
	{ "cancel late", { .op = WIRE_CANCEL, .status = PLXDMA_TIMED_OUT }, 0 },
	{ "cancel as done", { .op = WIRE_CANCEL, .status = PLXDMA_DONE },
	  -EINVAL },
	{ "cancel as reset", { .op = WIRE_CANCEL, .status = PLXDMA_RESET },
	  -EINVAL },
	{ "release", { .op = WIRE_RELEASE }, 0 },
	{ "list", { .flags = WIRE_SEGMENTED, .segment_count = WIRE_SEGMENTS },
	  0 },
	{ "list at the end", { .flags = WIRE_SEGMENTED,
	  .segment_first = WIRE_SEGMENTS - 1, .segment_count = 1 }, 0 },
	{ "empty list", { .flags = WIRE_SEGMENTED }, -EINVAL },
	{ "long list", { .flags = WIRE_SEGMENTED,
	  .segment_count = WIRE_SEGMENTS + 1 }, -EINVAL },
	{ "list over the end", { .flags = WIRE_SEGMENTED,
	  .segment_first = WIRE_SEGMENTS - 1, .segment_count = 2 }, -EINVAL },
	{ "list that wraps", { .flags = WIRE_SEGMENTED,
	  .segment_first = UINT32_MAX, .segment_count = 2 }, -EINVAL },
	{ "list and offset", { .flags = WIRE_SEGMENTED, .segment_count = 1,
	  .offset = 1 }, -EINVAL },
	{ "list and length", { .flags = WIRE_SEGMENTED, .segment_count = 1,
	  .length = 1 }, -EINVAL },
	{ "list and local", { .flags = WIRE_SEGMENTED, .segment_count = 1,
	  .local = 1 }, -EINVAL },
	{ "range and list", { .segment_count = 1 }, -EINVAL },
	{ "range and first", { .segment_first = 1 }, -EINVAL },
	{ "first reserved", { .reserved = { 1 } }, -EINVAL },
	{ "last reserved", { .reserved = { [16] = 1 } }, -EINVAL },
};

START_TEST(every_number_is_checked_at_its_bounds)
{
	const struct row *row = &rows[_i];
	int result = wire_submission_check(&row->entry, SIZE);

	ck_assert_msg(result == row->expected, "%s: %d instead of %d",
		      row->why, result, row->expected);
}
END_TEST

START_TEST(without_an_arena_only_nothing_is_inside)
{
	struct wire_submission entry = { 0 };

	ck_assert_int_eq(wire_submission_check(&entry, 0), 0);
	entry.length = 1;
	ck_assert_int_eq(wire_submission_check(&entry, 0), -ERANGE);
}
END_TEST

START_TEST(each_piece_lies_in_the_arena)
{
	struct wire_segment list[3] = {
		{ .offset = 0, .length = 8 },
		{ .offset = SIZE - 8, .length = 8 },
		{ .offset = SIZE, .length = 0 },
	};

	ck_assert_int_eq(wire_segments_check(list, 3, SIZE), 0);
	list[2].length = 1;
	ck_assert_int_eq(wire_segments_check(list, 3, SIZE), -ERANGE);
	ck_assert_int_eq(wire_segments_check(list, 2, SIZE), 0);
	list[0].offset = UINT64_MAX - 3;
	ck_assert_int_eq(wire_segments_check(list, 2, SIZE), -ERANGE);
}
END_TEST

START_TEST(same_means_every_number_of_the_transfer)
{
	struct wire_submission a, b;

	memset(&a, 0, sizeof(a));
	b = a;
	b.cookie = 1;
	b.op = WIRE_PREPARE;
	ck_assert(wire_submission_same(&a, &b));
#define DIFFERS(field) \
	do { b = a; b.field = 1; ck_assert(!wire_submission_same(&a, &b)); \
	} while (0)
	DIFFERS(offset);
	DIFFERS(length);
	DIFFERS(local);
	DIFFERS(segment_first);
	DIFFERS(segment_count);
	DIFFERS(direction);
	DIFFERS(form);
	DIFFERS(mode);
	DIFFERS(flags);
	DIFFERS(recipe);
}
END_TEST

Suite *request_suite(void)
{
	Suite *suite = suite_create("request");
	TCase *tcase = tcase_create("request");

	tcase_add_loop_test(tcase, every_number_is_checked_at_its_bounds, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, without_an_arena_only_nothing_is_inside);
	tcase_add_test(tcase, each_piece_lies_in_the_arena);
	tcase_add_test(tcase, same_means_every_number_of_the_transfer);
	suite_add_tcase(suite, tcase);
	return suite;
}
