/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ends of transfers that somebody wants: their client, who waits behind them,
 * or nobody, since their client has gone.
 */
#include "engine_inner.h"

#include <errno.h>

#include "card.h"
#include "client.h"
#include "lane.h"
#include "log.h"
#include "tenant.h"

/* What others wait for and hasn't ended after so long, 500 quanta, hangs:
 * a target may let it retry for ever (chip ref. 5.1). */
#define HANG_NS UINT64_C(5000000000)
/* Not looked for so long, it was the daemon that stood still, and maybe the
 * software card with it. */
#define ABSENT_NS UINT64_C(2000000000)

/* Its transfer is on the engine, which takes its time to stop. */
static int stop(struct engine *engine, struct slot *slot)
{
	int err = aborter_start(&engine->aborter, slot->active,
				(enum plxdma_status)slot->ends_as);

	if (err)
		return err;
	engine->stopping = slot;
	return -EINPROGRESS;
}

/* Not if it has just ended, or can be had without the engine. */
static int running_cancel(struct engine *engine, struct slot *slot)
{
	int err;

	if (dma_transfer_on_engine(slot->active)) {
		dma_channel_progress(engine->channel);
		engine_reap(engine);
		if (slot->state != SLOT_RUNNING)
			return 0;
	}
	/* Without a thread the loop has to wait. */
	if (dma_transfer_on_engine(slot->active) &&
	    stop(engine, slot) == -EINPROGRESS)
		return -EINPROGRESS;
	err = dma_transfer_cancel(slot->active,
				  (enum plxdma_status)slot->ends_as);
	engine_reap(engine);
	return err;
}

/* The channel is the loop's again. */
static unsigned int stop_end(struct engine *engine, int err)
{
	struct slot *slot = engine->stopping;
	unsigned int ended;

	engine->stopping = NULL;
	ended = engine_reap(engine);
	lane_cancelled(slot, err);
	return ended + 1;
}

unsigned int engine_stopped(struct engine *engine)
{
	int err;

	if (!engine->stopping)
		return 0;
	err = aborter_take(&engine->aborter);
	return err == -EINPROGRESS ? 0 : stop_end(engine, err);
}

void engine_await(struct engine *engine)
{
	if (engine->stopping)
		stop_end(engine, aborter_wait(&engine->aborter));
}

/* What is part of something larger can't be had alone. */
static int withdraw(struct engine *engine, struct slot *slot)
{
	int err;

	if (slot->active != slot->transfer)
		return -EBUSY;
	err = dma_transfer_withdraw(slot->transfer);
	engine_reap(engine);
	return err;
}

int engine_cancel(struct engine *engine, struct slot *slot,
		  enum plxdma_status status)
{
	const int gently = status == PLXDMA_RUNNING;
	struct plxdma_result result = {
		.size = sizeof(result),
		.status = gently ? PLXDMA_CANCELLED : status,
		.bytes_exact = 1,
	};

	if (slot->state == SLOT_QUEUED) {
		engine_unqueue(engine, slot);
		engine_conclude(engine, slot, &result);
		return 0;
	}
	if (engine->stopping)
		return gently ? -EBUSY : -EINPROGRESS;
	if (gently)
		return withdraw(engine, slot);
	slot->ends_as = (uint8_t)status;
	return running_cancel(engine, slot);
}

void engine_drop(struct engine *engine, struct slot *slot)
{
	const struct plxdma_result result = {
		.size = sizeof(result),
		.status = PLXDMA_CANCELLED,
	};

	slot->state = SLOT_IDLE;
	engine_count(engine, slot, -1);
	lane_ended(slot, &result);
	dma_transfer_set_user(slot->transfer, NULL);
	engine->orphan = slot->transfer;
	slot->transfer = NULL;
	slot->built = 0;
}

static int others_wait(const struct engine *engine)
{
	const struct slot *first = TAILQ_FIRST(&engine->given);

	return TAILQ_NEXT(first, given) || shares_first(&engine->shares);
}

/* It has been given its time while somebody watched. */
static int hangs(struct engine *engine, const struct slot *slot, uint64_t now)
{
	if (now - engine->watched > ABSENT_NS)
		engine->absent = now;
	engine->watched = now;
	return now - engine->absent >= HANG_NS &&
	       engine_time(engine, slot, now) >= HANG_NS;
}

unsigned int engine_end_hung(struct engine *engine, uint64_t now)
{
	struct slot *slot = TAILQ_FIRST(&engine->given);
	struct tenant *tenant;

	if (!slot || engine_alone(slot) || !others_wait(engine) ||
	    !hangs(engine, slot, now))
		return 0;
	tenant = slot->lane->tenant;
	log_warning("transfer-hung", "card %s: a transfer of client %d hung "
		    "while others waited, and was aborted",
		    tenant->card->name, (int)tenant->client->peer.pid);
	engine_cancel(engine, slot, PLXDMA_CANCELLED);
	return 1;
}
