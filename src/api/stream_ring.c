/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stream's blocks, and the account of them: arrived = delivered + dropped +
 * ready, in blocks and in bytes, after each function here.
 */
#include "api/stream.h"

/* Blocks that the channel is to have, where policy may drop others for it: one
 * that is filled, and one behind it. */
#define KEEP_QUEUED 2

static void drop(struct plxdma_stream *stream, struct stream_block *block)
{
	stream->stats.dropped++;
	stream->stats.dropped_bytes += block->bytes;
	TAILQ_INSERT_TAIL(&stream->free, block, link);
}

void stream_drop_oldest(struct plxdma_stream *stream)
{
	struct stream_block *oldest = TAILQ_FIRST(&stream->ready);

	TAILQ_REMOVE(&stream->ready, oldest, link);
	stream->stats.ready--;
	stream->stats.ready_bytes -= oldest->bytes;
	drop(stream, oldest);
}

static struct stream_block *unqueue(struct plxdma_stream *stream)
{
	struct stream_block *block = TAILQ_FIRST(&stream->queued);

	TAILQ_REMOVE(&stream->queued, block, link);
	stream->stats.queued--;
	return block;
}

/* Is the channel to run dry while blocks lie about?  One stays: whoever has all
 * others in hand is to get it. */
static int too_many_ready(const struct plxdma_stream *stream, uint64_t ready)
{
	return stream->setup.slow != PLXDMA_STREAM_HOLD && !stream->stopping &&
	       ready > 1 &&
	       TAILQ_EMPTY(&stream->free) &&
	       stream->stats.queued < KEEP_QUEUED;
}

void stream_arrived(struct plxdma_stream *stream)
{
	struct stream_block *block = unqueue(stream);

	block->sequence = stream->next++;
	stream->stats.blocks++;
	stream->stats.bytes += block->bytes;
	/* After a fault nobody wants what came behind it. */
	if (!stream_runs(stream) ||
	    (too_many_ready(stream, stream->stats.ready + 1) &&
	     stream->setup.slow == PLXDMA_STREAM_DROP_NEWEST)) {
		drop(stream, block);
		return;
	}
	TAILQ_INSERT_TAIL(&stream->ready, block, link);
	stream->stats.ready++;
	stream->stats.ready_bytes += block->bytes;
	if (too_many_ready(stream, stream->stats.ready))
		stream_drop_oldest(stream);
}

void stream_void(struct plxdma_stream *stream)
{
	struct stream_block *block = unqueue(stream);

	TAILQ_INSERT_TAIL(&stream->free, block, link);
}

struct stream_block *stream_next(struct plxdma_stream *stream)
{
	struct stream_block *block = TAILQ_FIRST(&stream->ready);

	if (!block)
		return NULL;
	TAILQ_REMOVE(&stream->ready, block, link);
	stream->stats.ready--;
	stream->stats.ready_bytes -= block->bytes;
	stream->stats.delivered++;
	stream->stats.delivered_bytes += block->bytes;
	stream->stats.taken++;
	TAILQ_INSERT_TAIL(&stream->taken, block, link);
	return block;
}

struct stream_block *stream_taken(struct plxdma_stream *stream,
				  uint64_t sequence)
{
	struct stream_block *block;

	/* Who gives back in order finds it first. */
	TAILQ_FOREACH(block, &stream->taken, link)
		if (block->sequence == sequence)
			return block;
	return NULL;
}

void stream_given(struct plxdma_stream *stream, struct stream_block *block)
{
	TAILQ_REMOVE(&stream->taken, block, link);
	stream->stats.taken--;
	TAILQ_INSERT_TAIL(&stream->free, block, link);
}
