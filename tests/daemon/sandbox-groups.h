/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * systemd's groups of system calls, such as @system-service, as the program
 * `systemd-analyze syscall-filter` prints them: its own, not our idea of them.
 */
#ifndef TESTS_DAEMON_SANDBOX_GROUPS_H
#define TESTS_DAEMON_SANDBOX_GROUPS_H

#define CALLS 1024		/* more than there are numbers of calls */

struct groups {
	char *text;
};

struct call_set {
	char allowed[CALLS];
};

/* 0 or a negative errno. */
int groups_read(struct groups *groups, const char *path);
void groups_free(struct groups *groups);
/* A call or, with an @, a group and those in it: into the set or out of it.
 * 0, or -ENOENT if there is no such name. */
int groups_apply(const struct groups *groups, const char *name, int allow,
		 struct call_set *set);

#endif
