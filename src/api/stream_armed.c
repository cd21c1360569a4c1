/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Boards that say in a register how much they have, and have to be armed for as
 * much as is fetched: each block is a transfer of just that length, with the
 * arming as its recipe.
 */
#include "api/stream.h"

#include <errno.h>

#include "chip/recipe.h"

static int step_is(const struct plxdma_step *step, unsigned int op)
{
	struct error error;

	return step->op == op && !step_check(step, &error);
}

int armed_check(const struct plxdma_stream_armed *armed, uint32_t block_bytes,
		struct error *error)
{
	if (!armed)
		return error_set(error, -EINVAL, "stream: an armed source needs "
				 "its registers: set armed");
	if (!step_is(&armed->level, PLXDMA_STEP_READ))
		return error_set(error, -EINVAL, "stream: armed.level is no "
				 "read of a register");
	if (armed->arm.space && !step_is(&armed->arm, PLXDMA_STEP_WRITE))
		return error_set(error, -EINVAL, "stream: armed.arm is no write "
				 "of a register");
	if (!armed->unit || armed->unit % 4 || armed->unit > block_bytes)
		return error_set(error, -EINVAL, "stream: armed.unit %u is no "
				 "multiple of 4 up to the block's %u bytes",
				 armed->unit, block_bytes);
	if (!armed->least || armed->least % armed->unit ||
	    armed->least > block_bytes)
		return error_set(error, -EINVAL, "stream: armed.least %u is no "
				 "multiple of the unit up to the block's %u "
				 "bytes", armed->least, block_bytes);
	if (armed->reserved)
		return error_set(error, -EINVAL,
				 "stream: armed.reserved must be 0");
	return 0;
}

/* What a block begun now would have, 0: it isn't worth while yet. */
static int worth(struct plxdma_stream *stream, int all, uint32_t *bytes,
		 struct error *error)
{
	const struct plxdma_stream_armed *armed = &stream->armed;
	const uint32_t most =
		stream->setup.block_bytes / armed->unit * armed->unit;
	struct plxdma_step level = armed->level;
	unsigned int done;
	uint64_t has, now = (uint64_t)stream_now();
	int result;

	*bytes = 0;
	result = stream->channel->ops->batch(stream->channel->card, &level, 1,
					     &done, error);
	if (result)
		return result;
	has = (uint64_t)level.value * armed->unit;
	if (has && !stream->asked_since)
		stream->asked_since = now;
	if (has < armed->least && !all &&
	    (!has || !armed->most_wait_us ||
	     now - stream->asked_since < armed->most_wait_us * 1000ull))
		return 0;
	*bytes = has < most ? (uint32_t)has : most;
	return 0;
}

static int change(struct plxdma_stream *stream, struct stream_block *block,
		  uint32_t bytes, struct error *error)
{
	struct plxdma_step arm = stream->armed.arm;
	struct plxdma_recipe recipe;
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = stream->setup.local,
		.handle = block->handle,
		.length = bytes,
	};
	int result;

	if (arm.space) {
		arm.value = bytes / stream->armed.unit;
		recipe_init(&recipe);
		result = recipe_add(&recipe, PLXDMA_BEFORE_START, &arm, error);
		if (result < 0)
			return result;
		request.recipe = &recipe;
	}
	return stream->channel->ops->transfer_change(block->transfer, &request,
						     error);
}

int armed_feed(struct plxdma_stream *stream, int all, struct error *error)
{
	struct stream_block *block = TAILQ_FIRST(&stream->free);
	uint32_t bytes;
	int result;

	if (!block) {
		stream->stats.held += !stream->empty;
		stream->empty = 1;
		return 0;
	}
	if (!TAILQ_EMPTY(&stream->queued))
		return 0;
	result = worth(stream, all, &bytes, error);
	if (result || !bytes)
		return result;
	stream->asked_since = 0;
	result = change(stream, block, bytes, error);
	return result ? result : stream_submit(stream, block, error);
}
