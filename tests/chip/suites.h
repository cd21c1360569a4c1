/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder's runner. */
#ifndef TESTS_CHIP_SUITES_H
#define TESTS_CHIP_SUITES_H

#include <check.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Suite *descriptor_suite(void);
Suite *eeprom_suite(void);
Suite *family_suite(void);
Suite *intcsr_suite(void);
Suite *mode_suite(void);
Suite *recipe_suite(void);
Suite *tuning_suite(void);

#endif
