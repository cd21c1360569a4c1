/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stream's channel: feeding it with free blocks, seeing how they end.
 *
 * The channel's queue is the ring: what stands in it is started by whoever
 * drives the channel, this process or the daemon, whether the stream's owner
 * looks or not.  Transfers of a channel end in order, and so do blocks.
 */
#include "api/stream.h"

#include <errno.h>
#include <time.h>

#include "api/deadline.h"

int64_t stream_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* International atomic time is what runs are compared by. */
static int64_t tai_offset(void)
{
	struct timespec tai;
	int64_t now = stream_now();

	if (clock_gettime(CLOCK_TAI, &tai))
		return 0;
	return (int64_t)tai.tv_sec * 1000000000 + tai.tv_nsec - now;
}

static void ended(struct stream_block *block,
		  const struct plxdma_result *result)
{
	block->status = result->status;
	block->bytes = result->bytes;
	block->time_ns = result->time_ns;
}

int stream_submit(struct plxdma_stream *stream, struct stream_block *block,
		  struct error *error)
{
	int result = stream->channel->ops->submit(block->transfer, error);

	if (result)
		return result;
	block->status = PLXDMA_RUNNING;
	TAILQ_REMOVE(&stream->free, block, link);
	TAILQ_INSERT_TAIL(&stream->queued, block, link);
	stream->stats.queued++;
	stream->empty = 0;
	return 0;
}

static int feed(struct plxdma_stream *stream, struct error *error)
{
	struct stream_block *block;
	int result = 0;

	if (stream->setup.source == PLXDMA_STREAM_ARMED)
		return armed_feed(stream, 0, error);
	while (!result && (block = TAILQ_FIRST(&stream->free)))
		result = stream_submit(stream, block, error);
	/* The queue is as long as somebody lets it be. */
	if ((result == -EAGAIN || result == -EBUSY) && stream->stats.queued)
		return 0;
	return result;
}

static void reap(struct plxdma_stream *stream)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *transfer;

	while ((transfer = stream->channel->ops->channel_reap(stream->channel,
							      &result)))
		ended(transfer->user, &result);
}

static int brought_data(const struct stream_block *block)
{
	return block->status == PLXDMA_DONE || block->status == PLXDMA_EOT;
}

static void faulted(struct plxdma_stream *stream,
		    const struct stream_block *block)
{
	if (stream->stopping && block->status == PLXDMA_CANCELLED)
		return;
	if (stream_runs(stream))
		stream->status = (enum plxdma_status)block->status;
}

static void settle(struct plxdma_stream *stream)
{
	struct stream_block *block;

	while ((block = TAILQ_FIRST(&stream->queued)) &&
	       block->status != PLXDMA_RUNNING) {
		if (brought_data(block)) {
			stream_arrived(stream);
		} else {
			faulted(stream, block);
			stream_void(stream);
		}
	}
}

/* Takes all that is queued away from the channel, the last first, so that the
 * channel doesn't go on with another. */
static void take_back(struct plxdma_stream *stream)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct stream_block *block;

	TAILQ_FOREACH_REVERSE(block, &stream->queued, stream_list, link) {
		/* A list's head is read as if it were a block, and is none. */
		/* cppcheck-suppress uninitvar */
		if (block->status != PLXDMA_RUNNING)
			continue;
		result.status = PLXDMA_STUCK;
		transfer_end(block->transfer, PLXDMA_CANCELLED, &result, NULL);
		ended(block, &result);
	}
}

/* Likewise, all but the first, and what the engine is at or near: one or two
 * behind that can't be had without it. */
static void take_back_gently(struct plxdma_stream *stream)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct stream_block *block;

	TAILQ_FOREACH_REVERSE(block, &stream->queued, stream_list, link) {
		/* cppcheck-suppress uninitvar */
		if (block->status != PLXDMA_RUNNING ||
		    block == TAILQ_FIRST(&stream->queued))
			continue;
		if (transfer_end(block->transfer, PLXDMA_RUNNING, &result,
				 NULL) == -EBUSY)
			break;
		ended(block, &result);
	}
}

/* Observers are told of runs; of blocks, whoever drives the channel tells. */
static int publish(struct plxdma_stream *stream, int runs, struct error *error)
{
	if (!stream->channel->ops->publish)
		return 0;
	return stream->channel->ops->publish(stream->channel, runs,
					     stream->stats.run, stream->next,
					     stream->stats.tai_offset_ns,
					     error);
}

void stream_collect(struct plxdma_stream *stream)
{
	struct error ignored;

	reap(stream);
	settle(stream);
	if (stream_runs(stream) || TAILQ_EMPTY(&stream->queued))
		return;
	take_back(stream);
	settle(stream);
	(void)publish(stream, 0, &ignored);
}

