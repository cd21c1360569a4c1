/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What plxdma-model's client sends: as whole messages, each with a descriptor
 * or without, and as a stream of bytes.  Input: a byte that chooses, then for
 * messages a row of { kind of descriptor, command, flags, length, payload },
 * for the stream just bytes.
 *
 * Answers must have their form, and memory beyond what was mapped must stay.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error/guard.h"
#include "vfio-user/connection.h"
#include "vfio-user/device.h"

#define FILE_SIZE 65536

struct fuzz {
	struct device device;
	struct connection connection;
	int memory;
};

static const uint8_t version[] = { 0, 0, 1, 0, 20, 0, 0, 0, 0, 0, 0, 0,
				   0, 0, 0, 0, 0, 0, 0, 0 };

static void check_answer(const uint8_t *message, const uint8_t *reply,
			 long size)
{
	struct message_header header;

	memcpy(&header, reply, sizeof(header));
	if (size < (long)sizeof(header) || size > (long)MESSAGE_MAX ||
	    header.size != (uint32_t)size || memcmp(message, reply, 4) ||
	    (header.flags & ~MESSAGE_ERROR) != MESSAGE_REPLY)
		abort();
	if (header.flags & MESSAGE_ERROR &&
	    (size != (long)sizeof(header) || !header.error))
		abort();
}

/* Return: whether the client may go on. */
static bool say(struct fuzz *fuzz, const uint8_t *bytes, size_t size, int fd)
{
	struct connection *c = &fuzz->connection;
	struct message_header header;
	uint8_t *message;
	long answer;
	int why;

	memcpy(&header, bytes, sizeof(header));
	if (message_header_check(&header) || header.size != size)
		return false;
	/* Just as long as what came: a look beyond is an error. */
	message = malloc(size);
	if (!message)
		return false;
	memcpy(message, bytes, size);
	c->fds[0] = fd;
	c->fd_count = fd >= 0;
	answer = device_handle(&fuzz->device, message, size, c->fds,
			       c->fd_count, c->reply, &why);
	if (answer > 0)
		check_answer(message, c->reply, answer);
	connection_consume(c);
	free(message);
	return answer >= 0;
}

static int descriptor(const struct fuzz *fuzz, uint8_t kind)
{
	switch (kind & 3) {
	case 1:
		return dup(fuzz->memory);
	case 2:
		return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	case 3:
		return dup(STDERR_FILENO);
	default:
		return -1;
	}
}

static void messages(struct fuzz *fuzz, const uint8_t *data, size_t size)
{
	uint8_t message[sizeof(struct message_header) + 255];
	struct message_header header = { 0 };

	say(fuzz, version, sizeof(version), -1);
	while (size >= 4) {
		size_t length = data[3] < size - 4 ? data[3] : size - 4;

		header.id++;
		header.command = data[1];
		header.flags = data[2];
		header.size = (uint32_t)(sizeof(header) + length);
		memcpy(message, &header, sizeof(header));
		memcpy(message + sizeof(header), data + 4, length);
		if (!say(fuzz, message, header.size,
			 descriptor(fuzz, data[0])))
			break;
		data += 4 + length;
		size -= 4 + length;
	}
}

static void stream(struct fuzz *fuzz, const uint8_t *data, size_t size)
{
	struct connection *c = &fuzz->connection;
	int pair[2], why;
	long got;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return;
	connection_begin(c, pair[1]);
	got = write(pair[0], data, size < 16384 ? size : 16384);
	close(pair[0]);
	while (got >= 0 && (got = connection_receive(c)) > 0) {
		got = device_handle(&fuzz->device, c->message, (size_t)got,
				    c->fds, c->fd_count, c->reply, &why);
		if (got > 0)
			check_answer(c->message, c->reply, got);
		connection_consume(c);
	}
	connection_end(c);
}

static void memory_new(struct fuzz *fuzz)
{
	fuzz->memory = memfd_create("guest", MFD_CLOEXEC);
	if (fuzz->memory < 0 || ftruncate(fuzz->memory, FILE_SIZE))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model *model;
	struct fuzz fuzz;

	if (!size)
		return 0;
	guard_install();
	model_set_copy(guard_copy);
	if (model_new("engine=inline,sram=64K", &model, NULL) ||
	    connection_init(&fuzz.connection))
		abort();
	device_init(&fuzz.device, model);
	memory_new(&fuzz);
	if (*data & 1)
		stream(&fuzz, data + 1, size - 1);
	else
		messages(&fuzz, data + 1, size - 1);
	device_release(&fuzz.device);
	device_destroy(&fuzz.device);
	connection_destroy(&fuzz.connection);
	close(fuzz.memory);
	model_free(model);
	return 0;
}
