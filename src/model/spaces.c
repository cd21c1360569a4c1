/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What answers behind a BAR: registers, or a local space by its range and
 * remap registers as they are now (chip ref. 1.6).
 */
#include "model/card.h"

static bool registers_space(const struct model *m, bool io,
			    struct space *space)
{
	space->registers = true;
	space->io = io;
	space->size = m->chip->bar0_size;
	space->flags = io;
	return true;
}

static bool is_io(uint32_t range)
{
	return range & PLX_LASRR_IO;
}

/* The size of a range: up to the lowest set bit of its mask. */
static uint64_t range_size(uint32_t range)
{
	uint32_t mask = range & (is_io(range) ? PLX_LASRR_IO_RANGE_MASK :
						PLX_LASRR_RANGE_MASK);

	return mask ? (uint64_t)(mask & -mask) : 1ull << 32;
}

static bool local_space(const struct model *m, unsigned int n,
			struct space *space)
{
	uint32_t range = reg_get(m, n ? PLX_LAS1RR : PLX_LAS0RR);
	uint32_t remap = reg_get(m, n ? PLX_LAS1BA : PLX_LAS0BA);
	uint32_t lbrd = reg_get(m, n ? PLX_LBRD1 : PLX_LBRD0);
	static const unsigned int widths[] = { 8, 16, 32, 32 };

	if (!(remap & PLX_LASBA_ENABLE))
		return false;
	space->registers = false;
	space->io = is_io(range);
	space->size = range_size(range);
	space->local = remap & (is_io(range) ? ~3u : ~15u);
	space->local &= (uint32_t)~(space->size - 1);
	space->width = widths[lbrd & 3];
	space->big_endian = reg_get(m, PLX_BIGEND) &
			    (n ? PLX_BIGEND_SPACE1 : PLX_BIGEND_SPACE0);
	space->flags = is_io(range) ? 1 : range & 15;
	return true;
}

/* BAR1 shows I/O registers, or space 0 with LMISC[1:0] = 10b. */
static bool bar1_space(const struct model *m, struct space *space)
{
	uint32_t lmisc = reg_get(m, PLX_BIGEND) >> 8;

	if (m->chip->chip == CHIP_9080)
		return registers_space(m, true, space);
	if ((lmisc & 3) == PLX_LMISC_SHIFT_BARS)
		return local_space(m, 0, space);
	return lmisc & PLX_LMISC_IO_BAR1 && registers_space(m, true, space);
}

static bool shifted(const struct model *m)
{
	return m->chip->chip != CHIP_9080 &&
	       (reg_get(m, PLX_BIGEND) >> 8 & 3) == PLX_LMISC_SHIFT_BARS;
}

/* In I2O mode space 1 follows the registers in BAR0 (chip ref. 1.3, 1.6). */
bool space_queue(const struct model *m, struct space *space)
{
	return reg_get(m, PLX_QSR) & PLX_QSR_I2O_ENABLE &&
	       local_space(m, 1, space);
}

static bool bar0_space(const struct model *m, struct space *space)
{
	struct space behind;

	registers_space(m, false, space);
	if (space_queue(m, &behind) && behind.size > space->size)
		space->size = behind.size;
	return true;
}

/* Return: whether anything answers. */
bool space_find(const struct model *m, unsigned int bar, struct space *space)
{
	bool queues = reg_get(m, PLX_QSR) & PLX_QSR_I2O_ENABLE;

	switch (bar) {
	case 0:
		return bar0_space(m, space);
	case 1:
		return bar1_space(m, space);
	case 2:
		return local_space(m, shifted(m), space);
	case 3:
		return !queues && !shifted(m) && local_space(m, 1, space);
	default:
		return false;
	}
}
