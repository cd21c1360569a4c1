/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The suites of src/mem, one per object.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_heap(void);
Suite *suite_threads(void);
Suite *suite_translate(void);
Suite *suite_arena(void);
Suite *suite_frames(void);
Suite *suite_privilege(void);

#endif
