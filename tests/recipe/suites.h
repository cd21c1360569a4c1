/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder, for their runner. */
#ifndef RECIPE_SUITES_H
#define RECIPE_SUITES_H

#include <check.h>

Suite *order_suite(void);
Suite *bounds_suite(void);

#endif
