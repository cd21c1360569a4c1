/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client's end of the rings. The daemon is trusted with the client's data
 * but not with its stack: its indices are masked and its distances checked.
 */
#include "ring_client.h"

#include <errno.h>
#include <string.h>

#define MASK (WIRE_RING - 1u)

void ring_client_init(struct ring_client *ring, struct wire_area *area)
{
	ring->area = area;
	ring->tail = 0;
	ring->head = 0;
	ring->freed = 0;
}

int ring_client_submit(struct ring_client *ring,
		       const struct wire_submission *entry)
{
	if (ring->tail - ring->freed >= WIRE_RING) {
		/* Only now: this line is the daemon's. */
		ring->freed = atomic_load_explicit(&ring->area->submit_head,
						   memory_order_acquire);
		if (ring->tail - ring->freed >= WIRE_RING)
			return -EAGAIN;
	}
	memcpy(&ring->area->submissions[ring->tail & MASK], entry,
	       sizeof(*entry));
	ring->tail++;
	atomic_store_explicit(&ring->area->submit_tail, ring->tail,
			      memory_order_release);
	return 0;
}

int ring_client_must_wake(struct ring_client *ring)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(&ring->area->daemon_sleeps,
				    memory_order_relaxed) &&
	       atomic_exchange(&ring->area->daemon_sleeps, 0);
}

static uint32_t posted(const struct ring_client *ring)
{
	return atomic_load_explicit(&ring->area->complete_tail,
				    memory_order_acquire) - ring->head;
}

int ring_client_take(struct ring_client *ring, struct wire_completion *entry)
{
	uint32_t count = posted(ring);

	if (!count)
		return 0;
	if (count > WIRE_RING)
		return -EPROTO;
	memcpy(entry, &ring->area->completions[ring->head & MASK],
	       sizeof(*entry));
	ring->head++;
	atomic_store_explicit(&ring->area->complete_head, ring->head,
			      memory_order_release);
	return 1;
}

int ring_client_pending(const struct ring_client *ring)
{
	return posted(ring) != 0;
}

void ring_client_sleep(struct ring_client *ring)
{
	atomic_store_explicit(&ring->area->client_sleeps, 1,
			      memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

void ring_client_awake(struct ring_client *ring)
{
	atomic_store_explicit(&ring->area->client_sleeps, 0,
			      memory_order_relaxed);
}

uint32_t ring_client_claim(const struct ring_client *ring)
{
	return atomic_load_explicit(&ring->area->claim, memory_order_acquire);
}

int ring_client_state(const struct ring_client *ring)
{
	return atomic_load_explicit(&ring->area->state, memory_order_acquire);
}
