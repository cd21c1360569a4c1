/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams: what must be right of a setup, making and unmaking one, and the
 * public calls. */
#include "api/stream.h"

#include <errno.h>
#include <stdlib.h>

#include "api/failure.h"
#include "api/memory.h"
#include "api/sized.h"
#include "mem/heap.h"

static const char no_stream[] = "needs a stream";

static int counts_check(const struct plxdma_stream_setup *setup,
			struct error *error)
{
	if (setup->block_bytes < PLXDMA_BLOCK_MIN ||
	    setup->block_bytes > PLXDMA_BLOCK_MAX || setup->block_bytes % 4)
		return error_set(error, -EINVAL, "stream: block_bytes %u is no "
				 "multiple of 4 from %u to %u",
				 setup->block_bytes, PLXDMA_BLOCK_MIN,
				 PLXDMA_BLOCK_MAX);
	if (setup->block_count < 4 || setup->block_count > PLXDMA_STREAM_BLOCKS)
		return error_set(error, -EINVAL, "stream: block_count %u isn't "
				 "4 to %u", setup->block_count,
				 PLXDMA_STREAM_BLOCKS);
	if (setup->watermark > setup->block_count / 2)
		return error_set(error, -EINVAL, "stream: watermark %u is more "
				 "than half of block_count %u",
				 setup->watermark, setup->block_count);
	return 0;
}

static int setup_take(struct plxdma_stream *stream,
		      const struct plxdma_stream_setup *from,
		      struct error *error)
{
	struct plxdma_stream_setup *setup = &stream->setup;
	int result;

	if (sized_take(setup, sizeof(*setup), sizeof(*setup), from))
		return error_set(error, -EINVAL, "stream: set the setup's size "
				 "member to its sizeof and what you don't use "
				 "to 0");
	if (setup->source > PLXDMA_STREAM_ARMED ||
	    setup->slow > PLXDMA_STREAM_DROP_OLDEST || setup->reserved)
		return error_set(error, -EINVAL, "stream: source, slow and "
				 "reserved: %u, %u, %u are none of theirs",
				 setup->source, setup->slow, setup->reserved);
	result = counts_check(setup, error);
	if (!result && setup->source == PLXDMA_STREAM_ARMED)
		result = armed_check(setup->armed, setup->block_bytes, error);
	if (result)
		return result;
	if (setup->source == PLXDMA_STREAM_ARMED)
		stream->armed = *setup->armed;
	setup->armed = NULL;
	if (!setup->watermark)
		setup->watermark = 1;
	stream->next = setup->sequence;
	stream->expected = setup->sequence;
	return 0;
}

static size_t memory_size(const struct plxdma_stream *stream)
{
	return (size_t)stream->setup.block_bytes * stream->setup.block_count;
}

static int memory_take(struct plxdma_stream *stream, struct error *error)
{
	struct plxdma_card *card = stream->channel->card;
	struct front_memory *memory;
	uint64_t offset;
	int result = memory_make(card, &memory, error);

	if (result)
		return result;
	offset = heap_alloc(memory->heap, memory_size(stream));
	if (offset == HEAP_NONE)
		return error_set(error, -ENOMEM, "stream: %zu bytes of blocks "
				 "don't fit: fewer or smaller ones, or open the "
				 "card with a larger arena= (it has %llu)",
				 memory_size(stream),
				 (unsigned long long)memory->size);
	stream->memory = memory->base + offset;
	stream->handle = memory->tag + offset;
	return 0;
}

static int block_make(struct plxdma_stream *stream, struct stream_block *block,
		      size_t from, struct error *error)
{
	const struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.form = stream->setup.source == PLXDMA_STREAM_DEMAND
				? PLXDMA_FORM_LINKED
				: PLXDMA_FORM_AUTO,
		.local = stream->setup.local,
		.handle = stream->handle + from,
		.length = stream->setup.block_bytes,
	};
	int result = stream->channel->ops->transfer_new(
		stream->channel, &request, &block->transfer, error);

	if (result)
		return result;
	block->transfer->user = block;
	block->handle = request.handle;
	block->data = (char *)stream->memory + from;
	TAILQ_INSERT_TAIL(&stream->free, block, link);
	return 0;
}

static int blocks_make(struct plxdma_stream *stream, struct error *error)
{
	const unsigned int count = stream->setup.block_count;
	unsigned int i;
	int result = 0;

	stream->blocks = calloc(count, sizeof(*stream->blocks));
	if (!stream->blocks)
		return error_set(error, -ENOMEM, "no memory for a stream");
	for (i = 0; i < count && !result; i++)
		result = block_make(stream, &stream->blocks[i],
				    (size_t)stream->setup.block_bytes * i,
				    error);
	return result;
}

static void stream_free(struct plxdma_stream *stream)
{
	struct plxdma_card *card = stream->channel->card;
	unsigned int i;

	for (i = 0; stream->blocks && i < stream->setup.block_count; i++)
		if (stream->blocks[i].transfer)
			stream->channel->ops->transfer_free(
				stream->blocks[i].transfer);
	/* Memory that an engine may still write to goes back to nobody. */
	if (stream->memory && stream->status != PLXDMA_STUCK)
		plxdma_free_coherent(card, memory_size(stream), stream->memory,
				     stream->handle);
	free(stream->blocks);
	free(stream);
}

