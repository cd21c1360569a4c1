/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What waits for a channel: each lane's transfers in their order, and which
 * lanes could start something. Kept apart from the channel, so that it can be
 * changed whatever that does.
 */
#include "engine_inner.h"

#include "lane.h"

/* A lane that could start something is in its client's list. */
static void lane_update(struct engine *engine, struct lane *lane)
{
	struct sharer *sharer = lane->sharer;
	int could = !lane->cut && !TAILQ_EMPTY(&lane->queue);

	if (could && !lane->listed)
		TAILQ_INSERT_TAIL(&sharer->lanes, lane, ready);
	else if (!could && lane->listed)
		TAILQ_REMOVE(&sharer->lanes, lane, ready);
	lane->listed = could;
	shares_update(&engine->shares, sharer);
}

void engine_cut(struct engine *engine, struct slot *slot, int cut)
{
	struct lane *lane = slot->lane;

	if (slot->goes_on == cut)
		return;
	slot->goes_on = cut != 0;
	lane->cut = cut;
	lane->sharer->held += cut ? 1u : -1u;
	lane_update(engine, lane);
}

void engine_queue(struct engine *engine, struct slot *slot)
{
	slot->state = SLOT_QUEUED;
	slot->ends_as = PLXDMA_DONE;
	slot->done = 0;
	slot->at = 0;
	slot->within = 0;
	TAILQ_INSERT_TAIL(&slot->lane->queue, slot, link);
	lane_update(engine, slot->lane);
}

void engine_unqueue(struct engine *engine, struct slot *slot)
{
	TAILQ_REMOVE(&slot->lane->queue, slot, link);
	slot->state = SLOT_IDLE;
	lane_update(engine, slot->lane);
}

void engine_requeue(struct engine *engine, struct slot *slot)
{
	slot->state = SLOT_QUEUED;
	TAILQ_INSERT_HEAD(&slot->lane->queue, slot, link);
	engine_cut(engine, slot, 0);
	lane_update(engine, slot->lane);
}
