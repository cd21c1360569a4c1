/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of check-api. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_spec(void);
Suite *suite_open(void);
Suite *suite_card(void);
Suite *suite_memory(void);
Suite *suite_registers(void);
Suite *suite_irq(void);
Suite *suite_channel(void);
Suite *suite_transfer(void);
Suite *suite_copy(void);
Suite *suite_names(void);
Suite *suite_board_file(void);
Suite *suite_steps(void);
Suite *suite_crate(void);
Suite *suite_threads(void);

#endif
