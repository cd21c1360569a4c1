/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions, over the software card.  Small pages, so that nothing
 * but the tests that say so wants hugepages or privilege.
 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(suite_spec());
	int failed;

	srunner_add_suite(runner, suite_open());
	srunner_add_suite(runner, suite_card());
	srunner_add_suite(runner, suite_memory());
	srunner_add_suite(runner, suite_registers());
	srunner_add_suite(runner, suite_irq());
	srunner_add_suite(runner, suite_channel());
	srunner_add_suite(runner, suite_transfer());
	srunner_add_suite(runner, suite_copy());
	srunner_add_suite(runner, suite_names());
	srunner_add_suite(runner, suite_board_file());
	srunner_add_suite(runner, suite_steps());
	srunner_add_suite(runner, suite_crate());
	srunner_add_suite(runner, suite_threads());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
