/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors as the chip reads them (chip ref. 3.3).
 *
 * Two formats: 16 bytes, and 32 bytes with the upper half of the bus address.
 * The flags of a descriptor apply to itself; the address beside them is the
 * next one's.  Encoding is inline, for it is done thousands of times when a
 * scattered transfer is prepared.
 */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include <endian.h>
#include <stdint.h>

#include "chip/plx9054.h"

enum descriptor_format {
	DESCRIPTOR_PLAIN,
	DESCRIPTOR_DAC,
};

struct descriptor {
	uint64_t bus;
	uint32_t local;
	uint32_t size;
	uint32_t next;	/* bus address of the next one */
	uint32_t flags;	/* PLX_DMADPR_PCI, _END, _INTERRUPT, _TO_HOST */
};

enum descriptor_fault {
	DESCRIPTOR_GOOD = 0,
	DESCRIPTOR_TOO_LONG,	/* more than 8 MiB - 1, or reserved bits */
	DESCRIPTOR_TOO_HIGH,	/* above 4 GiB without the DAC format */
	DESCRIPTOR_CROSSES,	/* over a 4 GiB boundary */
	DESCRIPTOR_MISALIGNED,	/* the next one */
	DESCRIPTOR_FLAGS,	/* bits that don't exist */
};

static inline unsigned int descriptor_size(enum descriptor_format format)
{
	return format == DESCRIPTOR_DAC ? PLX_DESCRIPTOR_DAC_SIZE
					: PLX_DESCRIPTOR_SIZE;
}

/* All that can be wrong with one, whoever made it. */
enum descriptor_fault descriptor_check(enum descriptor_format format,
				       const struct descriptor *descriptor);
const char *descriptor_fault_text(enum descriptor_fault fault);

/* @memory is as large as the format.  Any bits decode to something that
 * descriptor_check() can judge. */
void descriptor_decode(enum descriptor_format format, const void *memory,
		       struct descriptor *descriptor);

static inline void descriptor_encode(enum descriptor_format format,
				     void *memory, uint64_t bus, uint32_t local,
				     uint32_t size, uint32_t next_and_flags)
{
	struct plx_descriptor_dac *at = memory;

	at->pci_low = htole32((uint32_t)bus);
	at->local = htole32(local);
	at->size = htole32(size);
	at->next = htole32(next_and_flags);
	if (format == DESCRIPTOR_DAC)
		at->pci_high = htole32((uint32_t)(bus >> 32));
}

#endif
