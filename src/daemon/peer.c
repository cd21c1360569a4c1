/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SO_PEERCRED and SO_PEERGROUPS: neither asks the name service, so a slow
 * directory holds nobody up here.
 */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Most that a process can have (NGROUPS_MAX). */
#define GROUPS 65536

static int groups_read(int fd, struct peer *peer)
{
	socklen_t size = 0;

	/* The first call says how many there are. */
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) || !size)
		return 0;
	if (errno != ERANGE || size > GROUPS * sizeof(gid_t))
		return -errno;
	peer->groups = malloc(size);
	if (!peer->groups)
		return -ENOMEM;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &size)) {
		peer_clear(peer);
		return -errno;
	}
	peer->group_count = size / (unsigned int)sizeof(gid_t);
	return 0;
}

int peer_read(int fd, struct peer *peer)
{
	struct ucred who = { .pid = 0 };
	socklen_t size = sizeof(who);

	memset(peer, 0, sizeof(*peer));
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size))
		return -errno;
	peer->pid = who.pid;
	peer->uid = who.uid;
	peer->gid = who.gid;
	return groups_read(fd, peer);
}

void peer_clear(struct peer *peer)
{
	free(peer->groups);
	peer->groups = NULL;
	peer->group_count = 0;
}

int peer_in_group(const struct peer *peer, gid_t group)
{
	if (peer->gid == group)
		return 1;
	for (unsigned int i = 0; i < peer->group_count; i++) {
		if (peer->groups[i] == group)
			return 1;
	}
	return 0;
}
