/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon of the test's own, on a socket of its own. */
#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include <sys/types.h>

struct daemon_child {
	pid_t pid;
	char directory[64];
};

/* Starts plxdmad with one card and waits until it answers; this process's
 * clients then find it.  Return: 0 or a negative errno. */
int daemon_child_start(struct daemon_child *child, const char *name,
		       const char *spec);
/* Ends it and waits; nothing to do if it was never started. */
void daemon_child_stop(struct daemon_child *child);

#endif
