/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client's end of the rings. Belongs to one thread at a time.
 */
#ifndef WIRE_RING_CLIENT_H
#define WIRE_RING_CLIENT_H

#include "area.h"

struct ring_client {
	struct wire_area *area;
	uint32_t tail;		/* next submission to write */
	uint32_t head;		/* next completion to read */
	uint32_t freed;		/* the daemon's head, as last seen */
};

void ring_client_init(struct ring_client *ring, struct wire_area *area);

/* Return: 0, or -EAGAIN if the ring is full. The daemon is to be woken if
 * ring_client_must_wake() says so. */
int ring_client_submit(struct ring_client *ring,
		       const struct wire_submission *entry);
int ring_client_must_wake(struct ring_client *ring);

/* Return: 1 with the next completion, 0 if there is none, -EPROTO if the
 * daemon's index can't be. */
int ring_client_take(struct ring_client *ring, struct wire_completion *entry);
int ring_client_pending(const struct ring_client *ring);

/* Says that this side is about to sleep, or that it doesn't. Look at
 * ring_client_pending() in between. */
void ring_client_sleep(struct ring_client *ring);
void ring_client_awake(struct ring_client *ring);

/* Whose the channel is: enum wire_claimed. */
uint32_t ring_client_claim(const struct ring_client *ring);
/* 0, or the negative errno for which nothing goes any more. */
int ring_client_state(const struct ring_client *ring);

#endif
