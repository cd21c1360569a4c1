/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sequencer in the manner of Struck's SIS1100, written from what that card's
 * public driver does to it: the engine is started first, the write of an
 * address then makes the board fetch a block; it moves by demand and is ended
 * by EOT#.  plxdma-boards(7) has the table of registers.
 */
#ifndef BOARDS_SEQUENCER_H
#define BOARDS_SEQUENCER_H

#include <stdbool.h>
#include <stdint.h>

#include <plxdma/board.h>

#include "boards/clock.h"

/* Local addresses.  BAR2 shows the registers, BAR3 the remote memory. */
#define SEQUENCER_PORT	    0x00000000u /* DMA reads the block here */
#define SEQUENCER_REGISTERS 0x00001000u
#define SEQUENCER_REMOTE    0x10000000u
#define SEQUENCER_SIZE	    0x00001000u /* of port and registers */
#define SEQUENCER_REMOTE_SIZE 0x00100000u

enum sequencer_register {
	SEQUENCER_IDENT = 0x00,
	SEQUENCER_STATUS = 0x04,
	SEQUENCER_CONTROL = 0x08,
	SEQUENCER_DOORBELL = 0x10,
	SEQUENCER_MAILBOX = 0x20, /* eight of them */
	SEQUENCER_HEADER = 0x80,
	SEQUENCER_MODIFIER = 0x84,
	SEQUENCER_ADDRESS = 0x88, /* the trigger */
	SEQUENCER_COUNT = 0x90,   /* bytes that are asked for */
	SEQUENCER_BALANCE = 0xa8,
	SEQUENCER_ERROR = 0xac,
	SEQUENCER_MOVED = 0xb0, /* bytes of this block */
	SEQUENCER_MOVED_COPY = 0xb4,
	/* Not on the card it is after. */
	SEQUENCER_PRODUCED = 0x800,
	SEQUENCER_DELIVERED = 0x808,
	SEQUENCER_DROPPED = 0x810,
	SEQUENCER_BLOCKS = 0x818,
	SEQUENCER_SEQUENCE = 0x81c, /* next word's place */
	SEQUENCER_REFUSED = 0x820,
	SEQUENCER_DELAY = 0x824,
	SEQUENCER_BLOCK_LOW = 0x828,
	SEQUENCER_BLOCK_HIGH = 0x82c,
	SEQUENCER_RATE = 0x830,
	SEQUENCER_END_BELLS = 0x834,
	SEQUENCER_CARD = 0x838,
};

#define STATUS_SYNCH	 0x00000003u
#define STATUS_EOT	 0x00000200u /* W1C: a block is over */
#define STATUS_PROT_END	 0x00004000u /* W1C: likewise */
#define STATUS_PROT_ERR	 0x00008000u /* W1C: it ended early */
#define STATUS_ABORT_DMA 0x80000000u /* write: end the transfer now */
#define STATUS_W1C	 0x0000fff0u

#define CONTROL_RESET 0x00000001u

#define HEADER_TO_DMA 0x00000002u /* data goes to channel 0 */

#define ERROR_NO_DMA   0x104u /* nobody had started the engine */
#define ERROR_SHORT    0x208u /* the far side had less */
#define ERROR_ABORTED  0x302u

/* A word is the card's number and its place in what the card has sent. */
#define SEQUENCER_COUNTER_BITS 27

/* chip ref. 2.2: what the board uses of the chip. */
#define CHIP_L2PDBELL 0x64
#define CHIP_DMADPR0  0x90
#define CHIP_DMACSR0  0xa8

struct sequencer_settings {
	uint64_t card, low, high, seed, delay, word_rate, bells, strict;
};

struct sequencer {
	const struct plxdma_board_host *host;
	struct sequencer_settings set;
	uint8_t *remote;
	uint64_t random;
	uint32_t control, status, header, modifier, address, count;
	uint32_t error, balance, moved, blocks, refused;
	uint32_t mailbox[8];
	uint64_t produced, delivered, dropped;

	/* The block under way. */
	bool busy, dreq;
	uint32_t left;	/* words not yet handed out */
	uint32_t there; /* of them, those that have arrived */
	uint64_t due;	/* when the first one arrives */
	struct clock clock;
};

/* sequencer_block.c: a block from its trigger to its end. */
void block_trigger(struct sequencer *s);
void block_advance(struct sequencer *s);
void block_settle(struct sequencer *s);
size_t block_read(struct sequencer *s, uint8_t *to, size_t words);
void block_abort(struct sequencer *s);
/* sequencer_registers.c */
uint32_t sequencer_get(void *board, uint32_t offset);
void sequencer_set(void *board, uint32_t offset, uint32_t value);
/* sequencer.c */
void sequencer_reset(void *board);

#endif
