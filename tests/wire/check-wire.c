/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/wire. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(message_suite());
	int failed;

	srunner_add_suite(runner, packet_suite());
	srunner_add_suite(runner, published_suite());
	srunner_add_suite(runner, request_suite());
	srunner_add_suite(runner, ring_suite());
	srunner_add_suite(runner, batch_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
