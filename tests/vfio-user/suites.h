/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *message_suite(void);
Suite *session_suite(void);
Suite *memory_suite(void);
Suite *interrupt_suite(void);
Suite *departure_suite(void);
Suite *program_suite(void);

#endif
