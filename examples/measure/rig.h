/* SPDX-License-Identifier: MIT */
/*
 * A rig: a card opened for measuring, with a lane for each channel, and the
 * loop that runs a batch over them.
 */
#ifndef THROUGHPUT_RIG_H
#define THROUGHPUT_RIG_H

#include "lane.h"

#define LATENCIES_MAX 65536u

struct rig {
	struct plxdma_card *card;
	struct lane lanes[LANES_MAX];
	unsigned int lane_count; /* in use by the cell */
	unsigned int depth;
	uint64_t *latencies_ns; /* the latest, in a circle */
	uint64_t latency_count;
	char why[240]; /* what went wrong last */
};

/* Return: 0 or a negative errno, with rig->why. */
int rig_open(struct rig *rig, const struct plan *plan,
	     const struct source *source);
void rig_close(struct rig *rig);

/* Prepares the lanes of a cell, with at most @slots (up to SLOTS_MAX)
 * transfers each; and clears them. */
int rig_prepare(struct rig *rig, const struct cell *cell, unsigned int slots);
void rig_clear(struct rig *rig);

int rig_stage(struct rig *rig);
/* Runs what was staged.  Return: 0 or a negative errno; then nothing is under
 * way any more. */
int rig_run(struct rig *rig);
/* Return: wrong words, or a negative errno. */
int64_t rig_check(struct rig *rig);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t rig_now(void);

#endif
