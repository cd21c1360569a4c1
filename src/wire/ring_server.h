/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's end of the rings. Its indices live here, not in the area: what
 * the client writes over what was published confuses nobody but the client.
 */
#ifndef WIRE_RING_SERVER_H
#define WIRE_RING_SERVER_H

#include "area.h"

struct ring_server {
	struct wire_area *area;
	uint32_t head;		/* next submission to take */
	uint32_t tail;		/* next completion to post */
	uint32_t owed;		/* taken and not yet completed */
};

void ring_server_init(struct ring_server *ring, struct wire_area *area);

/*
 * Copies the next submission. Nothing is taken whose completion might lack
 * room: a client that doesn't read its completions stops itself.
 * Return: 1; 0 if there is none to take; -EPROTO if an index can't be.
 */
int ring_server_take(struct ring_server *ring, struct wire_submission *entry);

/* Posts the completion of an entry that was taken; there is always room.
 * Whoever posts calls ring_server_must_wake() after the last one. */
void ring_server_complete(struct ring_server *ring,
			  const struct wire_completion *entry);

/* Does the client sleep? Then it must be woken, once. */
int ring_server_must_wake(struct ring_server *ring);

/* Is there something to take, or an index that can't be? */
int ring_server_pending(const struct ring_server *ring);

/* Says that the daemon is about to sleep. Look at ring_server_pending() of
 * every ring after that, before sleeping. */
void ring_server_sleep(struct ring_server *ring);
void ring_server_awake(struct ring_server *ring);

/* Copies pieces of the client's lists; they may change meanwhile, the copy
 * doesn't. The range must have been checked. */
void ring_server_segments(const struct ring_server *ring, uint32_t first,
			  uint32_t count, struct wire_segment *segments);

/* Likewise the recipe that waits to be prepared. */
void ring_server_recipe(const struct ring_server *ring,
			struct wire_recipe *recipe);
/* What a recipe has read; before the completion. */
void ring_server_values(struct ring_server *ring, unsigned int number,
			const struct wire_values *values);

/* Tells the client whose the channel is: enum wire_claimed. */
void ring_server_claim(struct ring_server *ring, uint32_t claim);
/* Tells the client why nothing goes any more: a negative errno. */
void ring_server_state(struct ring_server *ring, int state);

#endif
