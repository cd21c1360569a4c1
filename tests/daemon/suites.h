/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder's runner. */
#ifndef TESTS_DAEMON_SUITES_H
#define TESTS_DAEMON_SUITES_H

#include <check.h>

Suite *claim_suite(void);
Suite *control_suite(void);
Suite *copy_suite(void);
Suite *death_suite(void);
Suite *guard_suite(void);
Suite *listener_suite(void);
Suite *policy_suite(void);
Suite *program_suite(void);
Suite *reach_suite(void);
Suite *service_suite(void);
Suite *settings_suite(void);
Suite *shares_suite(void);
Suite *shortage_suite(void);
Suite *stop_suite(void);
Suite *told_suite(void);
Suite *trains_suite(void);
Suite *turns_suite(void);

#endif
