/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The messaging unit's queues: four FIFOs of Lwords in local memory, behind
 * two ports (chip ref. 2.4).
 *
 * The chip advances Inbound Free's tail, Inbound Post's head, Outbound
 * Free's head and Outbound Post's tail; local software the other ends.
 * Equal pointers mean empty, unless a head ran onto its tail.
 */
#include "model/card.h"

enum queue { INBOUND_FREE, INBOUND_POST, OUTBOUND_POST, OUTBOUND_FREE };

static const unsigned int heads[] = { PLX_IFHPR, PLX_IPHPR, PLX_OPHPR,
				      PLX_OFHPR };
static const unsigned int tails[] = { PLX_IFTPR, PLX_IPTPR, PLX_OPTPR,
				      PLX_OFTPR };

static bool enabled(const struct model *m)
{
	return reg_get(m, PLX_MQCR) & PLX_MQCR_ENABLE;
}

/* The size field has one bit of five, for 4K entries and up. */
static uint32_t queue_size(const struct model *m)
{
	uint32_t field = reg_get(m, PLX_MQCR) & PLX_MQCR_SIZE_MASK;

	return (field ? field & -field : 2) * 4096 / 2 * 4;
}

static bool empty(const struct model *m, enum queue queue)
{
	return reg_get(m, heads[queue]) == reg_get(m, tails[queue]) &&
	       !m->queue_full[queue];
}

static bool full(const struct model *m, enum queue queue)
{
	return m->queue_full[queue];
}

static void advance(struct model *m, unsigned int pointer)
{
	uint32_t size = queue_size(m), at = reg_get(m, pointer);

	m->reg[pointer / 4] = (at & ~(size - 1)) | ((at + 4) & (size - 1));
	m->reg[pointer / 4] &= PLX_QUEUE_POINTER_MASK;
}

static uint32_t local_lword(const struct model *m, unsigned int pointer)
{
	return reg_get(m, PLX_QBAR) | reg_get(m, pointer);
}

static uint32_t pop(struct model *m, enum queue queue)
{
	struct plxdma_board_access access = {
		.channel = PLXDMA_BOARD_HOST,
		.width = 32,
	};
	uint8_t data[4] = { 0xff, 0xff, 0xff, 0xff };

	if (!enabled(m) || empty(m, queue))
		return 0xffffffff;
	board_read(m, local_lword(m, tails[queue]), data, 4, &access);
	advance(m, tails[queue]);
	m->queue_full[queue] = false;
	interrupt_update(m);
	return (uint32_t)data[0] | (uint32_t)data[1] << 8 |
	       (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
}

static void push(struct model *m, enum queue queue, uint32_t value)
{
	struct plxdma_board_access access = {
		.channel = PLXDMA_BOARD_HOST,
		.width = 32,
	};
	uint8_t data[4];

	if (!enabled(m))
		return;
	if (full(m, queue)) {
		if (queue == OUTBOUND_FREE)
			m->reg[PLX_QSR / 4] |= PLX_QSR_OVERFLOW;
		return;
	}
	for (unsigned int i = 0; i < 4; i++)
		data[i] = (uint8_t)(value >> 8 * i);
	board_write(m, local_lword(m, heads[queue]), data, 4, &access);
	advance(m, heads[queue]);
	m->queue_full[queue] = reg_get(m, heads[queue]) ==
			       reg_get(m, tails[queue]);
}

/* In I2O mode the ports stand in the place of two mailboxes. */
bool queue_port(const struct model *m, unsigned int offset)
{
	return (offset == PLX_MBOX0 || offset == PLX_MBOX1) &&
	       reg_get(m, PLX_QSR) & PLX_QSR_I2O_ENABLE;
}

uint32_t queue_port_read(struct model *m, unsigned int offset)
{
	return pop(m, offset == PLX_MBOX0 ? INBOUND_FREE : OUTBOUND_POST);
}

void queue_port_write(struct model *m, unsigned int offset, uint32_t value)
{
	push(m, offset == PLX_MBOX0 ? INBOUND_POST : OUTBOUND_FREE, value);
}

/* Local software moved an end of a queue. */
void queue_pointer_written(struct model *m, unsigned int offset,
			   uint32_t before)
{
	for (unsigned int i = 0; i < 4; i++) {
		if (offset == tails[i])
			m->queue_full[i] = false;
		if (offset == heads[i])
			m->queue_full[i] =
				enabled(m) && before != reg_get(m, offset) &&
				reg_get(m, heads[i]) == reg_get(m, tails[i]);
	}
}

/* Bits 31:20 of a pointer are QBAR's. */
uint32_t queue_pointer(const struct model *m, unsigned int offset)
{
	return local_lword(m, offset);
}

bool queue_outbound_post_pending(const struct model *m)
{
	return !empty(m, OUTBOUND_POST);
}

uint32_t queue_status(const struct model *m)
{
	uint32_t value = reg_get(m, PLX_QSR);

	return empty(m, INBOUND_POST) ? value :
					value | PLX_QSR_INBOUND_NOT_EMPTY;
}
