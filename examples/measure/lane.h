/* SPDX-License-Identifier: MIT */
/*
 * A lane: one channel with its memory on either side, and a batch of prepared
 * transfers over it, each with a place and a nonce of its own.
 *
 * A batch is staged (the source gets its bytes, the destination their
 * complement), run against the clock, and checked. Local memory is filled and
 * read back by transfers of the opposite direction, which are not timed; where
 * BAR2 shows it, single Lwords are compared through there as well, since an
 * error that both directions share would cancel out.
 */
#ifndef THROUGHPUT_LANE_H
#define THROUGHPUT_LANE_H

#include "throughput.h"

#define SLOTS_MAX 64

struct slot {
	struct plxdma_transfer *transfer;
	uint64_t submitted_ns;
	uint32_t nonce;
};

struct lane {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	uint8_t *host;
	plxdma_handle handle;
	uint32_t local;
	uint64_t room; /* bytes on either side */
	uint64_t window_size; /* what BAR2 shows of local memory */
	uint32_t window;

	enum plxdma_direction direction;
	uint64_t size;	 /* of one transfer */
	uint64_t stride; /* from one slot to the next */
	struct slot slots[SLOTS_MAX];
	unsigned int slot_count;
	unsigned int submitted; /* of this batch */
	unsigned int taken;
};

/* Prepares the transfers of a cell, at most @slots.  Return: 0 or a negative
 * errno. */
int lane_prepare(struct lane *lane, const struct cell *cell,
		 enum plxdma_direction direction, unsigned int slots);
/* Frees them. */
void lane_clear(struct lane *lane);

/* Return: 0 or a negative errno. */
int lane_stage(struct lane *lane);
/* Reads back what went to the card, compares.  Return: wrong words, or a
 * negative errno. */
int64_t lane_check(struct lane *lane);

#endif
