/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Modes: fields, DMAMODE's bits, and what which chip can't (chip ref. 2.3,
 * 3.7, 3.8, 7.2).
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "chip/family.h"
#include "chip/mode.h"
#include "chip/plx9054.h"

#define FIELD(member, highest) \
	{ offsetof(struct plxdma_mode, member), (highest) }

static const struct {
	size_t offset;
	unsigned int highest;
} fields[MODE_ITEMS] = {
	[PLXDMA_MODE_WIDTH] = FIELD(width, 32),
	[PLXDMA_MODE_WAIT_STATES] = FIELD(wait_states, 15),
	[PLXDMA_MODE_READY] = FIELD(ready, 1),
	[PLXDMA_MODE_BTERM] = FIELD(bterm, 1),
	[PLXDMA_MODE_BURST] = FIELD(burst, 1),
	[PLXDMA_MODE_CONSTANT] = FIELD(constant, 1),
	[PLXDMA_MODE_DEMAND] = FIELD(demand, 1),
	[PLXDMA_MODE_EOT] = FIELD(eot, 1),
	[PLXDMA_MODE_FAST_TERMINATE] = FIELD(fast_terminate, 1),
	[PLXDMA_MODE_WRITE_INVALIDATE] = FIELD(write_invalidate, 1),
	[PLXDMA_MODE_BIG_ENDIAN] = FIELD(big_endian, 1),
};

void mode_init(struct plxdma_mode *mode)
{
	*mode = (struct plxdma_mode){
		.width = 32,
		.ready = 1,
		.bterm = 1,
		.burst = 1,
	};
}

int mode_set(struct plxdma_mode *mode, enum plxdma_mode_item item,
	     unsigned int value)
{
	if ((unsigned int)item >= MODE_ITEMS || value > fields[item].highest)
		return -EINVAL;
	if (item == PLXDMA_MODE_WIDTH &&
	    value != 8 && value != 16 && value != 32)
		return -EINVAL;
	((uint8_t *)mode)[fields[item].offset] = (uint8_t)value;
	return 0;
}

int mode_get(const struct plxdma_mode *mode, enum plxdma_mode_item item)
{
	if ((unsigned int)item >= MODE_ITEMS)
		return -EINVAL;
	return ((const uint8_t *)mode)[fields[item].offset];
}

int mode_equal(const struct plxdma_mode *a, const struct plxdma_mode *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static uint32_t width_field(unsigned int width)
{
	return width == 8 ? PLX_WIDTH_8
			  : width == 16 ? PLX_WIDTH_16 : PLX_WIDTH_32;
}

uint32_t mode_word(const struct plxdma_mode *mode)
{
	uint32_t word = width_field(mode->width) |
			(uint32_t)mode->wait_states << PLX_DMAMODE_WAIT_SHIFT;

	word |= mode->ready ? PLX_DMAMODE_READY : 0;
	word |= mode->bterm ? PLX_DMAMODE_BTERM : 0;
	word |= mode->burst ? PLX_DMAMODE_BURST : 0;
	word |= mode->constant ? PLX_DMAMODE_CONSTANT : 0;
	word |= mode->demand ? PLX_DMAMODE_DEMAND : 0;
	word |= mode->eot ? PLX_DMAMODE_EOT : 0;
	word |= mode->fast_terminate ? PLX_DMAMODE_FAST_TERMINATE : 0;
	word |= mode->write_invalidate ? PLX_DMAMODE_MWI : 0;
	return word;
}

static int check_fields(const struct plxdma_mode *mode, struct error *error)
{
	struct plxdma_mode scratch;
	unsigned int item;

	mode_init(&scratch);
	for (item = 0; item < MODE_ITEMS; item++) {
		int value = mode_get(mode, item);

		if (mode_set(&scratch, item, (unsigned int)value))
			return error_set(error, -EINVAL,
					 "mode: field %u can't be %d; see "
					 "enum plxdma_mode_item", item, value);
	}
	return 0;
}

static int check_errata(const struct plxdma_mode *mode, const char *name,
			struct error *error)
{
	if (mode->demand && mode->fast_terminate)
		return error_set(error, -EINVAL,
				 "mode: the %s loses the last Lword of demand "
				 "mode with fast terminate (erratum 3); set "
				 "fast terminate to 0", name);
	if (mode->constant && (mode->width != 32 ||
			       (mode->burst && !mode->bterm)))
		return error_set(error, -EINVAL,
				 "mode: the %s holds a constant address only "
				 "with 32 bits and continuous or no bursts "
				 "(errata 21, 22)", name);
	return 0;
}

int mode_check(const struct plxdma_mode *mode, const struct family *family,
	       unsigned int channel, struct error *error)
{
	int result = check_fields(mode, error);

	if (result)
		return result;
	if (mode->demand && !(family->demand & 1u << channel))
		return error_set(error, -EINVAL,
				 "mode: channel %u of a %s has no DREQ# pin; "
				 "use channel 0 for demand mode", channel,
				 family->name);
	if (family->errata_9080)
		return check_errata(mode, family->name, error);
	return 0;
}
