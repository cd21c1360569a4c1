/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading descriptors back and judging them, for recovery, tests and whoever
 * suspects a chain.
 */
#include "chip/descriptor.h"

#define FOUR_GIB (UINT64_C(1) << 32)

static uint32_t next_mask(enum descriptor_format format)
{
	return format == DESCRIPTOR_DAC ? PLX_DMADPR_NEXT_MASK_DAC
					: PLX_DMADPR_NEXT_MASK;
}

enum descriptor_fault descriptor_check(enum descriptor_format format,
				       const struct descriptor *descriptor)
{
	uint64_t bus = descriptor->bus;

	if (descriptor->size & ~PLX_DMASIZ_COUNT_MASK)
		return DESCRIPTOR_TOO_LONG;
	if (format == DESCRIPTOR_PLAIN && bus >= FOUR_GIB)
		return DESCRIPTOR_TOO_HIGH;
	/* The chip carries within 32 bits only (chip ref. 3.9). */
	if ((bus & (FOUR_GIB - 1)) + descriptor->size > FOUR_GIB)
		return DESCRIPTOR_CROSSES;
	if (descriptor->flags & ~PLX_DMADPR_FLAGS_MASK)
		return DESCRIPTOR_FLAGS;
	if (!(descriptor->flags & PLX_DMADPR_END) &&
	    (descriptor->next & ~next_mask(format)))
		return DESCRIPTOR_MISALIGNED;
	return DESCRIPTOR_GOOD;
}

const char *descriptor_fault_text(enum descriptor_fault fault)
{
	switch (fault) {
	case DESCRIPTOR_GOOD:
		return "good";
	case DESCRIPTOR_TOO_LONG:
		return "longer than 8 MiB - 1";
	case DESCRIPTOR_TOO_HIGH:
		return "above 4 GiB in the 16-byte format";
	case DESCRIPTOR_CROSSES:
		return "crosses a 4 GiB boundary";
	case DESCRIPTOR_MISALIGNED:
		return "the next descriptor is misaligned";
	case DESCRIPTOR_FLAGS:
		return "flags that don't exist";
	}
	return "unknown";
}

void descriptor_decode(enum descriptor_format format, const void *memory,
		       struct descriptor *descriptor)
{
	const struct plx_descriptor_dac *at = memory;
	uint32_t next = le32toh(at->next);

	descriptor->bus = le32toh(at->pci_low);
	if (format == DESCRIPTOR_DAC)
		descriptor->bus |= (uint64_t)le32toh(at->pci_high) << 32;
	descriptor->local = le32toh(at->local);
	descriptor->size = le32toh(at->size);
	descriptor->next = next & PLX_DMADPR_NEXT_MASK;
	descriptor->flags = next & PLX_DMADPR_FLAGS_MASK;
}
