/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to plxdmad: one request, one answer, any thread.
 */
#ifndef CLIENT_CONNECTION_H
#define CLIENT_CONNECTION_H

#include <pthread.h>

#include "error/error.h"
#include "wire/packet.h"

struct connection {
	int fd;
	pthread_mutex_t lock;
	uint32_t sequence;
	char path[108];
};

/* @path: NULL for the default. */
int connection_open(const char *path, struct connection *connection,
		    struct error *error);
void connection_close(struct connection *connection);

/* Starts a request; the caller fills its body. */
void connection_request(struct packet *packet, enum wire_type type);
/*
 * Sends it and receives its answer into the same packet. Descriptors of the
 * answer are the caller's; there are exactly @fds of them.
 * Return: 0, what the daemon answered (with its text), or -ENODEV if it went
 * away.
 */
int connection_ask(struct connection *connection, struct packet *packet,
		   unsigned int fds, struct error *error);

/* Is the daemon still there? */
int connection_alive(const struct connection *connection);
/* Says so if it isn't. Returns -ENODEV. */
int connection_gone(const struct connection *connection, struct error *error);

#endif
