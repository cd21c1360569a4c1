/* SPDX-License-Identifier: MIT */
/* The counting pass: system calls per transfer, by ptrace. */
#ifndef THROUGHPUT_SYSCALLS_H
#define THROUGHPUT_SYSCALLS_H

#include "throughput.h"

/*
 * Fills in row->syscalls of every row. No card may be open in this process:
 * the pass forks. @notice receives why a count is missing, "" if none is.
 */
void syscalls_count(struct plan *plan, char notice[240]);

#endif
