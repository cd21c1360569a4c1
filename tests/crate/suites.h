/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder, for their runner. */
#ifndef CRATE_SUITES_H
#define CRATE_SUITES_H

#include <check.h>

Suite *threads_suite(void);
Suite *fork_suite(void);

#endif
