/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdmad of one's own: a child on a private socket in a directory of its
 * own, with the card "a". Everything is gone when it is stopped.
 */
#ifndef TESTS_DAEMON_FIXTURE_H
#define TESTS_DAEMON_FIXTURE_H

#include <sys/types.h>

struct fixture {
	pid_t pid;
	char directory[64];
	char socket[96];
	char log[96];
};

/* @card: spec of the card "a"; @more: further arguments, NULL at the end, or
 * NULL. @program: NULL for plxdmad as built. Sets $PLXDMA_SOCKET. 0, or -1 if
 * it doesn't come up (its log is printed then). */
int fixture_start(struct fixture *fixture, const char *program,
		  const char *card, const char *const *more);
/* After its end: another one on the same socket. Isn't waited for. */
void fixture_again(struct fixture *fixture, const char *program,
		   const char *card, const char *const *more);
/* SIGTERM; returns its exit status, or -1 if it died otherwise. */
int fixture_stop(struct fixture *fixture);
int fixture_alive(const struct fixture *fixture);
void fixture_print_log(const struct fixture *fixture);

/* Becomes a daemon, from its first argument (after its name) on; ends with 127 if
 * it can't. PLXDMA_DAEMON_WRAPPER, words between spaces, is put before it: the
 * one way to have all daemons of the tests in a sandbox. */
_Noreturn void fixture_exec(const char *program, char *const *arguments);

/* Sanitizers keep what was freed, and say themselves what leaks. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FIXTURE_MEMORY_TELLS 0
#else
#define FIXTURE_MEMORY_TELLS 1
#endif
/* Open descriptors of the daemon; its resident memory in KiB, without that of
 * files, which the kernel takes and gives as it likes. */
int fixture_fds(const struct fixture *fixture);
long fixture_anonymous(const struct fixture *fixture);
/* That of files alone: its program and libraries. */
long fixture_files(const struct fixture *fixture);
/* Hugepages that it has mapped, in KiB. */
long fixture_hugepages(const struct fixture *fixture);

/* Hugepages of 2 MiB that are free and not promised to anybody. */
long hugepages_unreserved(void);
/* Waits until there are as many, for other tests may have them: 1, or 0 if the
 * machine has no such number, or nobody gave any back in a minute. */
int hugepages_wait(long wanted);

/* Sleeps that are long enough for anything that is due at once. */
void settle(unsigned int milliseconds);

#endif
