/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lane's stream, published for observers: whatever of a run arrives is told
 * on a page that each of them maps, beside the owner's memory, which neither
 * they nor the owner can write (see wire/published.h).
 *
 * Nobody waits for an observer: what it costs the daemon is a look at a word of
 * its, and a write to its eventfd when it sleeps.
 */
#ifndef DAEMON_PUBLICATION_H
#define DAEMON_PUBLICATION_H

#include <sys/queue.h>

#include "control_channel.h"
#include "wire/published.h"

struct lane;
struct slot;
struct tenant;

/* Observers of one stream; what each costs is bounded, and so is the sum. */
#define PUBLICATION_OBSERVERS 32

struct observer {
	struct publication *of;		/* NULL: its stream was closed */
	struct wire_observer *word;
	int word_fd;
	int wakes;			/* eventfd */
	struct client *client;
	TAILQ_ENTRY(observer) link;
};
TAILQ_HEAD(observer_queue, observer);

struct publication {
	struct publisher publisher;
	int fd;				/* of the page */
	int news;			/* since the last wake-up */
	unsigned int count;
	struct observer_queue observers;
};

/* Answers WIRE_PUBLISH, WIRE_OBSERVE and WIRE_OBSERVE_END. */
control_fn publication_run;
control_fn publication_observe;
control_fn publication_observe_end;

/* A slot's transfer has ended; it is about to be given to the channel again. */
void publication_ended(struct lane *lane, struct slot *slot,
		       const struct plxdma_result *result);
void publication_reused(struct slot *slot);
/* Wakes who waits for what has come. */
void publication_wake(struct publication *publication);
/* The lane ends, and nobody observes it any more. */
void publication_end(struct lane *lane);
/* The tenant observes nothing any more. */
void observers_end(struct tenant *tenant);

#endif
