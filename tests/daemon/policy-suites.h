/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of check-policy and check-allow. */
#ifndef TESTS_DAEMON_POLICY_SUITES_H
#define TESTS_DAEMON_POLICY_SUITES_H

#include <check.h>

Suite *allow_suite(void);
Suite *conf_files_suite(void);
Suite *reload_suite(void);
Suite *rule_suite(void);
Suite *who_suite(void);
Suite *window_suite(void);

#endif
