/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Round robin. The channel is given at most two transfers at a time: enough
 * that it need not wait for a turn of the loop, few enough that a newcomer
 * waits for no more than that and one turn of each other lane.
 */
#include "engine.h"

#include "lane.h"

#define DEPTH 2
/* Who spins for longer than this had better slept. */
#define SPIN_NS UINT64_C(20000000)
/* How often to look at a transfer that raises no interrupt, without spinning */
#define LOOK_NS UINT64_C(200000)

void engine_init(struct engine *engine, struct dma_channel *channel)
{
	engine->channel = channel;
	TAILQ_INIT(&engine->ready);
}

void engine_queue(struct engine *engine, struct slot *slot)
{
	struct lane *lane = slot->lane;

	if (TAILQ_EMPTY(&lane->queue))
		TAILQ_INSERT_TAIL(&engine->ready, lane, ready);
	slot->state = SLOT_QUEUED;
	TAILQ_INSERT_TAIL(&lane->queue, slot, link);
}

static void unqueue(struct engine *engine, struct slot *slot)
{
	struct lane *lane = slot->lane;

	TAILQ_REMOVE(&lane->queue, slot, link);
	slot->state = SLOT_IDLE;
	if (TAILQ_EMPTY(&lane->queue))
		TAILQ_REMOVE(&engine->ready, lane, ready);
}

/* One more, or one less, of those that the channel has. */
static void count(struct engine *engine, const struct slot *slot, int change)
{
	engine->running += (unsigned int)change;
	if (slot->quiet)
		engine->quiet += (unsigned int)change;
	if (slot->entry.flags & WIRE_SPINS)
		engine->spun += (unsigned int)change;
}

static void slot_start(struct engine *engine, struct slot *slot, uint64_t now)
{
	int err = dma_transfer_submit(slot->transfer);

	if (err) {
		lane_refused(slot, err);
		return;
	}
	slot->state = SLOT_RUNNING;
	slot->started = 1;
	count(engine, slot, 1);
	engine->started = now;
}

static unsigned int feed(struct engine *engine, uint64_t now)
{
	unsigned int started = 0;
	struct lane *lane;
	struct slot *slot;

	while (engine->running < DEPTH &&
	       (lane = TAILQ_FIRST(&engine->ready))) {
		slot = TAILQ_FIRST(&lane->queue);
		unqueue(engine, slot);
		if (!TAILQ_EMPTY(&lane->queue)) {
			TAILQ_REMOVE(&engine->ready, lane, ready);
			TAILQ_INSERT_TAIL(&engine->ready, lane, ready);
		}
		slot_start(engine, slot, now);
		started++;
	}
	return started;
}

static unsigned int reap(struct engine *engine)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct dma_transfer *transfer;
	unsigned int ended = 0;
	struct slot *slot;

	while ((transfer = dma_channel_take(engine->channel))) {
		slot = dma_transfer_user(transfer);
		dma_transfer_result(transfer, &result);
		slot->state = SLOT_IDLE;
		count(engine, slot, -1);
		if (result.status != PLXDMA_DONE)
			engine->faulted(slot, result.status);
		lane_ended(slot, &result);
		ended++;
	}
	return ended;
}

unsigned int engine_turn(struct engine *engine, uint64_t now)
{
	unsigned int done = feed(engine, now);

	if (!engine->running)
		return done;
	dma_channel_progress(engine->channel);
	done += reap(engine);
	return done + feed(engine, now);
}

int engine_cancel(struct engine *engine, struct slot *slot,
		  enum plxdma_status status)
{
	struct plxdma_result result = {
		.size = sizeof(result),
		.status = status,
		.bytes_exact = 1,
	};
	int err;

	if (slot->state == SLOT_QUEUED) {
		unqueue(engine, slot);
		lane_ended(slot, &result);
		return 0;
	}
	err = dma_transfer_cancel(slot->transfer, status);
	reap(engine);
	return err;
}

void engine_drop(struct engine *engine, struct slot *slot)
{
	const struct plxdma_result result = {
		.size = sizeof(result),
		.status = PLXDMA_CANCELLED,
	};

	/* Its values may be wanted; they go with the transfer. */
	slot->state = SLOT_IDLE;
	count(engine, slot, -1);
	lane_ended(slot, &result);
	dma_transfer_free(slot->transfer);
	slot->transfer = NULL;
	slot->built = 0;
}

uint64_t engine_deadline(const struct engine *engine, uint64_t now)
{
	uint64_t deadline;

	if (!engine->running)
		return 0;
	deadline = dma_channel_deadline(engine->channel);
	if (engine->quiet && (!deadline || deadline > now + LOOK_NS))
		deadline = now + LOOK_NS;
	return deadline;
}

int engine_spins(const struct engine *engine, uint64_t now)
{
	return engine->spun && now - engine->started < SPIN_NS;
}
