/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runner: threads and forks over a crate of thirteen cards. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(threads_suite());
	int failed;

	srunner_add_suite(runner, fork_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
