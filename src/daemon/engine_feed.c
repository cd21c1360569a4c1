/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a channel is given next: chosen, planned, started. It has at most two
 * transfers, or chains of short ones, at a time: enough that it need not wait
 * for a turn of the loop between short ones. Whose channel it is may give it
 * many. See engine.h.
 */
#include "engine_inner.h"

#include "client.h"
#include "lane.h"
#include "passage.h"
#include "publication.h"
#include "tenant.h"

int engine_alone(const struct slot *slot)
{
	return slot->needs || slot->lane->claim == WIRE_OWN;
}

/* One that is free: there are as many as the channel is given. */
static struct engine_part *part_take(struct engine *engine, struct slot *slot)
{
	struct engine_part *part = &engine->parts[engine->parts[0].count != 0];

	part->slots[0] = slot;
	part->count = 1;
	return part;
}

static int part_submit(struct engine *engine, struct slot *slot,
		       struct error *error)
{
	struct engine_part *part = part_take(engine, slot);
	int err = slot_part_build(slot, engine->channel, &part->transfer,
				  error);

	if (!err) {
		slot->active = part->transfer;
		dma_transfer_set_user(part->transfer, slot);
		err = dma_transfer_submit(part->transfer);
	}
	if (err)
		part->count = 0;
	return err;
}

static int slot_submit(struct engine *engine, struct slot *slot,
		       struct error *error)
{
	slot->silent = slot->quiet;
	if (slot->part.bytes)
		return part_submit(engine, slot, error);
	slot->active = slot->transfer;
	return dma_transfer_submit(slot->transfer);
}

static void slot_started(struct slot *slot, uint64_t now)
{
	slot->state = SLOT_RUNNING;
	slot->started = 1;
	slot->begun = now;
	passage_start(slot);
}

/* The head of its lane, chosen; what of it is planned. */
static void slot_start(struct engine *engine, struct slot *slot, uint64_t now)
{
	struct lane *lane = slot->lane;
	struct error why = { "" };
	int err;

	shares_charge(&engine->shares, lane->sharer, slot->cost,
		     lane->tenant->grant.weight);
	engine_unqueue(engine, slot);
	publication_reused(slot);
	err = slot_submit(engine, slot, &why);
	if (err) {
		lane_refused(slot, err, why.text);
		return;
	}
	engine->pid = lane->tenant->client->peer.pid;
	slot_started(slot, now);
	engine_count(engine, slot, 1);
	if (!slot->done)
		engine->started = now;
	engine_cut(engine, slot, slot->part.bytes && !slot_part_ends(slot));
}

/* As many of its lane, from its head on. 0: each by itself, which tells whose
 * fault it is. */
static int train_start(struct engine *engine, struct slot *lead,
		       unsigned int count, uint64_t cost, uint64_t now)
{
	struct engine_part *train = part_take(engine, lead);
	struct lane *lane = lead->lane;
	struct slot *slot = lead;
	struct error why = { "" };

	for (; train->count < count; train->count++) {
		slot = TAILQ_NEXT(slot, link);
		train->slots[train->count] = slot;
		publication_reused(slot);
	}
	if (engine_train_submit(engine, train, &why)) {
		train->count = 0;
		return 0;
	}
	for (unsigned int i = 0; i < count; i++) {
		engine_unqueue(engine, train->slots[i]);
		train->slots[i]->part.bytes = 0;
		slot_started(train->slots[i], now);
	}
	lead->cost = cost;
	shares_charge(&engine->shares, lane->sharer, cost,
		     lane->tenant->grant.weight);
	engine->pid = lane->tenant->client->peer.pid;
	engine->started = now;
	engine_count(engine, lead, 1);
	return 1;
}

/* Does it go with others of its lane? Then they are given to the channel. */
static int slot_couple(struct engine *engine, struct slot *slot, uint64_t now)
{
	unsigned int count;
	uint64_t bytes = engine_train_plan(slot, &count), cost;

	if (count < 2)
		return 0;
	cost = pace_cost(&engine->pace, slot->kind, bytes);
	return engine->committed + cost <= engine->quantum &&
	       train_start(engine, slot, count, cost, now);
}

/* What of it would go next, and what that costs: all of it if that is short,
 * else as much as a quantum is long. */
static void slot_plan(struct engine *engine, struct slot *slot)
{
	const struct pace *pace = &engine->pace;
	uint64_t left = slot_left(slot), most = UINT64_MAX / 2;

	if (!engine_alone(slot))
		most = pace_bytes(pace, slot->kind, engine->quantum);
	slot->part.bytes = 0;
	slot->cost = pace_cost(pace, slot->kind, left);
	if (!slot->done && left <= most)
		return;
	slot_part_plan(slot, most);
	slot->cost = pace_cost(pace, slot->kind, slot->part.cost);
}

/* How many whoever has the channel alone may have in it.  A block that is given
 * to it can't be observed any more, for the engine gets there by itself: most
 * wait in the lane, then. */
static unsigned int ring_length(const struct lane *lane)
{
	const unsigned int few = lane->under_way / 4;

	if (!lane->publication)
		return ENGINE_RING;
	return few < ENGINE_OBSERVED ? ENGINE_OBSERVED : few;
}

/* May it be given to the channel behind what that has already? */
static int slot_fits(const struct engine *engine, const struct slot *slot)
{
	uint64_t cost;

	if (engine_alone(slot))
		return engine->running < ring_length(slot->lane);
	if (engine->running >= ENGINE_DEPTH)
		return 0;
	if (!engine->running)
		return 1;
	cost = pace_cost(&engine->pace, slot->kind, slot_left(slot));
	return engine->committed + cost <= engine->quantum;
}

static struct slot *slot_next(const struct engine *engine)
{
	const struct sharer *sharer = shares_first(&engine->shares);
	struct lane *lane = sharer ? TAILQ_FIRST(&sharer->lanes) : NULL;

	/* Who is next, but waits for the part that runs, keeps his place. */
	return lane ? TAILQ_FIRST(&lane->queue) : NULL;
}

/* Lanes of one client go round. */
static void lane_rotate(struct lane *lane)
{
	struct sharer *sharer = lane->sharer;

	if (!lane->listed || !TAILQ_NEXT(TAILQ_FIRST(&sharer->lanes), ready))
		return;
	TAILQ_REMOVE(&sharer->lanes, lane, ready);
	TAILQ_INSERT_TAIL(&sharer->lanes, lane, ready);
}

unsigned int engine_feed(struct engine *engine, uint64_t now)
{
	unsigned int started = 0;
	struct slot *slot;

	while ((slot = slot_next(engine)) && slot_fits(engine, slot)) {
		struct lane *lane = slot->lane;

		if (!slot_couple(engine, slot, now)) {
			slot_plan(engine, slot);
			slot_start(engine, slot, now);
		}
		lane_rotate(lane);
		started++;
	}
	return started;
}
