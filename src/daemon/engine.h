/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One DMA channel of a card, shared by the lanes of several clients.
 *
 * Who is next is shares.h's word, and lanes of one client go round. What a
 * channel has been given is, by what pace.h knows, at most a quantum of bus
 * time, unless its lane has claimed it: so a newcomer waits for no more than
 * that. What is longer goes in parts of a quantum each. A lane whose transfer
 * is cut starts nothing else before its end, so that a client's transfers keep
 * their order. Short ones go together (engine_train.c). A transfer that hangs, which its client may be in no state to
 * cancel, is ended as soon as others have waited for long.
 */
#ifndef DAEMON_ENGINE_H
#define DAEMON_ENGINE_H

#include "aborter.h"
#include "dma/dma.h"
#include "pace.h"
#include "shares.h"
#include "slot.h"

#define ENGINE_QUANTUM_NS UINT64_C(10000000)
#define ENGINE_DEPTH 2
/* Who has it for himself has a ring, which the card goes through alone. */
#define ENGINE_RING 128
#define ENGINE_OBSERVED 4	/* at least, where it is observed */
/* Short transfers that may go as one chain. */
#define ENGINE_TRAIN 16

/* What of a slot, or of several, the channel was given by a transfer of the
 * engine's own. */
struct engine_part {
	struct dma_transfer *transfer;
	struct slot *slots[ENGINE_TRAIN];
	unsigned int count;		/* 0: free */
};

struct engine {
	struct dma_channel *channel;
	struct shares shares;
	struct pace pace;
	uint64_t quantum;		/* ns of bus time */
	uint64_t committed;		/* that the channel has */
	struct slot_queue given;	/* to the channel, in order */
	struct engine_part parts[ENGINE_DEPTH];
	/* Its client has left, and steps after its end are still to be done,
	 * for a board that was armed is to be disarmed. */
	struct dma_transfer *orphan;
	unsigned int running;		/* slots that the channel has */
	unsigned int quiet;		/* of these, those without interrupt */
	unsigned int spun;		/* and those that a client spins for */
	int32_t pid;			/* whose the last one was */
	uint64_t started;		/* when the last one was */
	uint64_t ended;			/* likewise */
	int overslept;			/* nothing woke the loop in time */
	uint64_t untold;		/* ends that no interrupt told of */
	uint64_t watched;		/* for what hangs */
	uint64_t absent;		/* and when it had not been */
	/* Whose transfer is being aborted: the channel isn't touched then. */
	struct slot *stopping;
	struct aborter aborter;
	void (*faulted)(struct slot *slot, enum plxdma_status status);
};

/* @rings: eventfd that says when to look at an abort that is over. */
void engine_init(struct engine *engine, struct dma_channel *channel, int rings);
/* Nothing runs, no lane is left. */
void engine_destroy(struct engine *engine);
/* A lane takes part, or no more. -ENOMEM. */
int engine_join(struct engine *engine, struct lane *lane);
void engine_leave(struct engine *engine, struct lane *lane);
/* Puts a prepared slot behind the others of its lane. */
void engine_queue(struct engine *engine, struct slot *slot);
/* Takes what has ended, gives the channel what is next. Returns how many
 * transfers ended or started. */
unsigned int engine_turn(struct engine *engine, uint64_t now);
/* Ends a slot that is under way, confirmed; its lane has been told then.
 * As PLXDMA_RUNNING: if nothing else has to end for it, else -EBUSY.
 * -EINPROGRESS: the engine is being stopped, for this one, and then
 * lane_cancelled() tells how it went, or for another one: ask again.
 * -EAGAIN: the channel has let go of it, but steps of its recipe wait, and it
 * ends in a later turn; -ESHUTDOWN if the channel can't be stopped. */
int engine_cancel(struct engine *engine, struct slot *slot,
		  enum plxdma_status status);
/* After -EAGAIN: its client doesn't wait for these steps, they are done all the
 * same. The slot's transfer is gone. */
void engine_drop(struct engine *engine, struct slot *slot);
/* Waits for the abort that is under way, if one is. */
void engine_await(struct engine *engine);
/* Has the channel nothing to do? */
int engine_rests(const struct engine *engine);
/* When to look again at the latest (CLOCK_MONOTONIC, ns), 0: nothing runs. */
uint64_t engine_deadline(const struct engine *engine, uint64_t now);
/* The loop slept until a deadline and heard nothing meanwhile: what the next
 * turn finds to be over should have raised an interrupt before. */
void engine_overslept(struct engine *engine);
/* Does somebody burn a CPU for what runs? Then this side spins as well. */
int engine_spins(const struct engine *engine, uint64_t now);

#endif
