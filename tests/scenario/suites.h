/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder, for their runners. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *faults_suite(void);
Suite *endings_suite(void);
Suite *misuse_suite(void);
Suite *queues_suite(void);
Suite *costs_suite(void);

#endif
