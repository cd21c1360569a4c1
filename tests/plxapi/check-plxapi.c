/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PLX SDK's calls, over the software card in this process and over a
 * plxdmad of the test's own.  Each call succeeds, and each error that the SDK
 * documents for it is made to happen; PLX_STATUS_LOW_POWER never does, since
 * these cards have no such state.
 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(suite_find());
	int failed;

	srunner_add_suite(runner, suite_bar());
	srunner_add_suite(runner, suite_registers());
	srunner_add_suite(runner, suite_channel());
	srunner_add_suite(runner, suite_transfer());
	srunner_add_suite(runner, suite_memory());
	srunner_add_suite(runner, suite_notify());
	srunner_add_suite(runner, suite_daemon());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
