/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The suites of this folder's runner. */
#ifndef TESTS_DMA_SUITES_H
#define TESTS_DMA_SUITES_H

#include <check.h>

Suite *append_suite(void);
Suite *card_suite(void);
Suite *chain_suite(void);
Suite *channel_suite(void);
Suite *front_suite(void);
Suite *model_suite(void);
Suite *recorder_suite(void);
Suite *recipe_suite(void);
Suite *recipe_ends_suite(void);
Suite *recipe_polls_suite(void);
Suite *recover_suite(void);
Suite *start_suite(void);
Suite *threads_suite(void);
Suite *tuning_suite(void);
Suite *turn_suite(void);
Suite *wait_suite(void);

#endif
