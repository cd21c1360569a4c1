/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function per command, each with a payload to fill and its size or a
 * negative errno as its answer.
 */
#include "vfio-user/device.h"

#include <errno.h>
#include <string.h>

#include "vfio-user/region.h"
#include "vfio-user/version.h"

#define CONFIG_COMMAND 0x04
#define COMMAND_MASTER 0x04u

/* Of <linux/vfio.h>. */
#define DEVICE_RESET	    0x1u
#define DEVICE_PCI	    0x2u
#define REGION_READ	    0x1u
#define REGION_READ_WRITE   0x3u
#define IRQ_EVENTFD	    0x1u
#define IRQ_MASKABLE	    0x2u
#define IRQ_AUTOMASKED	    0x4u

static void on_intx(void *context, int level)
{
	struct device *device = context;

	line_set_level(&device->line, level);
}

void device_init(struct device *device, struct model *model)
{
	*device = (struct device){ .model = model };
	guest_init(&device->guest, model);
	line_init(&device->line);
	model_set_intx(model, on_intx, device);
}

void device_destroy(struct device *device)
{
	model_set_intx(device->model, NULL, NULL);
	guest_release(&device->guest);
	line_destroy(&device->line);
}

/* As at power-off, and in that order: a card that can't be master any more
 * finds no unmapped memory. */
void device_release(struct device *device)
{
	uint32_t command = model_config_read(device->model, CONFIG_COMMAND, 16);

	line_release(&device->line);
	model_config_write(device->model, CONFIG_COMMAND, 16,
			   command & ~COMMAND_MASTER);
	guest_release(&device->guest);
	device->spoken = false;
}

struct handling {
	struct device *device;
	struct request request;
	int fd;	/* -1: it brought none */
	bool fd_taken;
	uint8_t *payload;
};

static long put(struct handling *h, const void *payload, size_t size)
{
	memcpy(h->payload, payload, size);
	return (long)size;
}

static long handle_version(struct handling *h)
{
	long size;

	if (h->device->spoken)
		return -EINVAL;
	size = version_answer(&h->request, h->payload, MESSAGE_PAYLOAD_MAX);
	h->device->spoken = size >= 0;
	return size;
}

static long handle_map(struct handling *h)
{
	return guest_map(&h->device->guest, &h->request.map, h->fd);
}

static long handle_unmap(struct handling *h)
{
	int ret = guest_unmap(&h->device->guest, &h->request.unmap);

	return ret ? ret : put(h, &h->request.unmap, sizeof(h->request.unmap));
}

static long handle_device_info(struct handling *h)
{
	const struct message_device_info info = {
		.argsz = sizeof(info),
		.flags = DEVICE_RESET | DEVICE_PCI,
		.regions = MESSAGE_REGIONS,
		.irqs = MESSAGE_IRQS,
	};

	return put(h, &info, sizeof(info));
}

static long handle_region_info(struct handling *h)
{
	uint32_t index = h->request.region.index;
	struct message_region_info info = {
		.argsz = sizeof(info),
		.index = index,
		.size = region_size(h->device->model, index),
	};

	if (info.size)
		info.flags = index == MESSAGE_REGION_ROM ? REGION_READ :
							   REGION_READ_WRITE;
	return put(h, &info, sizeof(info));
}

static long handle_irq_info(struct handling *h)
{
	uint32_t index = h->request.irq.index;
	struct message_irq_info info = {
		.argsz = sizeof(info),
		.index = index,
	};

	if (index == MESSAGE_IRQ_INTX) {
		info.flags = IRQ_EVENTFD | IRQ_MASKABLE | IRQ_AUTOMASKED;
		info.count = 1;
	}
	return put(h, &info, sizeof(info));
}

/* An eventfd for an action, or none: no more. */
static int set_eventfd(struct handling *h)
{
	struct line *line = &h->device->line;
	int fd = h->fd;

	switch (h->request.irqs.flags & MESSAGE_IRQ_ACTION) {
	case MESSAGE_IRQ_TRIGGER:
		h->fd_taken = true;
		return line_set_trigger(line, fd);
	case MESSAGE_IRQ_UNMASK:
		h->fd_taken = true;
		return line_set_unmask(line, fd);
	default:
		return -EOPNOTSUPP;
	}
}

static void act(struct line *line, uint32_t action)
{
	switch (action) {
	case MESSAGE_IRQ_MASK:
		line_mask(line);
		break;
	case MESSAGE_IRQ_UNMASK:
		line_unmask(line);
		break;
	default:
		line_signal(line);
		break;
	}
}

