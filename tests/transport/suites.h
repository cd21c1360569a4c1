/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of check-transport. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_interrupt(void);
Suite *suite_control(void);
Suite *suite_model(void);
Suite *suite_memory(void);
Suite *suite_uio(void);

#endif
