/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register ranges that clients may read and write, at their edges.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "daemon/reach.h"

static struct reach reach;
static struct error error;

static void set_up(void)
{
	memset(&reach, 0, sizeof(reach));
	error.text[0] = 0;
}

static int may(enum plxdma_step_op op, enum plxdma_space space,
	       uint32_t offset, unsigned int width, int owns)
{
	const struct plxdma_step step = {
		.op = (uint8_t)op,
		.space = (uint8_t)space,
		.width = (uint8_t)width,
		.offset = offset,
	};

	return reach_check(&reach, &step, owns, &error);
}

START_TEST(without_lists_everything_is_allowed)
{
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_CHIP, 0, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR3, 0xfffffffc,
			     32, 0), 0);
}
END_TEST

START_TEST(range_is_allowed_to_its_edges)
{
	ck_assert_int_eq(reach_allow(&reach.read, "read",
				     "bar2 0x10-0x1f, bar3 ,config 4-4",
				     &error), 0);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR2, 0x10, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_POLL, PLXDMA_SPACE_BAR2, 0x1c, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR2, 0x0c, 32, 0),
			 -EACCES);
	ck_assert(strstr(error.text, "read="));
	ck_assert_int_eq(may(PLXDMA_STEP_POLL, PLXDMA_SPACE_BAR2, 0x20, 8, 0),
			 -EACCES);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR3, 0xffffffff, 8,
			     0), 0);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_CONFIG, 4, 8, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_CONFIG, 4, 16, 0),
			 -EACCES);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_CHIP, 0x10, 32, 0),
			 -EACCES);
	/* Lists are apart. */
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_CHIP, 0x10, 32,
			     0), 0);
}
END_TEST

START_TEST(neighbouring_ranges_are_one)
{
	ck_assert_int_eq(reach_allow(&reach.write, "write",
				     "bar2 0-1, bar2 2-2", &error), 0);
	ck_assert_int_eq(reach_allow(&reach.write, "write", "bar2 3-3",
				     &error), 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 4, 8, 1),
			 -EACCES);
	ck_assert(strstr(error.text, "write="));
}
END_TEST

START_TEST(none_allows_nothing)
{
	ck_assert_int_eq(reach_allow(&reach.write, "write", "none", &error),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0, 32, 1),
			 -EACCES);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR2, 0, 32, 0),
			 0);
}
END_TEST

START_TEST(some_writes_need_the_claim)
{
	ck_assert_int_eq(reach_allow(&reach.claim_write, "claim-write",
				     "bar2 0x10-0x1f", &error), 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x10, 32, 0),
			 -EPERM);
	ck_assert(strstr(error.text, "plxdma_claim()"));
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x1f, 8, 0),
			 -EPERM);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x10, 32, 1),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x20, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_READ, PLXDMA_SPACE_BAR2, 0x10, 32, 0),
			 0);
	/* With a list of writes, the two together are all there is. */
	ck_assert_int_eq(reach_allow(&reach.write, "write", "bar2 0x0-0xf",
				     &error), 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x10, 32, 1),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0xc, 32, 0),
			 0);
	ck_assert_int_eq(may(PLXDMA_STEP_WRITE, PLXDMA_SPACE_BAR2, 0x20, 32, 1),
			 -EACCES);
}
END_TEST

static const char *const wrong[] = {
	"", "bar1 0-3", "bar2 0", "bar2 0-", "bar2 4-3", "bar2 0-0x100000000",
	"bar2 -1-3", "bar2 0-3,", ",", "bar2 0-3 bar3 0-3", "bar2 0-3;",
	"bar2 x-y", "bar22 0-3", "none, bar2", "bar2 0 - 3",
};

START_TEST(what_is_no_list_is_refused)
{
	ck_assert_int_eq(reach_allow(&reach.read, "read", wrong[_i], &error),
			 -EINVAL);
	ck_assert(strstr(error.text, "read="));
}
END_TEST

START_TEST(ranges_are_bounded)
{
	for (int i = 0; i < RANGES; i++)
		ck_assert_int_eq(reach_allow(&reach.read, "read", "bar2 1-1",
					     &error), 0);
	ck_assert_int_eq(reach_allow(&reach.read, "read", "bar2 1-1", &error),
			 -ENOSPC);
}
END_TEST

Suite *reach_suite(void)
{
	Suite *suite = suite_create("reach");
	TCase *tcase = tcase_create("reach");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, without_lists_everything_is_allowed);
	tcase_add_test(tcase, range_is_allowed_to_its_edges);
	tcase_add_test(tcase, neighbouring_ranges_are_one);
	tcase_add_test(tcase, none_allows_nothing);
	tcase_add_test(tcase, some_writes_need_the_claim);
	tcase_add_loop_test(tcase, what_is_no_list_is_refused, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tcase, ranges_are_bounded);
	suite_add_tcase(suite, tcase);
	return suite;
}