/* Of the other types there are none, and to have none of those is fine. */
static long handle_irqs(struct handling *h)
{
	const struct message_irq_set *set = &h->request.irqs;
	uint32_t action = set->flags & MESSAGE_IRQ_ACTION;
	struct line *line = &h->device->line;

	if (!set->count && !set->start && set->flags & MESSAGE_IRQ_NONE &&
	    action == MESSAGE_IRQ_TRIGGER) {
		if (set->index == MESSAGE_IRQ_INTX)
			line_release(line);
		return 0;
	}
	if (set->index != MESSAGE_IRQ_INTX || set->start || set->count != 1)
		return -EINVAL;
	if (set->flags & MESSAGE_IRQ_EVENTFD)
		return set_eventfd(h);
	if (set->flags & MESSAGE_IRQ_NONE || h->request.data[0])
		act(line, action);
	return 0;
}

static long handle_read(struct handling *h)
{
	const struct message_access *access = &h->request.access;
	int ret = region_read(h->device->model, access,
			      h->payload + sizeof(*access));

	if (ret)
		return ret;
	return put(h, access, sizeof(*access)) + (long)access->count;
}

static long handle_write(struct handling *h)
{
	const struct message_access *access = &h->request.access;
	int ret = region_write(h->device->model, access, h->request.data);

	return ret ? ret : put(h, access, sizeof(*access));
}

/* Those before a bad one have been done, as if they had come singly. */
static long handle_writes(struct handling *h)
{
	const uint8_t *next = h->request.data;
	struct message_write one;
	uint64_t done = 0;
	int ret;

	while (done < h->request.writes) {
		memcpy(&one, next, sizeof(one));
		ret = region_write(h->device->model, &one.access, one.data);
		if (ret)
			return ret;
		next += sizeof(one);
		done++;
	}
	return put(h, &done, sizeof(done));
}

static long handle_reset(struct handling *h)
{
	model_reset(h->device->model);
	h->device->resets++;
	return 0;
}

static long dispatch(struct handling *h)
{
	switch (h->request.header.command) {
	case MESSAGE_VERSION:
		return handle_version(h);
	case MESSAGE_DMA_MAP:
		return handle_map(h);
	case MESSAGE_DMA_UNMAP:
		return handle_unmap(h);
	case MESSAGE_DEVICE_GET_INFO:
		return handle_device_info(h);
	case MESSAGE_GET_REGION_INFO:
		return handle_region_info(h);
	case MESSAGE_GET_IRQ_INFO:
		return handle_irq_info(h);
	case MESSAGE_SET_IRQS:
		return handle_irqs(h);
	case MESSAGE_REGION_READ:
		return handle_read(h);
	case MESSAGE_REGION_WRITE:
		return handle_write(h);
	case MESSAGE_REGION_WRITE_MULTI:
		return handle_writes(h);
	case MESSAGE_DEVICE_RESET:
		return handle_reset(h);
	default:
		return -EOPNOTSUPP;
	}
}

/* Return: the size of the whole. */
static long finish(const struct message_header *request, long result,
		   uint8_t *reply)
{
	struct message_header header = {
		.id = request->id,
		.command = request->command,
		.size = sizeof(header),
		.flags = MESSAGE_REPLY,
	};

	if (request->flags & MESSAGE_NO_REPLY)
		return 0;
	if (result < 0) {
		header.flags |= MESSAGE_ERROR;
		header.error = (uint32_t)-result;
	} else {
		header.size += (uint32_t)result;
	}
	memcpy(reply, &header, sizeof(header));
	return header.size;
}

long device_handle(struct device *device, const void *message, size_t size,
		   int *fds, unsigned int fd_count, uint8_t *reply, int *why)
{
	struct handling h = {
		.device = device,
		.fd = fd_count ? fds[0] : -1,
		.payload = reply + sizeof(struct message_header),
	};
	long result;

	device->messages++;
	result = message_decode(message, size, &h.request);
	if (!device->spoken && h.request.header.command != MESSAGE_VERSION)
		result = -EPROTO;
	else if (!result && fd_count > message_fds(&h.request))
		result = -EINVAL;
	else if (!result)
		result = dispatch(&h);
	if (h.fd_taken && fd_count)
		fds[0] = -1;
	*why = result < 0 ? (int)result : 0;
	device->refused += result < 0;
	if (!device->spoken)
		return -EPROTO;
	return finish(&h.request.header, result, reply);
}
