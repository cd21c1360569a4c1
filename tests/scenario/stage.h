/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a transfer is played: a card, its two channels, all of its memory as
 * one buffer, and the board's memory as the board has it.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/plxdma.h>

#include "shared-board.h"

/* Untouched bytes around every transfer, checked after each. */
#define STAGE_GUARD (64u << 10)
/* What the matrix needs for 33 MiB and guards; 20 hugepages. */
#define STAGE_ARENA "40M"
#define STAGE_ARENA_SIZE ((size_t)40 << 20)

struct stage {
	struct plxdma_card *card;
	struct plxdma_channel *channels[PLXDMA_CHANNELS];
	struct plxdma_mode *memory_mode, *fifo_mode;
	char *host;		/* one buffer, all of the card's memory */
	plxdma_handle handle;
	size_t host_size;
	uint64_t seam;		/* offset where 4 GiB is crossed, or 0 */
	struct shared_board *board;
	uint32_t nonce;		/* of the last transfer */
};

/* The board's memory, for the spec; owned by the caller until shut. */
struct shared_board *stage_board_new(char *options, size_t room);
void stage_board_free(struct shared_board *board);

/* Takes @size bytes of memory, which the spec's arena= has.
 * Return: 0 or a negative errno with the text of what failed. */
int stage_open(struct stage *stage, const char *spec, size_t size,
	       struct shared_board *board, char *text, size_t room);
void stage_close(struct stage *stage);

/* Finds the offset at which bus addresses cross 4 GiB: a chain over it takes
 * one descriptor more.  Return: 0, or a negative errno. */
int stage_find_seam(struct stage *stage);

uint64_t stage_violations(struct stage *stage);

#endif
