/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams, through both doors. */
#include <stdlib.h>

#include "rig.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_setup());
	int failed;

	srunner_add_suite(runner, suite_slow());
	srunner_add_suite(runner, suite_ends());
	srunner_add_suite(runner, suite_armed());
	srunner_add_suite(runner, suite_observers());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
