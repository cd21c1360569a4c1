/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A second process that answers at once: what a round trip costs here without
 * us, by spinning on shared memory or by sleeping on eventfds.
 */
#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

#include <sys/types.h>

struct echo_words;

struct echo {
	struct echo_words *words;
	int there, back;		/* eventfds */
	int poller;			/* epoll descriptor with @back */
	pid_t pid;
};

/* Bound to @cpu; ends with this program at the latest. */
void echo_start_spinning(struct echo *echo, unsigned int cpu);
void echo_start_sleeping(struct echo *echo, unsigned int cpu);
void echo_end(struct echo *echo);

/* One round trip; the second with epoll_wait() before the read. */
void echo_spin(struct echo *echo);
void echo_sleep(struct echo *echo);
void echo_poll(struct echo *echo);

/* Binds this process to @cpu, or to all others if @there is 0. */
void echo_run_on(unsigned int cpu, int there);

#endif
