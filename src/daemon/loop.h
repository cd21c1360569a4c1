/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon sleeps on: descriptors, and who is told of each.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdint.h>

/* Part of whoever is told; fd is its own. */
struct source {
	int fd;
	void (*ready)(struct source *source);
};

int loop_new(void);
int loop_add(int loop, struct source *source);
void loop_remove(int loop, const struct source *source);
/* Sleeps up to @timeout_ns and tells whose descriptors are readable or hung
 * up. Returns how many. */
int loop_wait(int loop, uint64_t timeout_ns);

/* CLOCK_MONOTONIC in ns. */
uint64_t loop_now(void);

#endif
