/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stream, as its own files see it.
 *
 * A block is in one list at a time: free -> queued (the channel's) -> ready ->
 * taken -> free.  stream_ring.c moves blocks between them and keeps the
 * account, stream_run.c knows the channel, stream_armed.c boards that have to
 * be asked first, stream_take.c who waits.
 */
#ifndef STREAM_H
#define STREAM_H

#include <sys/queue.h>

#include <plxdma/stream.h>

#include "api/front.h"
#include "error/error.h"

struct stream_block {
	struct plxdma_transfer *transfer;
	plxdma_handle handle;
	void *data;
	uint64_t sequence;
	uint64_t bytes;
	int64_t time_ns;
	uint32_t status;	/* PLXDMA_RUNNING: queued, not known to have ended */
	TAILQ_ENTRY(stream_block) link;
};

TAILQ_HEAD(stream_list, stream_block);

struct plxdma_stream {
	struct plxdma_channel *channel;
	struct plxdma_stream_setup setup;
	struct plxdma_stream_armed armed;
	struct plxdma_stream_stats stats;	/* all but @status and @size */
	enum plxdma_status status;
	struct stream_list free, queued, ready, taken;
	struct stream_block *blocks;
	void *memory;
	plxdma_handle handle;
	uint64_t next;		/* sequence of the block that arrives next */
	uint64_t expected;	/* by who takes: what comes without a drop */
	uint64_t asked_since;	/* armed: when less than enough was there first */
	uint8_t empty;		/* the channel has run out of blocks */
	uint8_t stopping;	/* what is cancelled now is no fault */
};

static inline int stream_runs(const struct plxdma_stream *stream)
{
	return stream->status == PLXDMA_RUNNING;
}

/* Blocks (stream_ring.c) */

/* The first of those queued has arrived: it becomes ready; by policy it, or the
 * oldest, is dropped instead. */
void stream_arrived(struct plxdma_stream *stream);
/* The first of those queued brought nothing that anybody may have. */
void stream_void(struct plxdma_stream *stream);
void stream_drop_oldest(struct plxdma_stream *stream);
/* The oldest that is ready, or NULL. */
struct stream_block *stream_next(struct plxdma_stream *stream);
struct stream_block *stream_taken(struct plxdma_stream *stream,
				  uint64_t sequence);
void stream_given(struct plxdma_stream *stream, struct stream_block *block);

/* The channel (stream_run.c) */

/* Sees what has ended. */
void stream_collect(struct plxdma_stream *stream);
/* The same, and keeps the channel fed.  Never sleeps. */
void stream_look(struct plxdma_stream *stream);
/* What is free goes to the channel.  A fault ends the run. */
void stream_feed(struct plxdma_stream *stream);
/* Hands a free block to the channel.  0 or what the front says. */
int stream_submit(struct plxdma_stream *stream, struct stream_block *block,
		  struct error *error);
/* Waits for a queued block, not for the fate of the others.  0, -ETIMEDOUT,
 * -EINTR. */
int stream_await(struct stream_block *block, uint64_t deadline);
int stream_begin(struct plxdma_stream *stream, uint64_t run,
		 struct error *error);
int stream_end(struct plxdma_stream *stream, enum plxdma_stream_stop how,
	       int64_t timeout_ns, struct error *error);
/* What has ended the last run: -ENODATA, or the errno of a fault. */
int stream_over(const struct plxdma_stream *stream, struct error *error);
int64_t stream_now(void);

/* Boards that have to be asked (stream_armed.c) */

int armed_check(const struct plxdma_stream_armed *armed, uint32_t block_bytes,
		struct error *error);
/* Begins a block if none is under way, one is free and the board has enough,
 * or @all that it has.  0, also if it hasn't. */
int armed_feed(struct plxdma_stream *stream, int all, struct error *error);

/* Waiting (stream_take.c) */

/* Until a block is ready, watermark ones if it has to sleep.  0; -EAGAIN,
 * -ETIMEDOUT, -EINTR, -ENOBUFS, or what stream_over() tells. */
int stream_wait(struct plxdma_stream *stream, int64_t timeout_ns,
		struct error *error);

#endif
