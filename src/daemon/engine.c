/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The channel is given at most two transfers at a time: enough that it need not
 * wait for a turn of the loop between short ones. See engine.h.
 */
#include "engine.h"

#include <errno.h>

#include "card.h"
#include "client.h"
#include "lane.h"
#include "log.h"
#include "loop.h"
#include "tenant.h"
#include "passage.h"

/* Who spins for longer than this had better slept. */
#define SPIN_NS UINT64_C(20000000)
/* How often to look at a transfer that raises no interrupt, without spinning */
#define LOOK_NS UINT64_C(200000)
/* What others wait for and hasn't ended after so long, 500 quanta, hangs:
 * a target may let it retry for ever (chip ref. 5.1). */
#define HANG_NS UINT64_C(5000000000)

void engine_init(struct engine *engine, struct dma_channel *channel)
{
	engine->channel = channel;
	engine->quantum = ENGINE_QUANTUM_NS;
	shares_init(&engine->shares);
	pace_init(&engine->pace);
}

void engine_destroy(struct engine *engine)
{
	dma_transfer_free(engine->orphan);
	for (unsigned int i = 0; i < ENGINE_DEPTH; i++)
		dma_transfer_free(engine->parts[i]);
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

/* The lane's transfer is cut: nothing else of it before its end. */
static void lane_cut(struct engine *engine, struct slot *slot, int cut)
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

static void unqueue(struct engine *engine, struct slot *slot)
{
	TAILQ_REMOVE(&slot->lane->queue, slot, link);
	slot->state = SLOT_IDLE;
	lane_update(engine, slot->lane);
}

/* Before the others of its lane, which came later. */
static void requeue(struct engine *engine, struct slot *slot)
{
	slot->state = SLOT_QUEUED;
	TAILQ_INSERT_HEAD(&slot->lane->queue, slot, link);
	lane_cut(engine, slot, 0);
}

static void given_add(struct engine *engine, struct slot *slot)
{
	engine->given[engine->given[0] ? 1 : 0] = slot;
}

static void given_remove(struct engine *engine, const struct slot *slot)
{
	if (engine->given[0] == slot)
		engine->given[0] = engine->given[1];
	engine->given[1] = NULL;
}

/* One more, or one less, of those that the channel has. */
static void count(struct engine *engine, struct slot *slot, int change)
{
	if (change > 0)
		given_add(engine, slot);
	else
		given_remove(engine, slot);
	engine->running += (unsigned int)change;
	engine->committed += change > 0 ? slot->cost : -slot->cost;
	if (slot->quiet)
		engine->quiet += (unsigned int)change;
	if (slot->entry.flags & WIRE_SPINS)
		engine->spun += (unsigned int)change;
}

/* What needs a claim has it, and who has one has the channel for itself. */
static int alone(const struct slot *slot)
{
	return slot->needs || slot->lane->claim == WIRE_OWN;
}

/* EOT# that comes with the last byte of a part can't be told from none, and the
 * next part would read what isn't there. */
static int uncut(const struct slot *slot)
{
	return alone(slot) || (slot->has_mode && slot->mode.eot);
}

/* The transfer that a part is to be made with: one that nobody's part is on. */
static struct dma_transfer **part_take(struct engine *engine,
				       struct slot *slot)
{
	unsigned int i = engine->held[0] ? 1 : 0;

	engine->held[i] = slot;
	return &engine->parts[i];
}

static void part_give(struct engine *engine, const struct slot *slot)
{
	for (unsigned int i = 0; i < ENGINE_DEPTH; i++) {
		if (engine->held[i] == slot)
			engine->held[i] = NULL;
	}
}

static int part_submit(struct engine *engine, struct slot *slot,
		       struct error *error)
{
	struct dma_transfer **transfer = part_take(engine, slot);
	int err = slot_part_build(slot, engine->channel, transfer, error);

	if (!err) {
		slot->active = *transfer;
		dma_transfer_set_user(*transfer, slot);
		err = dma_transfer_submit(*transfer);
	}
	if (err)
		part_give(engine, slot);
	return err;
}

static int slot_submit(struct engine *engine, struct slot *slot,
		       struct error *error)
{
	if (slot->part.bytes)
		return part_submit(engine, slot, error);
	slot->active = slot->transfer;
	return dma_transfer_submit(slot->transfer);
}

/* The head of its lane, chosen; what of it is planned. */
static void slot_start(struct engine *engine, struct slot *slot, uint64_t now)
{
	struct lane *lane = slot->lane;
	struct error why = { "" };
	int err;

	shares_charge(&engine->shares, lane->sharer, slot->cost,
		     lane->tenant->grant.weight);
	unqueue(engine, slot);
	err = slot_submit(engine, slot, &why);
	if (err) {
		lane_refused(slot, err, why.text);
		return;
	}
	slot->state = SLOT_RUNNING;
	slot->started = 1;
	slot->begun = now;
	engine->pid = lane->tenant->client->peer.pid;
	passage_start(slot);
	count(engine, slot, 1);
	if (!slot->done)
		engine->started = now;
	lane_cut(engine, slot, slot->part.bytes && !slot_part_ends(slot));
}

/* What of it would go next, and what that costs: all of it if that is short,
 * else as much as a quantum is long. */
static void slot_plan(struct engine *engine, struct slot *slot)
{
	const struct pace *pace = &engine->pace;
	uint64_t left = slot_left(slot), most = UINT64_MAX / 2;

	if (!uncut(slot))
		most = pace_bytes(pace, slot->kind, engine->quantum);
	slot->part.bytes = 0;
	slot->cost = pace_cost(pace, slot->kind, left);
	if (!slot->done && left <= most)
		return;
	slot_part_plan(slot, most);
	slot->cost = pace_cost(pace, slot->kind, slot->part.cost);
}

/* May it be given to the channel behind what that has already? */
static int slot_fits(const struct engine *engine, const struct slot *slot)
{
	uint64_t cost;

	if (engine->running >= ENGINE_DEPTH)
		return 0;
	if (!engine->running || alone(slot))
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

static unsigned int feed(struct engine *engine, uint64_t now)
{
	unsigned int started = 0;
	struct slot *slot;

	while ((slot = slot_next(engine)) && slot_fits(engine, slot)) {
		struct lane *lane = slot->lane;

		slot_plan(engine, slot);
		slot_start(engine, slot, now);
		lane_rotate(lane);
		started++;
	}
	return started;
}

/* The bus was its own from its start, or from the end of the one before. */
static uint64_t time_on_bus(const struct engine *engine,
			    const struct slot *slot, uint64_t now)
{
	uint64_t begun = slot->begun > engine->ended ? slot->begun :
						       engine->ended;

	return now > begun ? now - begun : 0;
}

static void learn(struct engine *engine, struct slot *slot,
		  const struct plxdma_result *result, uint64_t now)
{
	uint64_t took = time_on_bus(engine, slot, now);

	engine->ended = now;
	if (result->status == PLXDMA_DONE)
		pace_learn(&engine->pace, slot->kind, result->bytes, took);
	else if (took > slot->cost)
		shares_owe(slot->lane->sharer, took - slot->cost);
}

/* The slot's transfer, as its client knows it, is over. */
static void conclude(struct engine *engine, struct slot *slot,
		     struct plxdma_result *result)
{
	result->bytes += slot->done;
	lane_cut(engine, slot, 0);
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
	int part = slot->active != slot->transfer;

	if (part)
		part_give(engine, slot);
	if (!part || !slot->goes_on || result->status != PLXDMA_DONE) {
		conclude(engine, slot, result);
		return;
	}
	slot_part_done(slot);
	if (slot->ends_as == PLXDMA_DONE) {
		requeue(engine, slot);
		return;
	}
	*result = between;
	conclude(engine, slot, result);
}

/* Its last steps are done, and nobody asks for it. */
static void orphan_bury(struct engine *engine)
{
	dma_transfer_free(engine->orphan);
	engine->orphan = NULL;
}

static unsigned int reap(struct engine *engine)
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
		count(engine, slot, -1);
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
		conclude(engine, slot, &result);
		return 0;
	}
	slot->ends_as = (uint8_t)status;
	err = dma_transfer_cancel(slot->active, status);
	reap(engine);
	return err;
}

