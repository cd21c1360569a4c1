/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's own accesses to the local bus, through BAR2 and BAR3.
 *
 * They are told to the log while the board is held, so that the log has them
 * in the order in which the board saw them.
 */
#include "model/card.h"

static uint32_t swapped(uint32_t value, unsigned int width)
{
	if (width == 8)
		return value;
	value = __builtin_bswap32(value);
	return width == 16 ? value >> 16 : value;
}

static struct plxdma_board_access host_access(const struct space *space)
{
	return (struct plxdma_board_access){
		.channel = PLXDMA_BOARD_HOST,
		.width = space->width,
	};
}

/* A single read; what the board doesn't deliver floats high. */
uint32_t local_space_read(struct model *m, const struct space *space,
			  unsigned int bar, uint32_t offset,
			  unsigned int width)
{
	struct plxdma_board_access access = host_access(space);
	uint8_t data[4] = { 0xff, 0xff, 0xff, 0xff };
	struct model *outer;
	uint32_t value;

	m->counters.local_reads++;
	outer = board_enter(m);
	board_take(m, space->local + offset, data, width / 8, &access);
	value = (uint32_t)data[0] | (uint32_t)data[1] << 8 |
		(uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
	value &= width_ones(width);
	value = space->big_endian ? swapped(value, width) : value;
	trace_access(m, MODEL_TRACE_READ, (int)bar, offset, width, value);
	board_leave(m, outer);
	board_unstall(m);
	return value;
}

void local_space_write(struct model *m, const struct space *space,
		       unsigned int bar, uint32_t offset, unsigned int width,
		       uint32_t value)
{
	struct plxdma_board_access access = host_access(space);
	struct model *outer;
	uint8_t data[4];

	m->counters.local_writes++;
	outer = board_enter(m);
	trace_access(m, MODEL_TRACE_WRITE, (int)bar, offset, width,
		     value & width_ones(width));
	value = space->big_endian ? swapped(value, width) : value;
	for (unsigned int i = 0; i < 4; i++)
		data[i] = (uint8_t)(value >> 8 * i);
	board_give(m, space->local + offset, data, width / 8, &access);
	board_leave(m, outer);
	board_unstall(m);
}

/* The memory behind it, if that is all that is behind it. */
void *local_space_direct(struct model *m, const struct space *space)
{
	size_t size = 0;
	void *memory;

	if (space->io || space->big_endian)
		return NULL;
	memory = board_direct(m, space->local, &size);
	return size >= space->size ? memory : NULL;
}
