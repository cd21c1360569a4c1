/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/daemon. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(settings_suite());
	int failed;

	srunner_add_suite(runner, policy_suite());
	srunner_add_suite(runner, reach_suite());
	srunner_add_suite(runner, claim_suite());
	srunner_add_suite(runner, shares_suite());
	srunner_add_suite(runner, listener_suite());
	srunner_add_suite(runner, guard_suite());
	srunner_add_suite(runner, program_suite());
	srunner_add_suite(runner, control_suite());
	srunner_add_suite(runner, trains_suite());
	srunner_add_suite(runner, turns_suite());
	srunner_add_suite(runner, stop_suite());
	srunner_add_suite(runner, told_suite());
	srunner_add_suite(runner, copy_suite());
	srunner_add_suite(runner, death_suite());
	srunner_add_suite(runner, service_suite());
	srunner_add_suite(runner, shortage_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
