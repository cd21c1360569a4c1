/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/vfio-user. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(message_suite());
	int failed;

	srunner_add_suite(runner, session_suite());
	srunner_add_suite(runner, memory_suite());
	srunner_add_suite(runner, interrupt_suite());
	srunner_add_suite(runner, departure_suite());
	srunner_add_suite(runner, program_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
