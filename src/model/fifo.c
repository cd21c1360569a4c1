/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FIFO of the default board.
 *
 * What was pushed comes out first; when nothing is left and the counter
 * refills, Lwords count up, so that a lost or doubled one shows.
 */
#include "model/fifo.h"

#include <errno.h>
#include <stdlib.h>

int fifo_open(struct fifo *fifo, uint32_t depth)
{
	*fifo = (struct fifo){ .depth = depth };
	fifo->lwords = malloc((size_t)depth * sizeof(*fifo->lwords));
	return fifo->lwords ? 0 : -ENOMEM;
}

void fifo_close(struct fifo *fifo)
{
	free(fifo->lwords);
}

void fifo_empty(struct fifo *fifo)
{
	fifo->head = 0;
	fifo->level = 0;
}

uint32_t fifo_level(const struct fifo *fifo)
{
	return fifo->refills ? fifo->depth : fifo->level;
}

static void store(uint8_t *to, uint32_t lword)
{
	to[0] = (uint8_t)lword;
	to[1] = (uint8_t)(lword >> 8);
	to[2] = (uint8_t)(lword >> 16);
	to[3] = (uint8_t)(lword >> 24);
}

static uint32_t load(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* Return: how many Lwords there were, up to @lwords. */
size_t fifo_pop(struct fifo *fifo, uint8_t *to, size_t lwords)
{
	size_t n = 0;

	for (; n < lwords && fifo->level; n++) {
		store(to + 4 * n, fifo->lwords[fifo->head]);
		fifo->head = fifo->head + 1 == fifo->depth ? 0 :
							      fifo->head + 1;
		fifo->level--;
	}
	for (; n < lwords && fifo->refills; n++)
		store(to + 4 * n, fifo->next++);
	fifo->popped += (uint32_t)n;
	return n;
}

/* Return: how many found room. */
size_t fifo_push(struct fifo *fifo, const uint8_t *from, size_t lwords)
{
	uint64_t tail = (uint64_t)fifo->head + fifo->level;
	size_t n = 0;

	for (; n < lwords && fifo->level < fifo->depth; n++, tail++) {
		fifo->lwords[tail % fifo->depth] = load(from + 4 * n);
		fifo->level++;
	}
	fifo->pushed += (uint32_t)n;
	return n;
}
