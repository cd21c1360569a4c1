/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tenant's register accesses: batches of steps from shared memory, one at a
 * time. The loop never stands still for one: whose poll hasn't come true, or
 * whose turn hasn't come, is asked again in a later turn.
 */
#ifndef DAEMON_BATCHER_H
#define DAEMON_BATCHER_H

#include <sys/queue.h>

#include "dma/dma.h"
#include "loop.h"
#include "wire/batch.h"

struct tenant;

struct batcher {
	struct tenant *tenant;
	struct batch_server server;
	int area_fd;
	int wakes_daemon;		/* eventfds */
	int wakes_client;
	struct source wake;		/* wakes_daemon, in the event loop */
	struct plxdma_step steps[PLXDMA_BATCH];	/* copied */
	uint32_t count;
	struct dma_batch batch;
	int running;			/* taken and not yet answered */
	int writes;			/* some step does */
	int changes;			/* its claims count it */
	uint64_t since;
	TAILQ_ENTRY(batcher) all;	/* in the server */
};
TAILQ_HEAD(batchers, batcher);

int batcher_new(struct tenant *tenant, struct batcher **batcher);
/* Drops what is under way. */
void batcher_free(struct batcher *batcher);
/*
 * Takes what the client has asked for; returns whether it did. What the client
 * submitted before is in its lanes then: serve those in between, and a
 * trigger never overtakes the start that it follows.
 */
int batcher_take(struct batcher *batcher, uint64_t now);
/* Runs it. Returns whether there was, or soon will be, something to do. */
int batcher_turn(struct batcher *batcher, uint64_t now);
/* When to look again at the latest, UINT64_MAX: when the client asks. */
uint64_t batcher_deadline(const struct batcher *batcher, uint64_t now);

#endif
