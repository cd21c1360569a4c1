/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message is read in two steps, its header and what that announces, and
 * never beyond its end: so descriptors belong to the message whose bytes they
 * came with.
 */
#include "vfio-user/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int connection_init(struct connection *connection)
{
	*connection = (struct connection){ .fd = -1 };
	connection->message = malloc(MESSAGE_MAX);
	connection->reply = malloc(MESSAGE_MAX);
	if (connection->message && connection->reply)
		return 0;
	connection_destroy(connection);
	return -ENOMEM;
}

void connection_destroy(struct connection *connection)
{
	connection_end(connection);
	free(connection->message);
	free(connection->reply);
	connection->message = NULL;
	connection->reply = NULL;
}

void connection_begin(struct connection *connection, int fd)
{
	connection->fd = fd;
	connection->have = 0;
	connection->unsent = 0;
	connection->sent = 0;
}

void connection_end(struct connection *connection)
{
	connection_consume(connection);
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
}

void connection_consume(struct connection *connection)
{
	for (unsigned int i = 0; i < connection->fd_count; i++) {
		if (connection->fds[i] >= 0)
			close(connection->fds[i]);
	}
	connection->fd_count = 0;
	connection->have = 0;
}

/* Keeps the descriptors that came with some bytes, or closes what is more
 * than a message may bring. */
static int keep_fds(struct connection *connection, struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	int ret = msg->msg_flags & MSG_CTRUNC ? -EMFILE : 0;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		size_t count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(fd),
			       sizeof(fd));
			if (connection->fd_count < MESSAGE_FDS) {
				connection->fds[connection->fd_count++] = fd;
			} else {
				close(fd);
				ret = -EMFILE;
			}
		}
	}
	return ret;
}

/* Return: 1 if there are @size bytes of the message, 0 if not yet, or why
 * there never will be. */
static int fill(struct connection *connection, size_t size)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
	} control;

	while (connection->have < size) {
		struct iovec iov = {
			.iov_base = connection->message + connection->have,
			.iov_len = size - connection->have,
		};
		struct msghdr msg = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.bytes,
			.msg_controllen = sizeof(control.bytes),
		};
		ssize_t got = recvmsg(connection->fd, &msg,
				      MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		int ret;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? 0 : -errno;
		ret = keep_fds(connection, &msg);
		if (ret)
			return ret;
		if (!got)
			return -EPIPE;
		connection->have += (size_t)got;
	}
	return 1;
}

long connection_receive(struct connection *connection)
{
	struct message_header header;
	int ret = fill(connection, sizeof(header));

	if (ret <= 0)
		return ret;
	memcpy(&header, connection->message, sizeof(header));
	ret = message_header_check(&header);
	if (ret)
		return ret;
	ret = fill(connection, header.size);
	return ret <= 0 ? ret : (long)header.size;
}

int connection_flush(struct connection *connection)
{
	while (connection_busy(connection)) {
		ssize_t put = send(connection->fd,
				   connection->reply + connection->sent,
				   connection->unsent - connection->sent,
				   MSG_DONTWAIT | MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN ? 0 : -errno;
		connection->sent += (size_t)put;
	}
	return 0;
}

int connection_reply(struct connection *connection, size_t size)
{
	connection->unsent = size;
	connection->sent = 0;
	return connection_flush(connection);
}
