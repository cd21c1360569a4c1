/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board whose memory is a file that the test maps as well.
 *
 * The test sees local memory without the card's help: what the card wrote is
 * not checked by reading it back through the card.  The FIFO is one Lword at
 * one address: a transfer that forgets to hold its local address strays, and
 * that is counted.
 */
#ifndef SHARED_BOARD_H
#define SHARED_BOARD_H

#include <stdint.h>

#define SHARED_BOARD_MAGIC 0x44524f42u
#define SHARED_BOARD_SRAM 0x20000000u
#define SHARED_BOARD_FIFO 0x30000000u

/* Option board.memory=PATH: a file of SHARED_BOARD_BYTES. */
#define SHARED_BOARD_SRAM_SIZE (36u << 20)
#define SHARED_BOARD_QUEUE_SIZE (34u << 20)

struct shared_board {
	uint32_t magic;
	uint32_t strays;	/* accesses to where nothing is */
	uint32_t narrow;	/* FIFO accesses that were not whole Lwords */
	uint32_t popped;	/* Lwords that the FIFO gave from the queue */
	uint32_t pushed;	/* Lwords that it appended to the queue */
	uint8_t padding[4096 - 5 * 4];
	uint8_t sram[SHARED_BOARD_SRAM_SIZE];
	uint8_t queue[SHARED_BOARD_QUEUE_SIZE];
};
_Static_assert(sizeof(struct shared_board) ==
	       4096 + SHARED_BOARD_SRAM_SIZE + SHARED_BOARD_QUEUE_SIZE,
	       "both sides map the same layout");

#endif
