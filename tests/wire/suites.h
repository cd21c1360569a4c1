/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder's runner. */
#ifndef TESTS_WIRE_SUITES_H
#define TESTS_WIRE_SUITES_H

#include <check.h>

Suite *batch_suite(void);
Suite *message_suite(void);
Suite *packet_suite(void);
Suite *published_suite(void);
Suite *request_suite(void);
Suite *ring_suite(void);

#endif
