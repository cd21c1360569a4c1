/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to plxdmad. Answers come in the order of the requests, so a
 * lock around a request and its answer is all that many threads need.
 */
#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *default_path(void)
{
	const char *path = secure_getenv(WIRE_SOCKET_VARIABLE);

	return path && *path ? path : WIRE_SOCKET;
}

static int cannot_connect(const char *path, int err, struct error *error)
{
	if (err == -EACCES)
		return error_set(error, err, "%s: you may not connect to "
				 "plxdmad: ask to be in the group of that "
				 "socket", path);
	if (err == -ENOENT || err == -ECONNREFUSED)
		return error_set(error, err, "%s: no plxdmad listens there: "
				 "start it, or name its socket with "
				 "socket=PATH or %s", path,
				 WIRE_SOCKET_VARIABLE);
	return error_set(error, err, "%s: can't connect to plxdmad: %s", path,
			 strerror(-err));
}

static int greet(struct connection *connection, struct error *error)
{
	struct packet packet;

	connection_request(&packet, WIRE_HELLO);
	packet.message.hello.version = WIRE_VERSION;
	return connection_ask(connection, &packet, 0, error);
}

int connection_open(const char *path, struct connection *connection,
		    struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int err;

	if (!path)
		path = default_path();
	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, -ENAMETOOLONG, "socket=%s: too long a "
				 "path", path);
	strcpy(address.sun_path, path);
	strcpy(connection->path, path);
	connection->sequence = 0;
	connection->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		return error_set(error, -errno, "can't make a socket: %s",
				 strerror(errno));
	if (connect(connection->fd, (const struct sockaddr *)&address,
		    sizeof(address))) {
		err = cannot_connect(path, -errno, error);
		close(connection->fd);
		return err;
	}
	pthread_mutex_init(&connection->lock, NULL);
	err = greet(connection, error);
	if (err)
		connection_close(connection);
	return err;
}

void connection_close(struct connection *connection)
{
	pthread_mutex_destroy(&connection->lock);
	close(connection->fd);
}

void connection_request(struct packet *packet, enum wire_type type)
{
	wire_request_init(&packet->message, type, 0);
	packet->fd_count = 0;
}

int connection_gone(const struct connection *connection, struct error *error)
{
	return error_set(error, -ENODEV, "%s: plxdmad has gone away: close "
			 "the card and open it again once it is back",
			 connection->path);
}

/* The answer proper: a whole one, or none. */
static int exchange(struct connection *connection, struct packet *packet)
{
	struct wire_message request;
	int size;

	packet->message.header.sequence = ++connection->sequence;
	memcpy(&request.header, &packet->message.header,
	       sizeof(request.header));
	if (packet_send(connection->fd, packet, 0)) {
		/* It may have said why before it closed. */
		if (packet->message.header.type != WIRE_HELLO)
			return -ENODEV;
	}
	do {
		size = packet_receive(connection->fd, packet, 1, 0);
	} while (size == -EINTR);
	if (size <= 0)
		return -ENODEV;
	return wire_answer_check(&packet->message, (size_t)size, &request);
}

int connection_ask(struct connection *connection, struct packet *packet,
		   unsigned int fds, struct error *error)
{
	int err;

	pthread_mutex_lock(&connection->lock);
	err = exchange(connection, packet);
	pthread_mutex_unlock(&connection->lock);
	if (err == -ENODEV)
		return connection_gone(connection, error);
	if (!err && packet->message.header.error)
		err = error_set(error, packet->message.header.error, "%.300s",
				packet->message.text.text);
	else if (err || packet->fd_count != fds)
		err = error_set(error, -EPROTO, "%s: plxdmad answers what this "
				"library doesn't understand: use both of one "
				"version", connection->path);
	if (err)
		packet_close_fds(packet);
	return err;
}

int connection_alive(const struct connection *connection)
{
	struct pollfd poller = { .fd = connection->fd };

	return poll(&poller, 1, 0) <= 0;
}
