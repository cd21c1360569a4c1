/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board's FIFO, a local address that does not move.
 */
#ifndef FIFO_H
#define FIFO_H

#include "channel.h"

enum {
	BOARD_CONTROL = BOARD + 0x04,
	BOARD_LEVEL = BOARD + 0x08,
	BOARD_POPPED = BOARD + 0x1C,
	BOARD_PUSHED = BOARD + 0x20,
	BOARD_EOT = BOARD + 0x24,
	CONTROL_REFILL = 0x01,
	CONTROL_DREQ = 0x08
};

#define MODE_FIFO (MODE_MEMORY | MODE_CONSTANT)

/* Lwords that count up from first. */
void port_push(struct card *card, uint32_t first, unsigned int count);
/* Whether host memory holds such. */
bool host_counts(struct card *card, unsigned int offset, uint32_t first,
		 unsigned int count);

#endif
