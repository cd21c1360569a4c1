/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Local ranges that are denied, at their edges.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "daemon/policy.h"

static const struct {
	uint32_t local;
	uint64_t length;
	int constant;
	int expected;
} rows[] = {
	{ 0, 0, 0, 0 },
	{ 0, 0x1000, 0, 0 },
	{ 0, 0x1001, 0, -EACCES },
	{ 0xfff, 1, 0, 0 },
	{ 0xfff, 2, 0, -EACCES },
	{ 0x1000, 1, 0, -EACCES },
	{ 0x1000, 0, 0, 0 },
	{ 0x11ff, 1, 0, -EACCES },
	{ 0x1200, 1, 0, 0 },
	{ 0, UINT64_C(1) << 32, 0, -EACCES },
	{ 0x2000, (UINT64_C(1) << 32) - 0x2000, 0, 0 },
	{ 0x2000, (UINT64_C(1) << 32) - 0x1fff, 0, -ERANGE },
	{ 0xffffffff, 1, 0, 0 },
	{ 0xffffffff, 2, 0, -ERANGE },
	{ 0, UINT64_MAX, 0, -ERANGE },
	{ 0xffffffff, UINT64_MAX, 0, -ERANGE },
	{ 0xffc, 1 << 20, 1, 0 },
	{ 0x1000, 1 << 20, 1, -EACCES },
	{ 0x11fc, 1 << 20, 1, -EACCES },
	{ 0x1200, 1 << 20, 1, 0 },
	{ 0xfffffffc, 1 << 20, 1, 0 },
};

START_TEST(range_is_denied_at_its_edges)
{
	struct policy policy = { .denied.count = 0 };

	ck_assert_int_eq(policy_deny(&policy, "0x1000-0x11ff", NULL), 0);
	ck_assert_int_eq(policy_check(&policy, rows[_i].local, rows[_i].length,
				      rows[_i].constant), rows[_i].expected);
}
END_TEST

START_TEST(whole_lwords_are_denied)
{
	struct policy policy = { .denied.count = 0 };

	ck_assert_int_eq(policy_deny(&policy, "0x1001-0x1002", NULL), 0);
	ck_assert_int_eq(policy_check(&policy, 0x1000, 1, 0), -EACCES);
	ck_assert_int_eq(policy_check(&policy, 0x1003, 1, 0), -EACCES);
	ck_assert_int_eq(policy_check(&policy, 0x1004, 1, 0), 0);
	ck_assert_int_eq(policy_check(&policy, 0x0fff, 1, 0), 0);
}
END_TEST

START_TEST(ranges_add_up_to_a_limit)
{
	struct policy policy = { .denied.count = 0 };
	struct error error;

	for (int i = 0; i < RANGES; i++)
		ck_assert_int_eq(policy_deny(&policy, "16-31", &error), 0);
	ck_assert_int_eq(policy_deny(&policy, "16-31", &error), -ENOSPC);
}
END_TEST

Suite *policy_suite(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");

	tcase_add_loop_test(tcase, range_is_denied_at_its_edges, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, whole_lwords_are_denied);
	tcase_add_test(tcase, ranges_add_up_to_a_limit);
	suite_add_tcase(suite, tcase);
	return suite;
}
