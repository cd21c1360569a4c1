/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The suites of check-model, one file each.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_registers(void);
Suite *suite_access(void);

#endif
