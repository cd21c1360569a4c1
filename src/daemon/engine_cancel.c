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
		engine_unqueue(engine, slot);
		engine_conclude(engine, slot, &result);
		return 0;
	}
	slot->ends_as = (uint8_t)status;
	err = dma_transfer_cancel(slot->active, status);
	engine_reap(engine);
	return err;
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
	return engine->given[1] || shares_first(&engine->shares);
}

unsigned int engine_end_hung(struct engine *engine, uint64_t now)
{
	struct slot *slot = engine->given[0];
	struct tenant *tenant;

	if (!slot || engine_alone(slot) || !others_wait(engine) ||
	    engine_time(engine, slot, now) < HANG_NS)
		return 0;
	tenant = slot->lane->tenant;
	log_warning("transfer-hung", "card %s: a transfer of client %d hung "
		    "while others waited, and was aborted",
		    tenant->card->name, (int)tenant->client->peer.pid);
	engine_cancel(engine, slot, PLXDMA_CANCELLED);
	return 1;
}