static void refused(struct plxdma_stream *stream, int code)
{
	stream->status = code == -ENODEV      ? PLXDMA_GONE
			 : code == -ESHUTDOWN ? PLXDMA_STUCK
			 : code == -ETIME     ? PLXDMA_POLL_TIMED_OUT
					      : PLXDMA_CANCELLED;
	stream_collect(stream);
}

void stream_feed(struct plxdma_stream *stream)
{
	struct error error;
	int result = feed(stream, &error);

	if (result)
		refused(stream, result);
}

void stream_look(struct plxdma_stream *stream)
{
	if (!stream_runs(stream))
		return;
	stream_collect(stream);
	if (!stream_runs(stream))
		return;
	if (stream->setup.source == PLXDMA_STREAM_DEMAND &&
	    !stream->stats.queued && !stream->empty) {
		stream->stats.held++;
		stream->empty = 1;
	}
	stream_feed(stream);
}

int stream_await(struct stream_block *block, uint64_t deadline)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct error error;
	int code;

	code = block->transfer->ops->wait(
		block->transfer, deadline_left(deadline), &result, &error);
	if (code == -EAGAIN || code == -ETIMEDOUT)
		return -ETIMEDOUT;
	if (code == -EINTR)
		return code;
	ended(block, &result);
	return 0;
}

int stream_begin(struct plxdma_stream *stream, uint64_t run,
		 struct error *error)
{
	int result;

	if (stream_runs(stream))
		return error_set(error, -EBUSY, "stream: run %llu goes on: "
				 "plxdma_stream_stop() ends it",
				 (unsigned long long)stream->stats.run);
	stream->stats.run = run;
	stream->stats.tai_offset_ns = tai_offset();
	stream->asked_since = 0;
	stream->empty = 0;
	result = publish(stream, 1, error);
	if (result)
		return result;
	stream->status = PLXDMA_RUNNING;
	result = feed(stream, error);
	if (result)
		refused(stream, result);
	return result;
}

/* The blocks under way may become full, an armed board be emptied. */
static void drain(struct plxdma_stream *stream, uint64_t deadline)
{
	struct stream_block *block;
	struct error error;

	take_back_gently(stream);
	while ((block = TAILQ_FIRST(&stream->queued)) &&
	       stream_await(block, deadline) != -ETIMEDOUT) {
		stream_collect(stream);
		if (stream->setup.source == PLXDMA_STREAM_ARMED &&
		    armed_feed(stream, 1, &error))
			break;
	}
}

int stream_end(struct plxdma_stream *stream, enum plxdma_stream_stop how,
	       int64_t timeout_ns, struct error *error)
{
	const uint64_t deadline = deadline_after(timeout_ns);
	struct error ignored;

	stream_collect(stream);
	if (!stream_runs(stream))
		return error_set(error, -ENODATA, "stream: it doesn't run");
	stream->stopping = 1;
	if (how == PLXDMA_STREAM_DRAIN &&
	    stream->setup.source == PLXDMA_STREAM_ARMED)
		armed_feed(stream, 1, error);
	if (how == PLXDMA_STREAM_DRAIN)
		drain(stream, deadline);
	take_back(stream);
	settle(stream);
	stream->stopping = 0;
	if (stream_runs(stream))
		stream->status = PLXDMA_DONE;
	/* A daemon that is gone says so itself. */
	(void)publish(stream, 0, &ignored);
	return stream->status == PLXDMA_STUCK ? stream_over(stream, error) : 0;
}

int stream_over(const struct plxdma_stream *stream, struct error *error)
{
	static const struct {
		int code;
		const char *text;
	} ends[] = {
		[PLXDMA_CANCELLED] = {-ECANCELED, "its channel was taken away"},
		[PLXDMA_TIMED_OUT] = {-ECANCELED, "its channel was taken away"},
		[PLXDMA_MASTER_ABORT] = {-EFAULT, "a master abort: nobody "
						  "answered on the PCI bus"},
		[PLXDMA_TARGET_ABORT] = {-EREMOTEIO, "a target abort: the "
						     "memory's side refused"},
		[PLXDMA_STUCK] = {-ESHUTDOWN, "the engine can't be stopped, "
					      "and the card is out of service"},
		[PLXDMA_GONE] = {-ENODEV, "the card, or plxdmad, has gone"},
		[PLXDMA_RESET] = {-ECONNRESET, "the card was reset"},
		[PLXDMA_POLL_TIMED_OUT] = {-ETIME, "the board didn't get "
						   "ready"},
	};
	const unsigned int status = (unsigned int)stream->status;

	if (status >= sizeof(ends) / sizeof(ends[0]) || !ends[status].code)
		return -ENODATA;
	return error_set(error, ends[status].code, "stream: run %llu was ended "
			 "by a fault: %s; plxdma_stream_start() goes on where "
			 "it can",
			 (unsigned long long)stream->stats.run,
			 ends[status].text);
}
