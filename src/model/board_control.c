/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board's registers; model.h lists them.
 */
#include "chip/plx9054.h"
#include "model/board_default.h"

static void control_changed(struct default_board *board, uint32_t value)
{
	const struct plxdma_board_host *host = board->host;
	uint32_t changed = value ^ board->control;

	board->control = value & ~(CONTROL_EMPTY | CONTROL_RING);
	board->fifo.refills = value & CONTROL_REFILL;
	if (value & CONTROL_EMPTY)
		fifo_empty(&board->fifo);
	if (changed & CONTROL_LINTI)
		host->linti(host->card, !!(value & CONTROL_LINTI));
	if (changed & CONTROL_DREQ || value & CONTROL_DREQ)
		port_drive_dreq(board, !!(value & CONTROL_DREQ));
	if (value & CONTROL_RING)
		host->reg_write(host->card, PLX_L2PDBELL, board->bits);
}

static uint32_t register_read(struct default_board *board, uint32_t offset)
{
	switch (offset) {
	case 0x00:
		return 0x504c5842; /* PLXB */
	case 0x04:
		return board->control;
	case 0x08:
		return fifo_level(&board->fifo);
	case 0x0c:
		return board->fifo.overflowed;
	case 0x10:
		return board->errors;
	case 0x14:
		return board->fifo.next;
	case 0x18:
		return board->bits;
	case 0x1c:
		return board->fifo.popped;
	case 0x20:
		return board->fifo.pushed;
	case 0x24:
		return board->eot_after;
	case 0x28:
		return board->scratch;
	default:
		return 0;
	}
}

static void register_write(struct default_board *board, uint32_t offset,
			   uint32_t value)
{
	switch (offset) {
	case 0x04:
		control_changed(board, value);
		break;
	case 0x0c:
		board->fifo.overflowed = value;
		break;
	case 0x10:
		board->errors = value;
		break;
	case 0x14:
		board->fifo.next = value;
		break;
	case 0x18:
		board->bits = value;
		break;
	case 0x1c:
		board->fifo.popped = value;
		break;
	case 0x20:
		board->fifo.pushed = value;
		break;
	case 0x24:
		board->eot_after = value;
		break;
	case 0x28:
		board->scratch = value;
		break;
	default:
		break;
	}
}

/* Registers are 32 bits wide; parts of one are read and written as such. */
void control_read(struct default_board *board, uint32_t offset, uint8_t *to,
		  size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint32_t at = offset + (uint32_t)i;

		to[i] = (uint8_t)(register_read(board, at & ~3u) >>
				  at % 4 * 8);
	}
}

void control_write(struct default_board *board, uint32_t offset,
		   const uint8_t *from, size_t size)
{
	size_t i = 0;

	while (i < size) {
		uint32_t at = offset + (uint32_t)i, lword = at & ~3u;
		uint32_t value = register_read(board, lword);

		do {
			unsigned int shift = at % 4 * 8;

			value &= ~(0xffu << shift);
			value |= (uint32_t)from[i] << shift;
			i++;
			at++;
		} while (i < size && at % 4);
		register_write(board, lword, value);
	}
}
