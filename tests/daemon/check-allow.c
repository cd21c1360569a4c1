/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of who may what, as programs see it: each rule, users and
 * groups, and files that are read again. */
#include <stdlib.h>

#include "policy-suites.h"

int main(void)
{
	SRunner *runner = srunner_create(allow_suite());
	int failed;

	srunner_add_suite(runner, who_suite());
	srunner_add_suite(runner, reload_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
