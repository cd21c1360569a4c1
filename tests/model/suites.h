/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The suites of check-model, one file each.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_registers(void);
Suite *suite_access(void);
Suite *suite_config(void);
Suite *suite_space(void);
Suite *suite_messaging(void);
Suite *suite_queue(void);
Suite *suite_block(void);
Suite *suite_start(void);
Suite *suite_localbus(void);
Suite *suite_eot(void);
Suite *suite_chain(void);
Suite *suite_descriptor(void);
Suite *suite_abort(void);
Suite *suite_recovery(void);
Suite *suite_interrupt(void);
Suite *suite_routing(void);
Suite *suite_eeprom(void);
Suite *suite_vpd(void);
Suite *suite_reset(void);
Suite *suite_bus(void);
Suite *suite_posting(void);
Suite *suite_memory(void);
Suite *suite_board(void);
Suite *suite_fault(void);
Suite *suite_violation(void);
Suite *suite_open(void);
Suite *suite_pins(void);
Suite *suite_switch(void);
Suite *suite_trace(void);
Suite *suite_share(void);
Suite *suite_timing(void);

#endif
