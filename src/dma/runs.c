/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two loops of the common case. */
#include "dma/runs.h"

#include "mem/translate.h"

static int run_fits(uint64_t bus, uint64_t size)
{
	return size <= PLX_DMA_MAX &&
	       (bus & UINT32_MAX) + size <= UINT64_C(1) << 32;
}

int runs_survey(const struct pieces *pieces, struct survey *survey)
{
	const struct translate *translate = pieces->translate;
	const uint64_t end = pieces->offset + pieces->left;
	uint64_t offset, run = 0, size = 0, bus = 0, high = 0, count = 0;

	if (pieces->segments || pieces->tail || !pieces->left)
		return 0;
	for (offset = pieces->offset; offset < end; offset += size) {
		bus = translate_bus(translate, offset, &run);
		size = run < end - offset ? run : end - offset;
		if (!run_fits(bus, size))
			return 0;
		high |= bus;
		count++;
	}
	survey->count = count;
	survey->high = (uint32_t)(high >> 32);
	survey->last = (struct piece){
		.bus = bus,
		.local = pieces->constant
				 ? pieces->local
				 : pieces->local +
					   (uint32_t)(pieces->left - size),
		.size = (uint32_t)size,
	};
	return 1;
}

/* The format is known at compile time where this is inlined. */
static inline __attribute__((always_inline)) void
write_all(const struct pieces *pieces, enum descriptor_format format,
	  char *at, uint32_t next, uint32_t flags)
{
	const struct translate *translate = pieces->translate;
	const uint32_t stride = descriptor_size(format);
	const uint64_t end = pieces->offset + pieces->left;
	const uint32_t step = pieces->constant ? 0 : UINT32_MAX;
	uint32_t local = pieces->local;
	uint64_t offset, run = 0, size, bus;

	for (offset = pieces->offset; offset < end; offset += size) {
		bus = translate_bus(translate, offset, &run);
		size = run < end - offset ? run : end - offset;
		next += stride;
		descriptor_encode(format, at, bus, local, (uint32_t)size,
				  next | flags);
		local += (uint32_t)size & step;
		at += stride;
	}
}

void runs_write(const struct pieces *pieces, enum descriptor_format format,
		void *memory, uint32_t bus, uint32_t flags)
{
	const struct pieces walk = *pieces;

	if (format == DESCRIPTOR_DAC)
		write_all(&walk, DESCRIPTOR_DAC, memory, bus, flags);
	else
		write_all(&walk, DESCRIPTOR_PLAIN, memory, bus, flags);
}
