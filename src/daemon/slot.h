/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A prepared transfer of a client, as the daemon keeps it.
 *
 * A client names its transfers by slots and repeats the numbers with every
 * submission. They are compared with the copy that the transfer was built
 * from: unchanged, nothing is built again; changed, everything is checked and
 * built anew. What the client's memory says at any other time is irrelevant.
 *
 * Where others want the channel as well, a long one runs in parts (slot_part.c,
 * engine.c).
 */
#ifndef DAEMON_SLOT_H
#define DAEMON_SLOT_H

#include <sys/queue.h>

#include "chip/mode.h"
#include "dma/dma.h"
#include "wire/area.h"

struct lane;

enum slot_state {
	SLOT_IDLE,
	SLOT_QUEUED,		/* in its lane */
	SLOT_RUNNING,		/* in the card's channel */
};

/* What of a long transfer the channel has, or is about to. */
struct slot_part {
	uint64_t bytes;
	uint64_t cost;			/* the same, with descriptors */
	uint32_t first;			/* of the list */
	uint32_t count;
	uint64_t skip;			/* bytes of its first piece */
	uint64_t last;			/* where it ends in its last one */
};

struct slot {
	struct lane *lane;
	uint32_t number;
	enum slot_state state;
	int built;
	struct wire_submission entry;	/* what it was built from */
	struct wire_segment *segments;	/* likewise, copied */
	struct plxdma_recipe *recipe;	/* likewise, built from a copy */
	struct plxdma_mode mode;	/* likewise, unless it has none */
	int has_mode;
	struct dma_transfer *transfer;
	unsigned int granted;		/* by which grant it was checked */
	struct dma_transfer *active;	/* this, or the engine's for a part */
	uint8_t quiet;			/* by itself it raises no interrupt */
	uint8_t silent;			/* nor does what the channel has */
	uint8_t needs;			/* under way: it needs a claim */
	uint8_t started;		/* the card's channel had it */
	uint8_t goes_on;		/* what the channel has isn't all */
	uint8_t ends_as;		/* enum plxdma_status, if cancelled */
	uint8_t asked;			/* its client waits for its cancel */
	unsigned int kind;		/* of pace */
	uint64_t bytes;			/* of the whole */
	uint64_t done;			/* bytes of the parts that ended */
	uint32_t at;			/* where the next part begins */
	uint64_t within;		/* in that piece of the list */
	struct slot_part part;
	uint64_t cost;			/* of what the channel has */
	uint64_t begun;			/* when it was given that */
	struct {			/* while somebody looks */
		uint64_t entered;
		uint64_t begun;
		int32_t behind;
		uint8_t parts;
		uint8_t own;
	} trace;
	uint64_t pieces;		/* counted against the quota */
	uint64_t mark;			/* as published last, 0: not */
	uint64_t cookie;		/* of the submission under way */
	uint64_t cancel_cookie;		/* of the cancel that is */
	TAILQ_ENTRY(slot) link;
	TAILQ_ENTRY(slot) given;
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

/* What hasn't moved yet, and its descriptors, in bytes. */
uint64_t slot_left(const struct slot *slot);
/* The next part, of at most so many bytes with its descriptors, but one page
 * of 4 KiB or one piece at least. */
void slot_part_plan(struct slot *slot, uint64_t most);
/* Is it the last one? */
int slot_part_ends(const struct slot *slot);
/* Makes a transfer of the channel, *transfer or a new one, do that part. */
int slot_part_build(struct slot *slot, struct dma_channel *channel,
		    struct dma_transfer **transfer, struct error *error);
/* It ended as it should. */
void slot_part_done(struct slot *slot);
/* Tells the client what its recipe has read, if it has one. */
void slot_values_tell(struct slot *slot);

#endif
