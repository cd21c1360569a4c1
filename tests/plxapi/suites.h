/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One suite a file. */
#ifndef TESTS_PLXAPI_SUITES_H
#define TESTS_PLXAPI_SUITES_H

#include <check.h>

Suite *suite_find(void);
Suite *suite_bar(void);
Suite *suite_registers(void);
Suite *suite_channel(void);
Suite *suite_transfer(void);
Suite *suite_memory(void);
Suite *suite_notify(void);
Suite *suite_daemon(void);

#endif
