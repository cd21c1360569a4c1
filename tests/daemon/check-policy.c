/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of who may what, by the daemon's objects: the files, sections
 * of them, and windows. */
#include <stdlib.h>

#include "policy-suites.h"

int main(void)
{
	SRunner *runner = srunner_create(rule_suite());
	int failed;

	srunner_add_suite(runner, conf_files_suite());
	srunner_add_suite(runner, window_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
