/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for blocks: what is ready needs none.  Else the block is waited for
 * by which watermark ones will be ready, as any transfer is: a short spin, then
 * sleep.
 */
#include "api/stream.h"

#include <errno.h>
#include <time.h>

#include "api/deadline.h"

/* How often a board is asked that has nothing yet. */
#define ASK_NS 200000

static struct stream_block *block_to_await(const struct plxdma_stream *stream)
{
	struct stream_block *block = TAILQ_FIRST(&stream->queued);
	uint64_t ready = stream->stats.ready + 1;

	while (block && ready < stream->setup.watermark &&
	       TAILQ_NEXT(block, link)) {
		block = TAILQ_NEXT(block, link);
		ready++;
	}
	return block;
}

static int nap(uint64_t deadline)
{
	int64_t left = deadline_left(deadline);
	struct timespec time = {.tv_nsec = ASK_NS};

	if (!left)
		return -ETIMEDOUT;
	if (left > 0 && left < ASK_NS)
		time.tv_nsec = left;
	return nanosleep(&time, NULL) ? -errno : 0;
}

static int step(struct plxdma_stream *stream, uint64_t deadline)
{
	struct stream_block *block = block_to_await(stream);
	int result = block ? stream_await(block, deadline) : nap(deadline);

	stream_look(stream);
	return result;
}

/* All blocks lie with somebody, and only who takes can change that. */
static int stalled(const struct plxdma_stream *stream)
{
	return TAILQ_EMPTY(&stream->queued) && TAILQ_EMPTY(&stream->free);
}

static int sleep_until_ready(struct plxdma_stream *stream, int64_t timeout_ns)
{
	const uint64_t deadline = deadline_after(timeout_ns);
	int result = 0;

	while (!result && stream_runs(stream) && !stalled(stream) &&
	       stream->stats.ready < stream->setup.watermark)
		result = step(stream, deadline);
	return result;
}

int stream_wait(struct plxdma_stream *stream, int64_t timeout_ns,
		struct error *error)
{
	int result = 0;

	stream_look(stream);
	if (!stream->stats.ready && timeout_ns)
		result = sleep_until_ready(stream, timeout_ns);
	if (stream->stats.ready)
		return 0;
	if (!stream_runs(stream))
		return stream_over(stream, error);
	if (stalled(stream))
		return error_set(error, -ENOBUFS, "stream: all %u blocks are "
				 "taken: plxdma_stream_give() some back",
				 stream->setup.block_count);
	return result ? result : -EAGAIN;
}
