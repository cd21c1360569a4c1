/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors from memory that anybody may have written: any bits decode, what
 * the check calls good comes out of the encoder as it went in, and what it
 * calls bad has a name.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chip/descriptor.h"

static void check_good(enum descriptor_format format,
		       const struct descriptor *descriptor)
{
	struct descriptor again;
	uint32_t memory[8] = { 0 };

	if (descriptor->size > PLX_DMA_MAX)
		abort();
	if (descriptor->size > 0 && descriptor->bus >> 32 !=
	    (descriptor->bus + descriptor->size - 1) >> 32)
		abort();
	if (format == DESCRIPTOR_PLAIN && descriptor->bus >> 32)
		abort();
	descriptor_encode(format, memory, descriptor->bus, descriptor->local,
			  descriptor->size,
			  descriptor->next | descriptor->flags);
	descriptor_decode(format, memory, &again);
	if (again.bus != descriptor->bus || again.local != descriptor->local ||
	    again.size != descriptor->size || again.next != descriptor->next ||
	    again.flags != descriptor->flags)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct descriptor descriptor;
	enum descriptor_format format;
	enum descriptor_fault fault;
	uint8_t *memory;

	if (size < 1)
		return 0;
	format = data[0] & 1 ? DESCRIPTOR_DAC : DESCRIPTOR_PLAIN;
	if (size - 1 < descriptor_size(format))
		return 0;
	memory = malloc(descriptor_size(format));
	if (!memory)
		return 0;
	memcpy(memory, data + 1, descriptor_size(format));
	descriptor_decode(format, memory, &descriptor);
	fault = descriptor_check(format, &descriptor);
	if (fault == DESCRIPTOR_GOOD)
		check_good(format, &descriptor);
	else if (!descriptor_fault_text(fault)[0])
		abort();
	free(memory);
	return 0;
}
