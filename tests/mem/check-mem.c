/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory: heap, translation, arenas.  Arenas want hugepages; the program takes
 * them where it is root and gives them back.
 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(suite_heap());
	int failed;

	srunner_add_suite(runner, suite_threads());
	srunner_add_suite(runner, suite_translate());
	srunner_add_suite(runner, suite_arena());
	srunner_add_suite(runner, suite_frames());
	srunner_add_suite(runner, suite_privilege());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
