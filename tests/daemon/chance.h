/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random numbers of a test program that can be had again: one sequence per
 * process, from the seed that it prints or takes. A child that is to have
 * its own begins it anew.
 */
#ifndef TESTS_DAEMON_CHANCE_H
#define TESTS_DAEMON_CHANCE_H

#include <stdint.h>

void chance_seed(uint64_t seed);
uint64_t random64(void);
/* 0 to @bound - 1 */
unsigned int below(unsigned int bound);
int one_in(unsigned int n);

#endif
