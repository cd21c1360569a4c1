/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turns of a channel, and what of it has ended. See engine.h.
 */
#include "engine_inner.h"

#include <errno.h>
#include <poll.h>

#include "client.h"
#include "lane.h"
#include "loop.h"
#include "tenant.h"

/* Who spins for longer than this had better slept. */
#define SPIN_NS UINT64_C(20000000)
/* How often to look at a transfer that raises no interrupt, without spinning */
#define LOOK_NS UINT64_C(200000)
/* And at an abort that is to say when it is over */
#define STOP_NS UINT64_C(20000000)

void engine_init(struct engine *engine, struct dma_channel *channel, int rings)
{
	engine->channel = channel;
	engine->aborter.rings = rings;
	engine->quantum = ENGINE_QUANTUM_NS;
	TAILQ_INIT(&engine->given);
	shares_init(&engine->shares);
	pace_init(&engine->pace);
}

void engine_destroy(struct engine *engine)
{
	dma_transfer_free(engine->orphan);
	for (unsigned int i = 0; i < ENGINE_DEPTH; i++)
		dma_transfer_free(engine->parts[i].transfer);
	shares_destroy(&engine->shares);
}

int engine_join(struct engine *engine, struct lane *lane)
{
	const struct client *client = lane->tenant->client;

	lane->sharer = shares_join(&engine->shares, client,
				  client->peer.uid);
	return lane->sharer ? 0 : -ENOMEM;
}

void engine_leave(struct engine *engine, struct lane *lane)
{
	shares_leave(&engine->shares, lane->sharer);
}

void engine_count(struct engine *engine, struct slot *slot, int change)
{
	if (change > 0)
		TAILQ_INSERT_TAIL(&engine->given, slot, given);
	else
		TAILQ_REMOVE(&engine->given, slot, given);
	engine->running += (unsigned int)change;
	engine->committed += change > 0 ? slot->cost : -slot->cost;
	if (slot->silent)
		engine->quiet += (unsigned int)change;
	if (slot->entry.flags & WIRE_SPINS)
		engine->spun += (unsigned int)change;
}

struct engine_part *engine_part_of(struct engine *engine,
				   const struct slot *slot)
{
	for (unsigned int i = 0; i < ENGINE_DEPTH; i++) {
		struct engine_part *part = &engine->parts[i];

		if (part->count && part->slots[0] == slot)
			return part;
	}
	return NULL;
}

uint64_t engine_time(const struct engine *engine, const struct slot *slot,
		     uint64_t now)
{
	uint64_t begun = slot->begun > engine->ended ? slot->begun :
						       engine->ended;

	return now > begun ? now - begun : 0;
}

static void learn(struct engine *engine, struct slot *slot,
		  const struct plxdma_result *result, uint64_t now)
{
	uint64_t took = engine_time(engine, slot, now);

	engine->ended = now;
	if (result->status == PLXDMA_DONE)
		pace_learn(&engine->pace, slot->kind, result->bytes, took);
	else if (took > slot->cost)
		shares_owe(slot->lane->sharer, took - slot->cost);
}

void engine_conclude(struct engine *engine, struct slot *slot,
		     struct plxdma_result *result)
{
	result->bytes += slot->done;
	engine_cut(engine, slot, 0);
	lane_ended(slot, result);
}

static void slot_over(struct engine *engine, struct slot *slot,
		      struct plxdma_result *result)
{
	const struct plxdma_result between = {
		.size = sizeof(between),
		.status = slot->ends_as,
		.bytes_exact = 1,
	};
	struct engine_part *part = engine_part_of(engine, slot);

	if (part && part->count > 1) {
		engine_train_over(engine, part, result);
		return;
	}
	if (part)
		part->count = 0;
	if (!part || !slot->goes_on || result->status != PLXDMA_DONE) {
		engine_conclude(engine, slot, result);
		return;
	}
	slot_part_done(slot);
	if (slot->ends_as == PLXDMA_DONE) {
		engine_requeue(engine, slot);
		return;
	}
	*result = between;
	engine_conclude(engine, slot, result);
}

/* Its last steps are done, and nobody asks for it. */
static void orphan_bury(struct engine *engine)
{
	dma_transfer_free(engine->orphan);
	engine->orphan = NULL;
}

/* It was found by looking, and its interrupt isn't on its way either. */
static int untold(const struct engine *engine, const struct slot *slot)
{
	struct pollfd heard = {
		.fd = dma_channel_fd(engine->channel),
		.events = POLLIN,
	};

	return engine->overslept && !slot->silent && heard.fd >= 0 &&
	       !poll(&heard, 1, 0);
}

unsigned int engine_reap(struct engine *engine)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct dma_transfer *transfer;
	unsigned int ended = 0;
	struct slot *slot;

	while ((transfer = dma_channel_take(engine->channel))) {
		slot = dma_transfer_user(transfer);
		if (!slot) {
			orphan_bury(engine);
			continue;
		}
		dma_transfer_result(transfer, &result);
		slot->state = SLOT_IDLE;
		engine_count(engine, slot, -1);
		engine->untold += result.status == PLXDMA_DONE &&
				  untold(engine, slot);
		learn(engine, slot, &result, loop_now());
		if (result.status != PLXDMA_DONE)
			engine->faulted(slot, result.status);
		slot_over(engine, slot, &result);
		ended++;
	}
	return ended;
}

int engine_rests(const struct engine *engine)
{
	return !engine->running && !engine->orphan;
}

unsigned int engine_turn(struct engine *engine, uint64_t now)
{
	unsigned int done = engine_stopped(engine);

	if (engine->stopping)
		return done;
	done += engine_feed(engine, now);
	if (engine_rests(engine))
		return done;
	dma_channel_progress(engine->channel);
	done += engine_reap(engine);
	engine->overslept = 0;
	done += engine_end_hung(engine, now);
	if (engine->stopping)
		return done;
	return done + engine_feed(engine, now);
}

void engine_overslept(struct engine *engine)
{
	engine->overslept = engine->running > engine->quiet;
}

uint64_t engine_deadline(const struct engine *engine, uint64_t now)
{
	uint64_t deadline;

	if (engine_rests(engine))
		return 0;
	if (engine->stopping)
		return now + STOP_NS;
	deadline = dma_channel_deadline(engine->channel);
	if (engine->quiet && (!deadline || deadline > now + LOOK_NS))
		deadline = now + LOOK_NS;
	return deadline;
}

int engine_spins(const struct engine *engine, uint64_t now)
{
	return engine->spun && now - engine->started < SPIN_NS;
}
