/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The filters of system calls that a unit asks for, as systemd makes them: one
 * for each directive, all of them in force.
 */
#ifndef TESTS_DAEMON_SANDBOX_CALLS_H
#define TESTS_DAEMON_SANDBOX_CALLS_H

#include "sandbox-groups.h"
#include "sandbox-unit.h"

/* 0 or a negative errno. Wants NO_NEW_PRIVS; nothing but execve() should follow. */
int calls_filter(struct unit *unit, const struct groups *groups);

#endif
