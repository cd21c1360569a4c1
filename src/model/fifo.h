/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FIFO of the default board: Lwords, with a counter that can refill it.
 */
#ifndef MODEL_FIFO_H
#define MODEL_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fifo {
	uint32_t *lwords;
	uint32_t depth, head, level;
	bool refills;
	uint32_t next; /* what the counter gives */
	uint32_t popped, pushed, overflowed;
};

int fifo_open(struct fifo *fifo, uint32_t depth);
void fifo_close(struct fifo *fifo);
void fifo_empty(struct fifo *fifo);
uint32_t fifo_level(const struct fifo *fifo);
size_t fifo_pop(struct fifo *fifo, uint8_t *to, size_t lwords);
size_t fifo_push(struct fifo *fifo, const uint8_t *from, size_t lwords);

#endif
