/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The boards that come with the library.
 */
#include <stdlib.h>

#include "suites.h"

static Suite *(*const suites[])(void) = {
	suite_digitizer, suite_line,	       suite_digitizer_card,
	suite_sequencer, suite_sequencer_card, suite_example,
};

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	unsigned int i;
	int failed;

	for (i = 0; i < sizeof(suites) / sizeof(*suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
