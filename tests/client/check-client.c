/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the tests of src/client. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(card_suite());
	int failed;

	srunner_add_suite(runner, transfer_suite());
	srunner_add_suite(runner, waiting_suite());
	srunner_add_suite(runner, registers_suite());
	srunner_add_suite(runner, batch_suite());
	srunner_add_suite(runner, beside_suite());
	srunner_add_suite(runner, claim_suite());
	srunner_add_suite(runner, policy_suite());
	srunner_add_suite(runner, gone_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
