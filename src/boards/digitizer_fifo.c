/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer's FIFO.
 */
#include "boards/digitizer_fifo.h"

#include <errno.h>
#include <stdlib.h>

#include "boards/lwords.h"

int fifo_open(struct fifo *fifo, uint32_t depth, uint32_t card)
{
	*fifo = (struct fifo){ .depth = depth, .card = card };
	fifo->words = malloc((size_t)depth * sizeof(*fifo->words));
	return fifo->words ? 0 : -ENOMEM;
}

void fifo_close(struct fifo *fifo)
{
	free(fifo->words);
}

void fifo_clear(struct fifo *fifo)
{
	fifo->head = 0;
	fifo->counts = (struct fifo_counts){ 0 };
}

static uint32_t word(const struct fifo *fifo, uint64_t place)
{
	return fifo->card << FIFO_COUNTER_BITS |
	       ((uint32_t)place & FIFO_COUNTER_MASK);
}

/* The clock made @words: those with room are kept, the first ones. */
static void fifo_make(struct fifo *fifo, uint64_t words)
{
	struct fifo_counts *counts = &fifo->counts;
	uint32_t room = fifo->depth - counts->level;
	uint32_t kept = words < room ? (uint32_t)words : room;
	uint64_t tail = (uint64_t)fifo->head + counts->level;
	uint32_t at = (uint32_t)(tail % fifo->depth);

	for (uint32_t i = 0; i < kept; i++) {
		fifo->words[at] = word(fifo, counts->produced + i);
		at = at + 1 == fifo->depth ? 0 : at + 1;
	}
	counts->level += kept;
	counts->produced += words;
	counts->overflowed += words - kept;
}

void fifo_advance(struct fifo *fifo, uint64_t now)
{
	if (!fifo->running)
		return;
	if (fifo->rate)
		fifo_make(fifo, clock_take(&fifo->clock, now));
	else
		fifo_make(fifo, fifo->depth - fifo->counts.level);
}

void fifo_run(struct fifo *fifo, bool running, uint64_t now)
{
	fifo_advance(fifo, now);
	if (running && !fifo->running)
		clock_start(&fifo->clock, fifo->rate, now);
	fifo->running = running;
}

void fifo_set_rate(struct fifo *fifo, uint64_t rate, uint64_t now)
{
	fifo_advance(fifo, now);
	fifo->rate = rate;
	clock_start(&fifo->clock, rate, now);
}

size_t fifo_pop(struct fifo *fifo, uint8_t *to, size_t words)
{
	struct fifo_counts *counts = &fifo->counts;
	size_t n = words < counts->level ? words : counts->level;

	for (size_t i = 0; i < n; i++) {
		lword_store(to + 4 * i, fifo->words[fifo->head]);
		fifo->head = fifo->head + 1 == fifo->depth ? 0 :
							      fifo->head + 1;
	}
	counts->level -= (uint32_t)n;
	counts->delivered += n;
	return n;
}

uint64_t fifo_when(const struct fifo *fifo, uint32_t level)
{
	if (!fifo->running || !fifo->rate || level > fifo->depth)
		return 0;
	if (level <= fifo->counts.level)
		return fifo->clock.since;
	return clock_when(&fifo->clock, level - fifo->counts.level);
}
