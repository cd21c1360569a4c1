/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One DMA channel of a card, shared by the lanes of several clients: a turn is
 * one transfer, turns go round.
 */
#ifndef DAEMON_ENGINE_H
#define DAEMON_ENGINE_H

#include <sys/queue.h>

#include "dma/dma.h"
#include "slot.h"

struct lane;
TAILQ_HEAD(lane_queue, lane);

struct engine {
	struct dma_channel *channel;
	struct lane_queue ready;	/* lanes with something queued */
	unsigned int running;		/* slots that the channel has */
	unsigned int quiet;		/* of these, those without interrupt */
	unsigned int spun;		/* and those that a client spins for */
	uint64_t started;		/* when the last one was */
	void (*faulted)(struct slot *slot, enum plxdma_status status);
};

void engine_init(struct engine *engine, struct dma_channel *channel);
/* Puts a prepared slot behind the others of its lane. */
void engine_queue(struct engine *engine, struct slot *slot);
/* Takes what has ended, gives the channel what is next. Returns how many
 * transfers ended or started. */
unsigned int engine_turn(struct engine *engine, uint64_t now);
/* Ends a slot that is under way, confirmed; its lane has been told then.
 * -EAGAIN: the channel has let go of it, but steps of its recipe wait, and it
 * ends in a later turn; -ESHUTDOWN if the channel can't be stopped. */
int engine_cancel(struct engine *engine, struct slot *slot,
		  enum plxdma_status status);
/* After -EAGAIN: doesn't wait for these steps. They are done at once or not at
 * all, and the slot's transfer is gone. */
void engine_drop(struct engine *engine, struct slot *slot);
/* When to look again at the latest (CLOCK_MONOTONIC, ns), 0: nothing runs. */
uint64_t engine_deadline(const struct engine *engine, uint64_t now);
/* Does somebody burn a CPU for what runs? Then this side spins as well. */
int engine_spins(const struct engine *engine, uint64_t now);

#endif
