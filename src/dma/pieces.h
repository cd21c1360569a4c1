/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pieces of a request: what one descriptor each will say.
 *
 * Neighbours on both buses merge, long ones are cut: nothing is longer than
 * 8 MiB - 1 or crosses a 4 GiB boundary of the bus, and inner cuts lie on
 * 4 KiB of the local count, because local reads are whole Lwords and a cut
 * inside one loses what a FIFO gave (chip ref. 3.7).
 */
#ifndef PIECES_H
#define PIECES_H

#include <stdint.h>

#include "dma/dma.h"

struct family;
struct translate;

struct piece {
	uint64_t bus;
	uint32_t local;
	uint32_t size;
};

struct stretch {
	uint64_t bus;
	uint64_t left;
	uint32_t local;
};

struct pieces {
	const struct translate *translate;
	const struct dma_segment *segments;
	struct dma_segment whole;	/* of a request without a list */
	uint64_t whole_left;
	uint32_t count;
	int constant;
	int tail;		/* the last Lword gets its own, for EOT# */
	uint64_t total;
	/* Where the iteration is. */
	uint32_t index;		/* segment */
	uint64_t offset;	/* memory of it that comes next, its local */
	uint64_t left;		/* address and what is left of it */
	uint32_t local;
	struct stretch ahead;	/* looked at, not yet merged */
	struct stretch now;	/* being cut */
	uint64_t done;		/* bytes cut */
};

/* Checks every number.  0, or a negative errno with a text. */
int pieces_init(struct pieces *pieces, const struct dma_request *request,
		const struct plxdma_mode *mode, const struct family *family,
		struct error *error);
void pieces_rewind(struct pieces *pieces);
/* 1 and a piece, or 0 at the end. */
int pieces_next(struct pieces *pieces, struct piece *piece);

#endif
