/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is next on a channel that several clients use: start-time fair queueing.
 *
 * Every client has a virtual clock that advances by what its transfers cost,
 * divided by its weight; who is furthest behind is next. The channel's own
 * clock is that of the one served last, and a client that comes, or comes back
 * after a rest, begins there: nobody saves up turns, and a newcomer is next.
 * Any two that always want the channel have had the same of it, by weight, but
 * for one transfer each; which is why long ones come in parts.
 *
 * What a client has used up outlasts its leaving, under its user's name, until
 * the channel's clock has caught up: closing and opening again is no way to the
 * head of the line.
 *
 * Pure: it knows no clock, no card. Costs are in any unit, here ns of bus time.
 */
#ifndef DAEMON_SHARES_H
#define DAEMON_SHARES_H

#include <stdint.h>
#include <sys/queue.h>

#define SHARE_MOST_WEIGHT 1000u

struct lane;
TAILQ_HEAD(lane_queue, lane);

/* A client on one channel. */
struct sharer {
	const void *client;		/* NULL: it has left */
	uint32_t uid;
	unsigned int lanes_open;
	struct lane_queue lanes;	/* the engine's: what could start */
	unsigned int held;		/* lanes that will want to go on */
	int ready;			/* in line */
	uint64_t start;			/* of its next transfer */
	uint64_t finish;		/* of the last one that it was given */
	uint64_t debt;			/* charged with the next one */
	TAILQ_ENTRY(sharer) line;
	TAILQ_ENTRY(sharer) all;
};
TAILQ_HEAD(sharer_queue, sharer);

struct shares {
	uint64_t now;			/* the channel's clock */
	struct sharer_queue line;	/* by start */
	struct sharer_queue all;
};

void shares_init(struct shares *shares);
void shares_destroy(struct shares *shares);

/* The client's place, the same for each of its lanes. NULL without memory. */
struct sharer *shares_join(struct shares *shares, const void *client,
			  uint32_t uid);
/* One lane less; it wants nothing any more. */
void shares_leave(struct shares *shares, struct sharer *sharer);

/* Its lanes or its held have changed: it takes its place in line, or leaves
 * it. */
void shares_update(struct shares *shares, struct sharer *sharer);
/* Who is next, NULL: nobody wants anything. */
struct sharer *shares_first(const struct shares *shares);
/* It was given something that costs so much; call shares_update() then. */
void shares_charge(struct shares *shares, struct sharer *sharer, uint64_t cost,
		  unsigned int weight);
/* What it was given has cost so much more than was charged. */
void shares_owe(struct sharer *sharer, uint64_t cost);

#endif
