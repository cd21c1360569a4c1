/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conformance of the software card to the chip reference.
 */
#include <stdlib.h>

#include "suites.h"

static Suite *(*const suites[])(void) = {
	suite_registers, suite_access,	 suite_config,	  suite_space,
	suite_messaging, suite_queue,	 suite_block,	  suite_start,
	suite_localbus,	 suite_eot,	 suite_chain,	  suite_descriptor,
	suite_abort,	 suite_recovery, suite_interrupt, suite_routing,
	suite_eeprom,	 suite_vpd,	 suite_reset,	  suite_bus,
	suite_posting,	 suite_memory,	 suite_board,	  suite_fault,
	suite_violation, suite_open,	 suite_pins,	  suite_switch,
	suite_trace,	 suite_share,	 suite_timing,
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
