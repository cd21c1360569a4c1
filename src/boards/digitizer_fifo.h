/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer's FIFO: filled by a clock, emptied by whoever reads.
 *
 * Each word tells its card and its place in what that card has produced.  What
 * finds no room is counted and missing from the sequence, so that at any
 * moment produced = delivered + overflowed + level, word for word.
 */
#ifndef BOARDS_DIGITIZER_FIFO_H
#define BOARDS_DIGITIZER_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boards/clock.h"

#define FIFO_COUNTER_BITS 27 /* of a word; above it is the card's number */
#define FIFO_COUNTER_MASK ((1u << FIFO_COUNTER_BITS) - 1)

struct fifo_counts {
	uint64_t produced, delivered, overflowed;
	uint32_t level;
};

struct fifo {
	uint32_t *words;
	uint32_t depth, head;
	uint32_t card;
	uint64_t rate; /* 0: a word is there as soon as there is room */
	bool running;
	struct clock clock;
	struct fifo_counts counts;
};

int fifo_open(struct fifo *fifo, uint32_t depth, uint32_t card);
void fifo_close(struct fifo *fifo);
/* Empty, and nothing produced yet. */
void fifo_clear(struct fifo *fifo);
void fifo_run(struct fifo *fifo, bool running, uint64_t now);
void fifo_set_rate(struct fifo *fifo, uint64_t rate, uint64_t now);
/* Everything that the clock has made until @now. */
void fifo_advance(struct fifo *fifo, uint64_t now);
/* Return: how many words there were, up to @words. */
size_t fifo_pop(struct fifo *fifo, uint8_t *to, size_t words);
/* When there will be @level words if nobody reads; 0: never. */
uint64_t fifo_when(const struct fifo *fifo, uint32_t level);

#endif
