/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which chip the card carries: what differs by table (chip ref. 1.1, 1.2).
 *
 * A 9056 core is what a PEX 8311 shows behind its bridge, so the two differ
 * by name alone.  The 9054's steppings AA and AB can't be told apart by
 * PCIHREV; by convention the EEPROM of an AB says 0Bh in Revision ID.
 */
#include <string.h>

#include "model/card.h"

static const struct personality personalities[] = {
	{
		.name = "9054ac",
		.chip = CHIP_9054AC,
		.hidr = 0x905410b5,
		.hrev = 0x0c,
		.revision = 0x0c,
		.bar0_size = 256,
		.dac = true,
		.caps = true,
		.status = 0x0290,
	},
	{
		.name = "9054ab",
		.chip = CHIP_9054AB,
		.hidr = 0x905410b5,
		.hrev = 0x0a,
		.revision = 0x0b,
		.bar0_size = 256,
		.dac = true,
		.caps = true,
		.status = 0x0290,
	},
	{
		.name = "9054aa",
		.chip = CHIP_9054AA,
		.hidr = 0x905410b5,
		.hrev = 0x0a,
		.revision = 0x0a,
		.bar0_size = 256,
		.dac = true,
		.caps = true,
		.status = 0x0290,
	},
	{
		.name = "9080",
		.chip = CHIP_9080,
		.hidr = 0x908010b5,
		.hrev = 0x03,
		.revision = 0x03,
		.bar0_size = 256,
		.status = 0x0280,
	},
	{
		.name = "9056",
		.chip = CHIP_9056,
		.hidr = 0x905610b5,
		.hrev = 0xba,
		.revision = 0xba,
		.bar0_size = 512,
		.dac = true,
		.caps = true,
		.is_9056 = true,
		.status = 0x02b0,
	},
	{
		.name = "9656",
		.chip = CHIP_9656,
		.hidr = 0x965610b5,
		.hrev = 0xba,
		.revision = 0xba,
		.bar0_size = 512,
		.dac = true,
		.caps = true,
		.is_9056 = true,
		.status = 0x02b0,
	},
	{
		.name = "8311",
		.chip = CHIP_8311,
		.hidr = 0x905610b5,
		.hrev = 0xba,
		.revision = 0xba,
		.bar0_size = 512,
		.dac = true,
		.caps = true,
		.is_9056 = true,
		.status = 0x02b0,
	},
};

const struct personality *personality_find(const char *name)
{
	size_t count = sizeof(personalities) / sizeof(personalities[0]);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(personalities[i].name, name))
			return &personalities[i];
	}
	return NULL;
}
