/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See visitor.h; how deeds are written is in house.h. */
#include "visitor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL(deed) ((deed) >> 3 & 1u)
#define PACKET_MOST 1024

/* Bytes of the input; zeros where it lacks them. */
static void take(struct input *input, void *to, size_t size)
{
	size_t here = size < input->size ? size : input->size;

	memset(to, 0, size);
	if (here)
		memcpy(to, input->data, here);
	input->data += here;
	input->size -= here;
}

static uint8_t take_byte(struct input *input)
{
	uint8_t byte;

	take(input, &byte, 1);
	return byte;
}

void visitor_arrive(struct visitor *visitor, int fd)
{
	*visitor = (struct visitor){ .fd = fd };
}

void visitor_leave(struct visitor *visitor)
{
	if (visitor->fd < 0)
		return;
	close(visitor->fd);
	for (int i = 0; i < 2; i++) {
		if (visitor->areas[i])
			wire_area_unmap(visitor->areas[i]);
	}
	if (visitor->batches)
		wire_batch_unmap(visitor->batches);
	*visitor = (struct visitor){ .fd = -1 };
}

int visitor_is_here(const struct visitor *visitor)
{
	return visitor->fd >= 0;
}

static void area_take(struct visitor *visitor, int fd)
{
	struct wire_area **area =
		&visitor->areas[visitor->request.channel.index];

	if (*area)
		wire_area_unmap(*area);
	*area = NULL;
	if (wire_area_map(fd, area))
		abort();
}

static void batches_take(struct visitor *visitor, int fd)
{
	if (!visitor->batches && wire_batch_map(fd, &visitor->batches))
		abort();
}

static void answer_take(struct visitor *visitor, struct packet *answer,
			int size)
{
	const struct wire_message *request = &visitor->request;

	/* A refusal names whatever type and sequence it was asked with. */
	if (wire_answer_check(&answer->message, (size_t)size, request))
		abort();
	if (answer->message.header.error && answer->fd_count)
		abort();
	if (answer->message.header.error)
		return;
	if (wire_request_check(request, request->header.size))
		abort();
	if (request->header.type == WIRE_CHANNEL_OPEN)
		area_take(visitor, answer->fds[0]);
	if (request->header.type == WIRE_BATCH_OPEN)
		batches_take(visitor, answer->fds[0]);
}

int visitor_waits(struct visitor *visitor)
{
	struct packet answer;
	int size;

	if (!visitor->waits)
		return 0;
	size = packet_receive(visitor->fd, &answer, 1, MSG_DONTWAIT);
	if (size == -EAGAIN)
		return 1;
	visitor->waits = 0;
	if (size <= 0) {
		visitor_leave(visitor);
		return 0;
	}
	answer_take(visitor, &answer, size);
	packet_close_fds(&answer);
	return 0;
}

static void packet_put(struct visitor *visitor, const void *bytes, size_t size)
{
	memset(&visitor->request, 0, sizeof(visitor->request));
	memcpy(&visitor->request, bytes, size < sizeof(visitor->request) ?
	       size : sizeof(visitor->request));
	/* One that has been shown out hears of it when it asks for answers. */
	send(visitor->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	visitor->waits = 1;
}

static void do_request(struct visitor *visitor, struct input *input)
{
	const unsigned int type = take_byte(input) % WIRE_TYPES;
	const size_t room = wire_request_size(type);
	size_t body = take_byte(input);
	struct wire_message request;

	if (!room)
		return;
	if (body > room - sizeof(request.header))
		body = room - sizeof(request.header);
	wire_request_init(&request, type, ++visitor->sequence);
	take(input, (char *)&request + sizeof(request.header), body);
	packet_put(visitor, &request, room);
}

static void do_packet(struct visitor *visitor, struct input *input)
{
	char bytes[PACKET_MOST];
	uint16_t size;

	take(input, &size, sizeof(size));
	size %= PACKET_MOST;
	take(input, bytes, size);
	packet_put(visitor, bytes, size);
}

static void do_submit(struct wire_area *area, struct input *input)
{
	struct wire_submission entry;
	uint32_t tail;

	take(input, &entry, sizeof(entry));
	if (!area)
		return;
	tail = area->submit_tail;
	area->submissions[tail % WIRE_RING] = entry;
	area->complete_head = area->complete_tail;
	area->submit_tail = tail + 1;
}

static void do_batch(struct wire_batch *batches, struct input *input)
{
	uint32_t count = take_byte(input) % (PLXDMA_BATCH + 1);
	struct plxdma_step steps[PLXDMA_BATCH];

	take(input, steps, count * sizeof(*steps));
	if (!batches)
		return;
	memcpy(batches->steps, steps, count * sizeof(*steps));
	batches->count = count;
	batches->asked++;
}

/* Over anything, wherever it is. */
static void do_scribble(void *area, size_t size, struct input *input)
{
	uint8_t bytes[UINT8_MAX], length;
	uint32_t place;

	take(input, &place, sizeof(place));
	length = take_byte(input);
	take(input, bytes, length);
	if (!area)
		return;
	place %= size;
	memcpy((char *)area + place, bytes,
	       length < size - place ? length : size - place);
}

void visitor_do(struct visitor *visitor, struct input *input)
{
	const uint8_t deed = take_byte(input);
	struct wire_area *area = visitor->areas[CHANNEL(deed)];

	switch (deed & 7) {
	case 3:
		do_packet(visitor, input);
		break;
	case 4:
		do_submit(area, input);
		break;
	case 5:
		do_scribble(area, sizeof(*area), input);
		break;
	case 6:
		do_batch(visitor->batches, input);
		break;
	case 7:
		do_scribble(visitor->batches, sizeof(struct wire_batch),
			    input);
		break;
	default:
		do_request(visitor, input);
	}
}
