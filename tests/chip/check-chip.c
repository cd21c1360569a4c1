/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/chip. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(descriptor_suite());
	int failed;

	srunner_add_suite(runner, eeprom_suite());
	srunner_add_suite(runner, family_suite());
	srunner_add_suite(runner, intcsr_suite());
	srunner_add_suite(runner, mode_suite());
	srunner_add_suite(runner, recipe_suite());
	srunner_add_suite(runner, tuning_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
