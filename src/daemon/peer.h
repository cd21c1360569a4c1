/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is at the other end of a connection, as the kernel says: what it was
 * when it connected.
 */
#ifndef DAEMON_PEER_H
#define DAEMON_PEER_H

#include <sys/types.h>

struct peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	gid_t *groups;			/* the supplementary ones */
	unsigned int group_count;
};

/* 0 or a negative errno; then nothing has to be cleared. */
int peer_read(int fd, struct peer *peer);
void peer_clear(struct peer *peer);
int peer_in_group(const struct peer *peer, gid_t group);

#endif
