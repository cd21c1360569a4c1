/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client's use of one DMA channel: its rings, its modes, its slots, its
 * queue.
 */
#ifndef DAEMON_LANE_H
#define DAEMON_LANE_H

#include <sys/queue.h>

#include "engine.h"
#include "loop.h"
#include "slot.h"
#include "wire/message.h"
#include "wire/ring_server.h"

struct tenant;

struct lane {
	struct tenant *tenant;
	unsigned int index;		/* of the channel */
	struct engine *engine;
	struct ring_server ring;
	int area_fd;
	int wakes_daemon;		/* eventfds */
	int wakes_client;
	struct source wake;		/* wakes_daemon, in the event loop */
	int posted;			/* completions since the last wake-up */
	uint32_t claim;			/* enum wire_claimed, as told */
	unsigned int under_way;
	struct sharer *sharer;		/* its client, in its engine */
	struct slot_queue queue;
	int cut;			/* a part of its transfer runs */
	int listed;			/* among its sharer's lanes */
	int ends;			/* nothing more is taken */
	int stuck;			/* why it couldn't be stopped */
	struct slot *slots[WIRE_SLOTS];
	struct plxdma_mode *modes[WIRE_MODES];	/* 0: NULL, the default */
	struct error text;		/* of the last refusal */
	struct publication *publication;	/* NULL: not observed */
	TAILQ_ENTRY(lane) ready;	/* in its sharer */
	TAILQ_ENTRY(lane) all;		/* in the server */
};

int lane_new(struct tenant *tenant, unsigned int index, struct lane **lane);
/* Ends everything that is under way, confirmed, and takes nothing more.
 * -EINPROGRESS: its channel is being stopped, call again in a later turn;
 * -ESHUTDOWN if it can't be: then the lane goes on. */
int lane_stop(struct lane *lane);
/* Stops it, waiting if need be, and frees it. -ESHUTDOWN if the channel can't be
 * stopped: what it was given is then kept. */
int lane_free(struct lane *lane);
int lane_set_mode(struct lane *lane, const struct wire_channel_mode *items,
		  struct error *error);

/* Tells the client whether the channel is claimed, and whose it is. */
void lane_tell_claim(struct lane *lane);
/* Takes a bounded number of entries. Returns how many, or -EPROTO if the
 * client's ring can't be believed. */
int lane_turn(struct lane *lane);
/* Is there anything in its ring that it can take now? */
int lane_pending(const struct lane *lane);
/* Wakes the client if it sleeps and something was posted. */
void lane_wake(struct lane *lane);

/* The engine's word: a slot's transfer ended, or was refused at its start or in
 * its midst, if not for the card's state then for the reason given. */
void lane_ended(struct slot *slot, const struct plxdma_result *result);
void lane_refused(struct slot *slot, int error, const char *why);
/* Its cancel is over: 0 or an error, as engine_cancel(). */
void lane_cancelled(struct slot *slot, int error);

#endif