void engine_drop(struct engine *engine, struct slot *slot)
{
	const struct plxdma_result result = {
		.size = sizeof(result),
		.status = PLXDMA_CANCELLED,
	};

	slot->state = SLOT_IDLE;
	count(engine, slot, -1);
	lane_ended(slot, &result);
	dma_transfer_set_user(slot->transfer, NULL);
	engine->orphan = slot->transfer;
	slot->transfer = NULL;
	slot->built = 0;
}

static int others_wait(const struct engine *engine)
{
	return engine->given[1] || shares_first(&engine->shares);
}

/* Its client may be stopped, or not care: nobody else can be made to wait for
 * that. Who has the channel for itself may take its time. */
static unsigned int hung_end(struct engine *engine, uint64_t now)
{
	struct slot *slot = engine->given[0];
	struct tenant *tenant;

	if (!slot || alone(slot) || !others_wait(engine) ||
	    time_on_bus(engine, slot, now) < HANG_NS)
		return 0;
	tenant = slot->lane->tenant;
	log_warning("transfer-hung", "card %s: a transfer of client %d hung "
		    "while others waited, and was aborted",
		    tenant->card->name, (int)tenant->client->peer.pid);
	engine_cancel(engine, slot, PLXDMA_CANCELLED);
	return 1;
}

unsigned int engine_turn(struct engine *engine, uint64_t now)
{
	unsigned int done = feed(engine, now);

	if (engine_rests(engine))
		return done;
	dma_channel_progress(engine->channel);
	done += reap(engine);
	done += hung_end(engine, now);
	return done + feed(engine, now);
}

uint64_t engine_deadline(const struct engine *engine, uint64_t now)
{
	uint64_t deadline;

	if (engine_rests(engine))
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
