/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runner: how programs use a card, what it costs, and how they misuse it. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(queues_suite());
	int failed;

	srunner_add_suite(runner, costs_suite());
	srunner_add_suite(runner, misuse_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
