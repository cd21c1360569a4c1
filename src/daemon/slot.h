/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A prepared transfer of a client, as the daemon keeps it.
 *
 * A client names its transfers by slots and repeats the numbers with every
 * submission. They are compared with the copy that the transfer was built
 * from: unchanged, nothing is built again; changed, everything is checked and
 * built anew. What the client's memory says at any other time is irrelevant.
 */
#ifndef DAEMON_SLOT_H
#define DAEMON_SLOT_H

#include <sys/queue.h>

#include "dma/dma.h"
#include "wire/area.h"

struct lane;

enum slot_state {
	SLOT_IDLE,
	SLOT_QUEUED,		/* in its lane */
	SLOT_RUNNING,		/* in the card's channel */
};

struct slot {
	struct lane *lane;
	uint32_t number;
	enum slot_state state;
	int built;
	struct wire_submission entry;	/* what it was built from */
	struct wire_segment *segments;	/* likewise, copied */
	struct plxdma_recipe *recipe;	/* likewise, built from a copy */
	struct dma_transfer *transfer;
	unsigned int granted;		/* by which grant it was checked */
	uint8_t quiet;			/* it raises no interrupt */
	uint8_t needs;			/* under way: it needs a claim */
	uint8_t started;		/* the card's channel had it */
	uint64_t pieces;		/* counted against the quota */
	uint64_t cookie;		/* of the submission under way */
	TAILQ_ENTRY(slot) link;
};
TAILQ_HEAD(slot_queue, slot);

struct slot *slot_new(struct lane *lane, uint32_t number);
/* Not while it is under way. */
void slot_free(struct slot *slot);
/*
 * Checks an entry, which came from the client's ring, and makes the slot's
 * transfer do what it says. On an error the slot is as it was.
 * Return: 0 or a negative errno.
 */
int slot_prepare(struct slot *slot, const struct wire_submission *entry,
		 struct error *error);
/* The recipe that an entry is prepared with, built from a copy and checked. On
 * an error as well *recipe is the caller's to free. */
int slot_recipe_copy(const struct slot *slot,
		     const struct wire_submission *entry,
		     struct plxdma_recipe **recipe, struct error *error);
/* Is its recipe within what its client is granted, as that stands now? */
int slot_recipe_grant(const struct slot *slot, struct error *error);
/* May its recipe be run now, as the card's policy and claims stand? */
int slot_recipe_check(const struct slot *slot, struct error *error);
/* Tells the client what its recipe has read, if it has one. */
void slot_values_tell(struct slot *slot);

#endif