static int stream_make(struct plxdma_channel *channel,
		       const struct plxdma_stream_setup *setup,
		       struct plxdma_stream **made, struct error *error)
{
	struct plxdma_stream *stream = calloc(1, sizeof(*stream));
	int result;

	if (!stream)
		return error_set(error, -ENOMEM, "no memory for a stream");
	stream->channel = channel;
	stream->status = PLXDMA_DONE;
	TAILQ_INIT(&stream->free);
	TAILQ_INIT(&stream->queued);
	TAILQ_INIT(&stream->ready);
	TAILQ_INIT(&stream->taken);
	result = setup_take(stream, setup, error);
	if (!result)
		result = memory_take(stream, error);
	if (!result)
		result = blocks_make(stream, error);
	if (result)
		stream_free(stream);
	else
		*made = stream;
	return result;
}

int plxdma_stream_open(struct plxdma_channel *channel,
		       const struct plxdma_stream_setup *setup,
		       struct plxdma_stream **stream)
{
	struct error error;

	if (!channel || !setup || !stream)
		return failure_argument(channel ? channel->card : NULL,
					__func__,
					"needs a channel, a setup and a place "
					"for the stream");
	*stream = NULL;
	failure_begin(&error);
	return failure_end(channel->card,
			   stream_make(channel, setup, stream, &error), &error,
			   __func__);
}

void plxdma_stream_close(struct plxdma_stream *stream)
{
	struct error error;

	if (!stream)
		return;
	stream_end(stream, PLXDMA_STREAM_ABORT, 0, &error);
	stream_free(stream);
}

int plxdma_stream_start(struct plxdma_stream *stream, uint64_t run)
{
	struct error error;

	if (!stream)
		return failure_argument(NULL, __func__, no_stream);
	failure_begin(&error);
	return failure_end(stream->channel->card,
			   stream_begin(stream, run, &error), &error,
			   __func__);
}

int plxdma_stream_stop(struct plxdma_stream *stream,
		       enum plxdma_stream_stop how, int64_t timeout_ns)
{
	struct error error;

	if (!stream)
		return failure_argument(NULL, __func__, no_stream);
	if (how != PLXDMA_STREAM_DRAIN && how != PLXDMA_STREAM_ABORT)
		return failure_argument(stream->channel->card, __func__,
					"PLXDMA_STREAM_DRAIN or "
					"PLXDMA_STREAM_ABORT");
	failure_begin(&error);
	return failure_end(stream->channel->card,
			   stream_end(stream, how, timeout_ns, &error), &error,
			   __func__);
}

static void block_tell(struct plxdma_stream *stream,
		       const struct stream_block *from,
		       struct plxdma_block *block)
{
	const struct plxdma_block known = {
		.status = from->status,
		.run = stream->stats.run,
		.sequence = from->sequence,
		.dropped = from->sequence - stream->expected,
		.time_ns = from->time_ns,
		.bytes = from->bytes,
		.handle = from->handle,
		.data = from->data,
	};

	stream->expected = from->sequence + 1;
	sized_give(block, &known, sizeof(known));
}

/* Nothing there yet is no failure whose text anybody wants. */
static int not_yet(int result)
{
	return result == -EAGAIN || result == -ETIMEDOUT || result == -EINTR ||
	       result == -ENODATA;
}

int plxdma_stream_take(struct plxdma_stream *stream, int64_t timeout_ns,
		       struct plxdma_block *block)
{
	struct error error;
	int result;

	if (!stream || !block || !sized_room(block))
		return failure_argument(stream ? stream->channel->card : NULL,
					__func__,
					"needs a stream, and a block with its "
					"size member set to its sizeof");
	failure_begin(&error);
	result = stream_wait(stream, timeout_ns, &error);
	if (!result)
		block_tell(stream, stream_next(stream), block);
	if (not_yet(result))
		return result;
	return failure_end(stream->channel->card, result, &error, __func__);
}

int plxdma_stream_give(struct plxdma_stream *stream, uint64_t sequence)
{
	struct stream_block *block;

	if (!stream)
		return failure_argument(NULL, __func__, no_stream);
	block = stream_taken(stream, sequence);
	if (!block)
		return failure_argument(stream->channel->card, __func__,
					"no block of that sequence is taken");
	stream_given(stream, block);
	if (stream_runs(stream) &&
	    stream->setup.source == PLXDMA_STREAM_DEMAND)
		stream_feed(stream);
	return 0;
}

int plxdma_stream_fd(struct plxdma_stream *stream)
{
	return stream ? plxdma_channel_fd(stream->channel)
		      : failure_argument(NULL, __func__, no_stream);
}

int plxdma_stream_stats(struct plxdma_stream *stream,
			struct plxdma_stream_stats *stats)
{
	struct plxdma_stream_stats known;

	if (!stream || !stats || !sized_room(stats))
		return failure_argument(stream ? stream->channel->card : NULL,
					__func__,
					"needs a stream, and stats with their "
					"size member set to their sizeof");
	known = stream->stats;
	known.status = stream->status;
	sized_give(stats, &known, sizeof(known));
	return 0;
}
