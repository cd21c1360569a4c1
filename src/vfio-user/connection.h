/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client's socket as messages: whole ones with their descriptors in, replies
 * out, without ever waiting for the client.
 *
 * Memory is bounded: one message, one reply, a handful of descriptors.  A
 * client that doesn't fetch its reply gets no further request served.
 */
#ifndef VFIO_USER_CONNECTION_H
#define VFIO_USER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-user/message.h"

struct connection {
	int fd;		/* -1: no client */
	size_t have;	/* of the message that is being received */
	size_t unsent, sent;
	int fds[MESSAGE_FDS];
	unsigned int fd_count;
	uint8_t *message, *reply; /* MESSAGE_MAX each */
};

/* -ENOMEM, or 0. */
int connection_init(struct connection *connection);
void connection_destroy(struct connection *connection);
/* Takes over @fd, which doesn't block. */
void connection_begin(struct connection *connection, int fd);
/* Closes it, with descriptors that nobody took. */
void connection_end(struct connection *connection);

/* Return: the size of a whole message, 0 if there is none yet, or why the
 * connection can't go on: -EPIPE (the client left), -EPROTO, -EMFILE (too many
 * descriptors), or the socket's error. */
long connection_receive(struct connection *connection);
/* The message is dealt with: its descriptors go, the next one may come. */
void connection_consume(struct connection *connection);
/* Sends @size bytes of reply, as far as they go now. 0 or why not. */
int connection_reply(struct connection *connection, size_t size);
/* The rest of it. */
int connection_flush(struct connection *connection);
static inline bool connection_busy(const struct connection *connection)
{
	return connection->sent < connection->unsent;
}

#endif
