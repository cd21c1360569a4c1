/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A call's transfer while it goes on, and the pieces it goes in.
 *
 * Memory that isn't the card's goes through a bounce buffer of two halves:
 * while the card moves one piece, the CPU copies the other.  So the program's
 * own pages are never written by an engine, whatever happens to the wait.
 */
#ifndef PLXAPI_JOB_H
#define PLXAPI_JOB_H

#include <time.h>

#include "plxapi/channel.h"

#define PIECE (UINT64_C(64) << 10)

#define MS_NS UINT64_C(1000000)
#define SECOND_NS (1000 * MS_NS)
#define FOREVER UINT64_MAX
#define NOBODY_WAITS 0

struct job {
	struct channel *channel;
	enum plxdma_direction direction;
	uint32_t local;
	char *user;
	size_t size;
	plxdma_handle handle; /* of the user's memory if it is the card's */
	uint64_t deadline;
	int whole; /* in one piece */
	int lent;  /* the card is a daemon's */
};

/* The clock of deadlines. */
static inline uint64_t job_clock(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * SECOND_NS + (uint64_t)time.tv_nsec;
}

/* Where its data is: any memory of the program's, or a buffer of the card's.
 * Both refuse what can't be moved. */
PLX_STATUS job_of_user(struct job *job, const PLX_DMA_PARAMS *parameters);
PLX_STATUS job_of_buffer(struct job *job, struct device *device,
			 const PLX_DMA_PARAMS *parameters);
/* All of it, to its end or its deadline.  0 or a negative errno. */
int job_run(const struct job *job);

/* At least @size bytes; nothing may be under way, here as below. */
int bounce_make(struct channel *channel, size_t size);
void bounce_drop(struct channel *channel);
/* Frees prepared transfers. */
void pieces_forget(struct channel *channel);

int piece_begin(const struct job *job, struct piece *piece, size_t from,
		size_t length);
/* It was taken with @result: its data goes where it belongs. */
int piece_taken(struct channel *channel, struct piece *piece, int result);
/* Ends it, confirmed.  0 if it was done before it could be. */
int piece_end(struct channel *channel, struct piece *piece);
int piece_wait(const struct job *job, struct piece *piece);

#endif
