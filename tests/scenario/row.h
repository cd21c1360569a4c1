/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One configuration of the matrix: what is run in it, and what came of it.
 */
#ifndef ROW_H
#define ROW_H

#include <stddef.h>
#include <stdint.h>

#include "stage.h"

enum row_column {
	ROW_BLOCK_TO_HOST,
	ROW_BLOCK_TO_CARD,
	ROW_CHAIN_TO_HOST,
	ROW_CHAIN_TO_CARD,
	ROW_TOO_LONG,		/* block mode refused: -EMSGSIZE */
	ROW_FIFO_TO_HOST,
	ROW_FIFO_TO_CARD,
	ROW_FIFO_REFUSED,	/* not Lword aligned: -EINVAL */
	ROW_LISTS,		/* scatter-gather */
	ROW_EDGES,		/* first and last bytes of the memory */
	ROW_MODES,		/* widths, bursts */
	ROW_OWN,		/* plxdma_read(), plxdma_write() */
	ROW_COLUMNS
};

extern const char *const row_columns[ROW_COLUMNS];

struct row {
	const char *name;
	int whole;		/* the full product, else pairwise */
	int quick;		/* without the longest transfers */
	unsigned int cells[ROW_COLUMNS];
	unsigned int wrong;
	uint64_t bytes;
};

/* No row goes on after so many. */
#define ROW_WRONG_MAX 8

/* Prints what is wrong; counts it. */
void row_wrong(struct row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Each fills its columns. */
void row_play_memory(struct row *row, struct stage *stage);
void row_play_fifo(struct row *row, struct stage *stage);
void row_play_lists(struct row *row, struct stage *stage);
void row_play_edges(struct row *row, struct stage *stage);
void row_play_modes(struct row *row, struct stage *stage);
void row_play_own(struct row *row, const char *spec,
		  struct shared_board *board);

#endif
