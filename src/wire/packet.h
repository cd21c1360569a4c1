/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A control message as a packet with descriptors.
 */
#ifndef WIRE_PACKET_H
#define WIRE_PACKET_H

#include "message.h"

struct packet {
	struct wire_message message;
	int fds[WIRE_FDS];
	unsigned int fd_count;
	int close_fds;		/* an answer's: nobody else has them */
};

/* Where a daemon listens unless told otherwise. */
#define WIRE_SOCKET "/run/plxdma/plxdmad.sock"
/* Overrides it, for both. */
#define WIRE_SOCKET_VARIABLE "PLXDMA_SOCKET"

/* Sends header.size bytes and the descriptors, which stay the caller's. Never
 * raises SIGPIPE. Return: 0 or a negative errno; -EAGAIN if it would block. */
int packet_send(int fd, const struct packet *packet, int flags);

/*
 * Receives one packet, cut to the size of a message. Descriptors are
 * close-on-exec and the caller's; without @take_fds all are refused.
 * Return: bytes, 0 at the end, or a negative errno; -EMSGSIZE for a packet
 * that is too long.
 */
int packet_receive(int fd, struct packet *packet, int take_fds, int flags);

void packet_close_fds(struct packet *packet);

#endif
