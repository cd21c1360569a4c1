/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One check per command: lengths, counts, flags, ranges that don't wrap.
 *
 * argsz is how much the sender says it can take, or has sent; less than the
 * fixed part is an error, more is what a later version might have.
 */
#include "vfio-user/message.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

int message_header_check(const struct message_header *header)
{
	if (header->size < sizeof(*header) || header->size > MESSAGE_MAX ||
	    header->flags & MESSAGE_TYPE)
		return -EPROTO;
	return 0;
}

/* Takes the fixed part off the payload. */
static bool take(struct request *request, void *part, size_t size)
{
	if (request->size < size)
		return false;
	memcpy(part, request->data, size);
	request->data += size;
	request->size -= size;
	return true;
}

static bool exactly(struct request *request, void *part, size_t size)
{
	return request->size == size && take(request, part, size);
}

/* [start, start + size) is there, in pages, and doesn't wrap. */
static bool range_ok(uint64_t start, uint64_t size)
{
	return size && start + size > start &&
	       !((start | size) & (MESSAGE_PAGE - 1));
}

static int check_version(struct request *r)
{
	if (!take(r, &r->version, sizeof(r->version)))
		return -EINVAL;
	/* Capabilities are a string, and its end has to be there. */
	if (r->size && r->data[r->size - 1])
		return -EINVAL;
	return 0;
}

static int check_map(struct request *r)
{
	const struct message_dma_map *map = &r->map;

	if (!exactly(r, &r->map, sizeof(*map)) || map->argsz < sizeof(*map) ||
	    !map->flags ||
	    map->flags & ~(MESSAGE_MAP_READ | MESSAGE_MAP_WRITE) ||
	    !range_ok(map->address, map->size))
		return -EINVAL;
	if (map->offset & (MESSAGE_PAGE - 1) ||
	    map->offset > (uint64_t)INT64_MAX - map->size)
		return -EINVAL;
	return 0;
}

static int check_unmap(struct request *r)
{
	const struct message_dma_unmap *unmap = &r->unmap;

	if (!exactly(r, &r->unmap, sizeof(*unmap)) ||
	    unmap->argsz < sizeof(*unmap))
		return -EINVAL;
	if (unmap->flags == MESSAGE_UNMAP_ALL)
		return unmap->address || unmap->size ? -EINVAL : 0;
	return unmap->flags || !range_ok(unmap->address, unmap->size) ?
		       -EINVAL : 0;
}

static int check_device(struct request *r)
{
	return take(r, &r->device, sizeof(r->device)) &&
	       r->device.argsz >= sizeof(r->device) ? 0 : -EINVAL;
}

static int check_region(struct request *r)
{
	return take(r, &r->region, sizeof(r->region)) &&
	       r->region.argsz >= sizeof(r->region) &&
	       r->region.index < MESSAGE_REGIONS ? 0 : -EINVAL;
}

static int check_irq(struct request *r)
{
	return take(r, &r->irq, sizeof(r->irq)) &&
	       r->irq.argsz >= sizeof(r->irq) &&
	       r->irq.index < MESSAGE_IRQS ? 0 : -EINVAL;
}

static bool one_bit(uint32_t bits)
{
	return bits && !(bits & (bits - 1));
}

static int check_irqs(struct request *r)
{
	const struct message_irq_set *set = &r->irqs;

	if (!take(r, &r->irqs, sizeof(*set)) || set->argsz < sizeof(*set) ||
	    set->index >= MESSAGE_IRQS)
		return -EINVAL;
	if (set->flags & ~(MESSAGE_IRQ_DATA | MESSAGE_IRQ_ACTION) ||
	    !one_bit(set->flags & MESSAGE_IRQ_DATA) ||
	    !one_bit(set->flags & MESSAGE_IRQ_ACTION))
		return -EINVAL;
	if (set->flags & MESSAGE_IRQ_BOOL && r->size < set->count)
		return -EINVAL;
	return 0;
}

static bool access_ok(const struct message_access *access, uint32_t max)
{
	return access->region < MESSAGE_REGIONS && access->count &&
	       access->count <= max &&
	       access->offset + access->count > access->offset;
}

static int check_read(struct request *r)
{
	return exactly(r, &r->access, sizeof(r->access)) &&
	       access_ok(&r->access, MESSAGE_DATA_MAX) ? 0 : -EINVAL;
}

static int check_write(struct request *r)
{
	return take(r, &r->access, sizeof(r->access)) &&
	       access_ok(&r->access, MESSAGE_DATA_MAX) &&
	       r->size == r->access.count ? 0 : -EINVAL;
}

/* QEMU sends room for more writes than there are. */
static int check_writes(struct request *r)
{
	struct message_write one;

	if (!take(r, &r->writes, sizeof(r->writes)) ||
	    r->writes > r->size / sizeof(one))
		return -EINVAL;
	for (uint64_t i = 0; i < r->writes; i++) {
		memcpy(&one, r->data + i * sizeof(one), sizeof(one));
		if (!access_ok(&one.access, sizeof(one.data)))
			return -EINVAL;
	}
	return 0;
}

static int check_nothing(struct request *r)
{
	return r->size ? -EINVAL : 0;
}

static int (*const checks[])(struct request *r) = {
	[MESSAGE_VERSION] = check_version,
	[MESSAGE_DMA_MAP] = check_map,
	[MESSAGE_DMA_UNMAP] = check_unmap,
	[MESSAGE_DEVICE_GET_INFO] = check_device,
	[MESSAGE_GET_REGION_INFO] = check_region,
	[MESSAGE_GET_IRQ_INFO] = check_irq,
	[MESSAGE_SET_IRQS] = check_irqs,
	[MESSAGE_REGION_READ] = check_read,
	[MESSAGE_REGION_WRITE] = check_write,
	[MESSAGE_DEVICE_RESET] = check_nothing,
	[MESSAGE_REGION_WRITE_MULTI] = check_writes,
};

int message_decode(const void *message, size_t size, struct request *request)
{
	uint16_t command;

	memcpy(&request->header, message, sizeof(request->header));
	request->data = (const uint8_t *)message + sizeof(request->header);
	request->size = size - sizeof(request->header);
	if (request->header.flags & ~(MESSAGE_TYPE | MESSAGE_NO_REPLY))
		return -EINVAL;
	command = request->header.command;
	if (command >= sizeof(checks) / sizeof(checks[0]) || !checks[command])
		return -EOPNOTSUPP;
	return checks[command](request);
}

unsigned int message_fds(const struct request *request)
{
	switch (request->header.command) {
	case MESSAGE_DMA_MAP:
		return 1;
	case MESSAGE_SET_IRQS:
		return request->irqs.flags & MESSAGE_IRQ_EVENTFD ? 1 : 0;
	default:
		return 0;
	}
}
