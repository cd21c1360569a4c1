/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/dma's driver. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(card_suite());
	int failed;

	srunner_add_suite(runner, append_suite());
	srunner_add_suite(runner, chain_suite());
	srunner_add_suite(runner, channel_suite());
	srunner_add_suite(runner, front_suite());
	srunner_add_suite(runner, model_suite());
	srunner_add_suite(runner, recorder_suite());
	srunner_add_suite(runner, recipe_suite());
	srunner_add_suite(runner, recipe_ends_suite());
	srunner_add_suite(runner, recipe_polls_suite());
	srunner_add_suite(runner, recover_suite());
	srunner_add_suite(runner, start_suite());
	srunner_add_suite(runner, threads_suite());
	srunner_add_suite(runner, tuning_suite());
	srunner_add_suite(runner, turn_suite());
	srunner_add_suite(runner, wait_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
