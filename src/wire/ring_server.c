/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's end of the rings. Two numbers are read from the client, its
 * tail of submissions and its head of completions; each is only believed as a
 * distance of at most one ring from the daemon's own index. A distance beyond
 * that is no state that a ring can have, and ends the connection.
 */
#include "ring_server.h"

#include <errno.h>
#include <string.h>

#include "error/planted.h"

#define MASK (WIRE_RING - 1u)

/* Entries leave shared memory in one copy; nothing is fetched twice. */
#define COPIED() __asm__ __volatile__("" ::: "memory")

void ring_server_init(struct ring_server *ring, struct wire_area *area)
{
	ring->area = area;
	ring->head = 0;
	ring->tail = 0;
	ring->owed = 0;
}

static uint32_t submitted(const struct ring_server *ring)
{
	return atomic_load_explicit(&ring->area->submit_tail,
				    memory_order_acquire) - ring->head;
}

static uint32_t unread(const struct ring_server *ring)
{
	return ring->tail - atomic_load_explicit(&ring->area->complete_head,
						 memory_order_acquire);
}

int ring_server_take(struct ring_server *ring, struct wire_submission *entry)
{
	uint32_t waiting = submitted(ring);
	uint32_t posted;

	if (!waiting)
		return 0;
	posted = unread(ring);
	if (waiting > WIRE_RING || posted > WIRE_RING)
		return -EPROTO;
	if (posted + ring->owed >= WIRE_RING + PLANTED(RING_ROOM))
		return 0;
	memcpy(entry, &ring->area->submissions[ring->head & MASK],
	       sizeof(*entry));
	COPIED();
	ring->head++;
	ring->owed++;
	atomic_store_explicit(&ring->area->submit_head, ring->head,
			      memory_order_release);
	return 1;
}

void ring_server_complete(struct ring_server *ring,
			  const struct wire_completion *entry)
{
	memcpy(&ring->area->completions[ring->tail & MASK], entry,
	       sizeof(*entry));
	ring->tail++;
	ring->owed--;
	atomic_store_explicit(&ring->area->complete_tail, ring->tail,
			      memory_order_release);
}

int ring_server_must_wake(struct ring_server *ring)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(&ring->area->client_sleeps,
				    memory_order_relaxed) &&
	       atomic_exchange(&ring->area->client_sleeps, 0);
}

int ring_server_pending(const struct ring_server *ring)
{
	uint32_t posted;

	if (!submitted(ring))
		return 0;
	posted = unread(ring);
	return posted > WIRE_RING || posted + ring->owed < WIRE_RING;
}

void ring_server_sleep(struct ring_server *ring)
{
	atomic_store_explicit(&ring->area->daemon_sleeps, 1,
			      memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

void ring_server_awake(struct ring_server *ring)
{
	atomic_store_explicit(&ring->area->daemon_sleeps, 0,
			      memory_order_relaxed);
}

void ring_server_segments(const struct ring_server *ring, uint32_t first,
			  uint32_t count, struct wire_segment *segments)
{
	memcpy(segments, &ring->area->segments[first],
	       count * sizeof(*segments));
	COPIED();
}

void ring_server_recipe(const struct ring_server *ring,
			struct wire_recipe *recipe)
{
	memcpy(recipe, &ring->area->recipe, sizeof(*recipe));
	COPIED();
}

void ring_server_values(struct ring_server *ring, unsigned int number,
			const struct wire_values *values)
{
	memcpy(&ring->area->values[number], values, sizeof(*values));
}

void ring_server_claim(struct ring_server *ring, uint32_t claim)
{
	atomic_store_explicit(&ring->area->claim, claim, memory_order_release);
}

void ring_server_state(struct ring_server *ring, int state)
{
	atomic_store_explicit(&ring->area->state, state, memory_order_release);
}
