/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client that speaks the wire by itself.
 */
#include "raw.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_S 60	/* for what takes milliseconds */

int raw_connect(struct raw *raw)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval timeout = { .tv_sec = ANSWER_S };

	*raw = (struct raw){ .arena_fd = -1, .area_fd = -1, .wakes_daemon = -1,
			     .wakes_client = -1 };
	raw->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, getenv(WIRE_SOCKET_VARIABLE));
	setsockopt(raw->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout,
		   sizeof(timeout));
	if (connect(raw->fd, (struct sockaddr *)&address, sizeof(address))) {
		close(raw->fd);
		return -errno;
	}
	return 0;
}

int raw_ask(struct raw *raw, struct packet *packet)
{
	int size;

	/* It may have said why before it closed. */
	(void)packet_send(raw->fd, packet, 0);
	size = packet_receive(raw->fd, packet, 1, 0);
	if (size <= 0)
		return size == -EAGAIN ? -ETIMEDOUT : -ENODEV;
	return packet->message.header.error;
}

static int greet_and_open(struct raw *raw, uint64_t arena)
{
	struct packet packet = { .fd_count = 0 };
	int err;

	wire_request_init(&packet.message, WIRE_HELLO, 1);
	err = raw_ask(raw, &packet);
	if (err)
		return err;
	wire_request_init(&packet.message, WIRE_OPEN, 2);
	strcpy(packet.message.open.name, "a");
	err = raw_ask(raw, &packet);
	if (err)
		return err;
	wire_request_init(&packet.message, WIRE_ARENA, 3);
	packet.message.arena.size = arena;
	packet.message.arena.node = -1;
	err = raw_ask(raw, &packet);
	if (err)
		return err;
	raw->arena_fd = packet.fds[0];
	raw->size = packet.message.arena_made.size;
	raw->base = mmap(NULL, raw->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 raw->arena_fd, 0);
	return raw->base == MAP_FAILED ? -errno : 0;
}

int raw_open(struct raw *raw, uint64_t arena, unsigned int channel)
{
	struct packet packet = { .fd_count = 0 };
	struct wire_area *area;
	int err = raw_connect(raw);

	if (err)
		return err;
	err = greet_and_open(raw, arena);
	if (err)
		return err;
	wire_request_init(&packet.message, WIRE_CHANNEL_OPEN, 4);
	packet.message.channel.index = channel;
	err = raw_ask(raw, &packet);
	if (err)
		return err;
	raw->area_fd = packet.fds[0];
	raw->wakes_daemon = packet.fds[1];
	raw->wakes_client = packet.fds[2];
	err = wire_area_map(raw->area_fd, &area);
	ring_client_init(&raw->ring, area);
	return err;
}

void raw_close(struct raw *raw)
{
	const int fds[] = { raw->arena_fd, raw->area_fd, raw->wakes_daemon,
			    raw->wakes_client, raw->fd };

	wire_area_unmap(raw->ring.area);
	if (raw->batches.area) {
		wire_batch_unmap(raw->batches.area);
		close(raw->batch_wakes);
	}
	if (raw->base)
		munmap(raw->base, raw->size);
	for (unsigned int i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

void raw_wake(struct raw *raw)
{
	if (ring_client_must_wake(&raw->ring))
		eventfd_write(raw->wakes_daemon, 1);
}

int raw_alive(const struct raw *raw)
{
	struct pollfd poller = { .fd = raw->fd };

	return poll(&poller, 1, 0) <= 0;
}

int raw_run(struct raw *raw, struct wire_submission *entry,
	    struct wire_completion *completion)
{
	const struct timespec pause = { .tv_nsec = 20000 };
	int got;

	if (ring_client_submit(&raw->ring, entry))
		return -EAGAIN;
	raw_wake(raw);
	for (int i = 0; i < ANSWER_S * 10000; i++) {
		got = ring_client_take(&raw->ring, completion);
		if (got)
			return got > 0 ? 0 : got;
		if (!raw_alive(raw))
			return -ENODEV;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

int raw_batch_open(struct raw *raw)
{
	struct packet packet = { .fd_count = 0 };
	int err;

	wire_request_init(&packet.message, WIRE_BATCH_OPEN, 5);
	err = raw_ask(raw, &packet);
	if (err)
		return err;
	err = wire_batch_map(packet.fds[0], &raw->batches.area);
	close(packet.fds[0]);
	close(packet.fds[2]);
	raw->batch_wakes = packet.fds[1];
	return err;
}

int raw_batch_wait(struct raw *raw)
{
	const struct timespec pause = { .tv_nsec = 20000 };

	if (batch_client_must_wake(&raw->batches))
		eventfd_write(raw->batch_wakes, 1);
	for (int i = 0; i < ANSWER_S * 10000; i++) {
		if (batch_client_answered(&raw->batches))
			return 0;
		if (!raw_alive(raw))
			return -ENODEV;
		if (i > 1000)
			nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

int raw_batch(struct raw *raw, struct plxdma_step *steps, uint32_t count,
	      uint32_t *done, char *text)
{
	int err = raw->batches.area ? 0 : raw_batch_open(raw);

	if (err)
		return err;
	batch_client_ask(&raw->batches, steps, count);
	err = raw_batch_wait(raw);
	return err ? err : batch_client_take(&raw->batches, steps, count, done,
					     text);
}

int raw_access(struct raw *raw, int write, unsigned int space, uint32_t offset,
	       uint32_t *value)
{
	struct plxdma_step step = {
		.op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)space,
		.width = 32,
		.offset = offset,
		.value = *value,
	};
	char text[ERROR_TEXT];
	uint32_t done;
	int err = raw_batch(raw, &step, 1, &done, text);

	*value = step.value;
	return err;
}
