/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A bus knows cycles of one, two and four bytes at their own alignment; what
 * a client asks for is cut into the largest of these, in ascending order.
 *
 * What lies beyond a BAR's end reads as all ones: its size follows from the
 * range registers, and a client that has asked for it once doesn't know of the
 * change.  So a BAR takes any offset that a 32-bit bus has.  The expansion ROM
 * has its BAR, and no memory behind it.
 */
#include "vfio-user/region.h"

#include <errno.h>
#include <stdbool.h>

#define CONFIG_SIZE 256
#define CONFIG_ROM  0x30
#define ROM_ADDRESS 0xfffff800u
#define ROM_MAX	    (UINT64_C(16) << 20) /* of what PCI allows */
#define CARD_BARS   4

/* As firmware finds it: what stays of ones. */
static uint64_t rom_size(struct model *model)
{
	uint32_t before = model_config_read(model, CONFIG_ROM, 32), mask;

	model_config_write(model, CONFIG_ROM, 32, ROM_ADDRESS);
	mask = model_config_read(model, CONFIG_ROM, 32) & ROM_ADDRESS;
	model_config_write(model, CONFIG_ROM, 32, before);
	return mask & -mask;
}

uint64_t region_size(struct model *model, uint32_t index)
{
	if (index < MESSAGE_REGION_BARS)
		return model_bar_size(model, index, NULL);
	if (index == MESSAGE_REGION_ROM)
		return rom_size(model);
	return index == MESSAGE_REGION_CONFIG ? CONFIG_SIZE : 0;
}

static bool reachable(const struct message_access *access)
{
	uint64_t end = access->offset + access->count;

	if (access->region == MESSAGE_REGION_CONFIG)
		return end <= CONFIG_SIZE;
	if (access->region == MESSAGE_REGION_ROM)
		return end <= ROM_MAX;
	return access->region < CARD_BARS && end <= UINT64_C(1) << 32;
}

/* Bytes of the next cycle. */
static unsigned int cycle(uint64_t offset, uint32_t left)
{
	if (!(offset & 3) && left >= 4)
		return 4;
	return !(offset & 1) && left >= 2 ? 2 : 1;
}

static uint32_t cycle_read(struct model *model, uint32_t region,
			   uint64_t offset, unsigned int bytes)
{
	if (region == MESSAGE_REGION_CONFIG)
		return model_config_read(model, (unsigned int)offset,
					 8 * bytes);
	if (region == MESSAGE_REGION_ROM)
		return 0xffffffff;
	return model_bar_read(model, region, offset, 8 * bytes);
}

static void cycle_write(struct model *model, uint32_t region, uint64_t offset,
			unsigned int bytes, uint32_t value)
{
	if (region == MESSAGE_REGION_CONFIG)
		model_config_write(model, (unsigned int)offset, 8 * bytes,
				   value);
	else if (region != MESSAGE_REGION_ROM)
		model_bar_write(model, region, offset, 8 * bytes, value);
}

/* PCI is little-endian, whatever this machine is. */
int region_read(struct model *model, const struct message_access *access,
		uint8_t *data)
{
	uint64_t offset = access->offset;
	uint32_t left = access->count;

	if (!reachable(access))
		return -EINVAL;
	while (left) {
		unsigned int bytes = cycle(offset, left);
		uint32_t value = cycle_read(model, access->region, offset,
					    bytes);

		for (unsigned int i = 0; i < bytes; i++)
			*data++ = (uint8_t)(value >> 8 * i);
		offset += bytes;
		left -= bytes;
	}
	return 0;
}

int region_write(struct model *model, const struct message_access *access,
		 const uint8_t *data)
{
	uint64_t offset = access->offset;
	uint32_t left = access->count;

	if (!reachable(access))
		return -EINVAL;
	while (left) {
		unsigned int bytes = cycle(offset, left);
		uint32_t value = 0;

		for (unsigned int i = 0; i < bytes; i++)
			value |= (uint32_t)*data++ << 8 * i;
		cycle_write(model, access->region, offset, bytes, value);
		offset += bytes;
		left -= bytes;
	}
	return 0;
}
