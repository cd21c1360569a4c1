/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's turn: nothing of anybody else's comes between the steps of a
 * batch or of a recipe's group.
 *
 * A turn may last as long as a poll does, up to a second and over many calls,
 * so it is no lock that one sleeps on: who can't have it now stands in line
 * and asks again.  What lasts no longer than a register access or a start
 * stands in no line and needs no turn; it only must not run during one:
 * accesses are counted, starts are made under their channel's lock, and who
 * is at the head of the line looks that none is under way before he begins.
 *
 * A start pays nothing for it but a look at who is at the head.
 */
#ifndef TURN_H
#define TURN_H

#include <pthread.h>
#include <stdatomic.h>

#include "dma/dma.h"

struct turn_line {
	pthread_mutex_t lock;
	/* First in line; also read without the lock. */
	_Atomic(struct dma_turn *) head;
	atomic_uint accesses;
};

int turn_line_init(struct turn_line *line);
void turn_line_destroy(struct turn_line *line);

/* Stands in line if it doesn't yet.  0 once it is this one's turn (again, as
 * often as one asks), -EAGAIN. */
int turn_take(struct dma_card *card, struct dma_turn *turn);
/* Ends the turn, or leaves the line; nothing if it is in none. */
void turn_leave(struct dma_card *card, struct dma_turn *turn);

/* Around what touches registers for a program without a turn: 0, or -EAGAIN
 * while somebody has it. */
int turn_access_begin(struct dma_card *card);
void turn_access_end(struct dma_card *card);

/* Is it another's turn than @own?  With a channel's lock held: no turn begins
 * until that is released. */
static inline int turn_others(const struct turn_line *line,
			      const struct dma_turn *own)
{
	const struct dma_turn *head =
		atomic_load_explicit(&line->head, memory_order_relaxed);

	return head && head != own;
}

#endif
