/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The suites of check-boards, one file each.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_digitizer(void);
Suite *suite_line(void);
Suite *suite_digitizer_card(void);
Suite *suite_example(void);
Suite *suite_sequencer(void);
Suite *suite_sequencer_card(void);

#endif
