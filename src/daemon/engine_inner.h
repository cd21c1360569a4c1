/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the engine share and nobody else calls: engine_queue.c
 * knows what waits, engine_feed.c what goes next, engine_train.c what goes
 * together, engine.c what ended, engine_cancel.c what has to.
 */
#ifndef DAEMON_ENGINE_INNER_H
#define DAEMON_ENGINE_INNER_H

#include "engine.h"

/* A slot that waits does so no more. */
void engine_unqueue(struct engine *engine, struct slot *slot);
/* It waits again, before the others of its lane, which came later. */
void engine_requeue(struct engine *engine, struct slot *slot);
/* The lane's transfer is cut, or no more: nothing else of it before its end. */
void engine_cut(struct engine *engine, struct slot *slot, int cut);

/* Gives the channel what is next, as far as that fits. Returns how many. */
unsigned int engine_feed(struct engine *engine, uint64_t now);
/* What needs a claim has it, and who has one has the channel for itself. */
int engine_alone(const struct slot *slot);
/* One more, or one less, of those that the channel has. */
void engine_count(struct engine *engine, struct slot *slot, int change);
/* The part that begins with a slot, or NULL. */
struct engine_part *engine_part_of(struct engine *engine,
				   const struct slot *slot);

/* How many slots of a lane, with its first one, could go as one chain, and how
 * many bytes these are, with their descriptors. */
uint64_t engine_train_plan(const struct slot *lead, unsigned int *count);
/* Gives them to the channel: 0, or an error, and then it hasn't got them. */
int engine_train_submit(struct engine *engine, struct engine_part *train,
			struct error *error);
/* The channel's transfer ended: so have its slots, or they wait again. */
void engine_train_over(struct engine *engine, struct engine_part *train,
		       const struct plxdma_result *whole);

/* For how long the bus was a slot's: since its start, or since the end of the
 * one before. */
uint64_t engine_time(const struct engine *engine, const struct slot *slot,
		     uint64_t now);
/* Takes what has ended. Returns how many. */
unsigned int engine_reap(struct engine *engine);
/* The slot's transfer, as its client knows it, is over. */
void engine_conclude(struct engine *engine, struct slot *slot,
		     struct plxdma_result *result);

/* Its client may be stopped, or not care: nobody else can be made to wait for
 * that. Who has the channel for itself may take its time. */
unsigned int engine_end_hung(struct engine *engine, uint64_t now);
/* Takes the abort that is over, if one is. Returns how many ended. */
unsigned int engine_stopped(struct engine *engine);

#endif
