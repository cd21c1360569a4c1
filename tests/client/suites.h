/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder's runner. */
#ifndef TESTS_CLIENT_SUITES_H
#define TESTS_CLIENT_SUITES_H

#include <check.h>

Suite *batch_suite(void);
Suite *beside_suite(void);
Suite *card_suite(void);
Suite *claim_suite(void);
Suite *gone_suite(void);
Suite *policy_suite(void);
Suite *registers_suite(void);
Suite *transfer_suite(void);
Suite *waiting_suite(void);

#endif
