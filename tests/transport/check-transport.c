/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transports: the interrupt handler over a card made of plain variables, whose
 * every register access is written down, the software card, and the kernel stub,
 * of plain variables as well.
 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(suite_interrupt());
	int failed;

	srunner_add_suite(runner, suite_control());
	srunner_add_suite(runner, suite_model());
	srunner_add_suite(runner, suite_memory());
	srunner_add_suite(runner, suite_uio());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
