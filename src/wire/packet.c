/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Packets. The daemon gives no room for descriptors, so the kernel drops those
 * that a client attaches; a client never keeps more than it has room for.
 */
#include "packet.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union fd_room {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
};

int packet_send(int fd, const struct packet *packet, int flags)
{
	union fd_room room;
	struct iovec io = {
		.iov_base = (void *)(uintptr_t)&packet->message,
		.iov_len = packet->message.header.size,
	};
	struct msghdr header = { .msg_iov = &io, .msg_iovlen = 1 };
	size_t size = sizeof(int) * packet->fd_count;
	struct cmsghdr *control;
	ssize_t sent;

	if (packet->fd_count) {
		memset(&room, 0, sizeof(room));
		header.msg_control = room.bytes;
		header.msg_controllen = CMSG_SPACE(size);
		control = CMSG_FIRSTHDR(&header);
		control->cmsg_level = SOL_SOCKET;
		control->cmsg_type = SCM_RIGHTS;
		control->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(control), packet->fds, size);
	}
	sent = sendmsg(fd, &header, flags | MSG_NOSIGNAL);
	if (sent < 0)
		return -errno;
	return (size_t)sent == io.iov_len ? 0 : -EPROTO;
}

static void take_descriptors(struct msghdr *header, struct packet *packet)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);
	size_t size;

	if (!control || control->cmsg_level != SOL_SOCKET ||
	    control->cmsg_type != SCM_RIGHTS)
		return;
	size = control->cmsg_len - CMSG_LEN(0);
	packet->fd_count = (unsigned int)(size / sizeof(int));
	memcpy(packet->fds, CMSG_DATA(control), size);
}

int packet_receive(int fd, struct packet *packet, int take_fds, int flags)
{
	union fd_room room;
	struct iovec io = {
		.iov_base = &packet->message,
		.iov_len = sizeof(packet->message),
	};
	struct msghdr header = { .msg_iov = &io, .msg_iovlen = 1 };
	ssize_t size;

	packet->fd_count = 0;
	if (take_fds) {
		header.msg_control = room.bytes;
		header.msg_controllen = sizeof(room.bytes);
	}
	size = recvmsg(fd, &header, flags | MSG_CMSG_CLOEXEC);
	if (size < 0)
		return -errno;
	if (take_fds)
		take_descriptors(&header, packet);
	if (header.msg_flags & MSG_TRUNC) {
		packet_close_fds(packet);
		return -EMSGSIZE;
	}
	return (int)size;
}

void packet_close_fds(struct packet *packet)
{
	for (unsigned int i = 0; i < packet->fd_count; i++)
		close(packet->fds[i]);
	packet->fd_count = 0;
}
