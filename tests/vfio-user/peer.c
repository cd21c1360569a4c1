/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 60000 /* PEER_PATIENCE is another */
#define REPLY	    0x01u
#define ERROR	    0x20u

void put16(uint8_t *to, uint16_t value)
{
	memcpy(to, &value, sizeof(value));
}

void put32(uint8_t *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

void put64(uint8_t *to, uint64_t value)
{
	memcpy(to, &value, sizeof(value));
}

static uint16_t get16(const uint8_t *from)
{
	uint16_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

uint32_t get32(const uint8_t *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

uint64_t get64(const uint8_t *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

int peer_connect(struct peer *peer, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*peer = (struct peer){ .fd = socket(AF_UNIX,
					    SOCK_STREAM | SOCK_CLOEXEC, 0) };
	strcpy(address.sun_path, path);
	if (connect(peer->fd, (struct sockaddr *)&address, sizeof(address))) {
		int error = -errno;

		close(peer->fd);
		return error;
	}
	peer->in = malloc(PEER_MAX);
	peer->out = malloc(PEER_MAX);
	return peer->in && peer->out ? 0 : -ENOMEM;
}

void peer_close(struct peer *peer)
{
	close(peer->fd);
	free(peer->in);
	free(peer->out);
	*peer = (struct peer){ .fd = -1 };
}

int peer_send(struct peer *peer, const void *bytes, size_t size,
	      const int *fds, unsigned int count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(64 * sizeof(int))];
	} control;
	struct msghdr msg = { 0 };
	size_t sent = 0;

	while (sent < size) {
		struct iovec iov = { (char *)(uintptr_t)bytes + sent,
				     size - sent };
		ssize_t put;

		msg = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
		if (count && !sent) {
			struct cmsghdr *cmsg = &control.align;

			cmsg->cmsg_level = SOL_SOCKET;
			cmsg->cmsg_type = SCM_RIGHTS;
			cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
			memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
			msg.msg_control = control.bytes;
			msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
		}
		put = sendmsg(peer->fd, &msg, MSG_NOSIGNAL);
		if (put < 0)
			return -errno;
		sent += (size_t)put;
	}
	return 0;
}

static int patience(void)
{
	const char *text = getenv("PEER_PATIENCE");

	return text ? atoi(text) : PATIENCE_MS;
}

static int take(struct peer *peer, size_t have, size_t size)
{
	while (have < size) {
		struct pollfd pollfd = { .fd = peer->fd, .events = POLLIN };
		ssize_t got;

		if (poll(&pollfd, 1, patience()) <= 0)
			return SILENT;
		got = recv(peer->fd, peer->in + have, size - have, 0);
		if (got <= 0)
			return GONE;
		have += (size_t)got;
	}
	return 0;
}

long peer_receive(struct peer *peer)
{
	uint32_t size;
	int ret = take(peer, 0, HEADER);

	if (ret)
		return ret;
	size = get32(peer->in + 4);
	if (size < HEADER || size > PEER_MAX)
		return -EBADMSG;
	ret = take(peer, HEADER, size);
	return ret ? ret : (long)size;
}

static void header(struct peer *peer, unsigned int command, size_t size)
{
	put16(peer->out, ++peer->id);
	put16(peer->out + 2, (uint16_t)command);
	put32(peer->out + 4, (uint32_t)(HEADER + size));
	put32(peer->out + 8, peer->flags);
	put32(peer->out + 12, 0);
}

static long answer(struct peer *peer, unsigned int command)
{
	long size = peer_receive(peer);
	uint32_t flags;

	if (size < 0)
		return size;
	flags = get32(peer->in + 8);
	if (get16(peer->in) != peer->id || get16(peer->in + 2) != command ||
	    (flags & ~ERROR) != REPLY)
		return -EBADMSG;
	if (!(flags & ERROR))
		return get32(peer->in + 12) ? -EBADMSG : size - HEADER;
	/* An error comes with nothing else. */
	return size == HEADER ? -(long)get32(peer->in + 12) : -EBADMSG;
}

long peer_call(struct peer *peer, unsigned int command, const void *payload,
	       size_t size, int fd)
{
	header(peer, command, size);
	if (size)
		memmove(peer->out + HEADER, payload, size);
	if (peer_send(peer, peer->out, HEADER + size, &fd, fd >= 0))
		return GONE;
	return peer->flags & NO_REPLY ? 0 : answer(peer, command);
}

long peer_version(struct peer *peer, unsigned int major, unsigned int minor,
		  const char *json)
{
	uint8_t payload[4096];
	size_t size = json ? strlen(json) + 1 : 0;

	put16(payload, (uint16_t)major);
	put16(payload + 2, (uint16_t)minor);
	if (size)
		memcpy(payload + 4, json, size);
	return peer_call(peer, VERSION, payload, 4 + size, -1);
}

long peer_map(struct peer *peer, uint64_t address, uint64_t size,
	      uint64_t offset, unsigned int flags, int fd)
{
	uint8_t payload[32];

	put32(payload, sizeof(payload));
	put32(payload + 4, flags);
	put64(payload + 8, offset);
	put64(payload + 16, address);
	put64(payload + 24, size);
	return peer_call(peer, DMA_MAP, payload, sizeof(payload), fd);
}

long peer_unmap(struct peer *peer, uint64_t address, uint64_t size)
{
	uint8_t payload[24];

	put32(payload, sizeof(payload));
	put32(payload + 4, 0);
	put64(payload + 8, address);
	put64(payload + 16, size);
	return peer_call(peer, DMA_UNMAP, payload, sizeof(payload), -1);
}

static void access_put(uint8_t *payload, unsigned int region, uint64_t offset,
		       uint32_t count)
{
	put64(payload, offset);
	put32(payload + 8, region);
	put32(payload + 12, count);
}

long peer_read(struct peer *peer, unsigned int region, uint64_t offset,
	       void *data, uint32_t count)
{
	uint8_t payload[16];
	long ret;

	access_put(payload, region, offset, count);
	ret = peer_call(peer, REGION_READ, payload, sizeof(payload), -1);
	if (ret < 0)
		return ret;
	if (ret != 16 + (long)count ||
	    memcmp(peer->in + HEADER, payload, sizeof(payload)) != 0)
		return -EBADMSG;
	memcpy(data, peer->in + HEADER + 16, count);
	return 0;
}

long peer_write(struct peer *peer, unsigned int region, uint64_t offset,
		const void *data, uint32_t count)
{
	uint8_t *payload = peer->out + HEADER, sent[16];
	long ret;

	access_put(sent, region, offset, count);
	memcpy(payload, sent, sizeof(sent));
	memcpy(payload + 16, data, count);
	ret = peer_call(peer, REGION_WRITE, payload, 16 + (size_t)count, -1);
	if (ret < 0 || peer->flags & NO_REPLY)
		return ret;
	return ret == 16 && !memcmp(peer->in + HEADER, sent, sizeof(sent)) ?
		       0 : -EBADMSG;
}

uint32_t peer_read32(struct peer *peer, unsigned int region, uint64_t offset)
{
	uint32_t value = 0xdeadbeef;

	(void)peer_read(peer, region, offset, &value, sizeof(value));
	return value;
}

void peer_write32(struct peer *peer, unsigned int region, uint64_t offset,
		  uint32_t value)
{
	(void)peer_write(peer, region, offset, &value, sizeof(value));
}

void peer_write8(struct peer *peer, unsigned int region, uint64_t offset,
		 uint8_t value)
{
	(void)peer_write(peer, region, offset, &value, sizeof(value));
}

long peer_irqs(struct peer *peer, uint32_t index, uint32_t flags,
	       uint32_t start, uint32_t count, int fd)
{
	uint8_t payload[20];

	put32(payload, sizeof(payload));
	put32(payload + 4, flags);
	put32(payload + 8, index);
	put32(payload + 12, start);
	put32(payload + 16, count);
	return peer_call(peer, SET_IRQS, payload, sizeof(payload), fd);
}
