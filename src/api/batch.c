/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers, many at a time or as memory: batches and windows.  Shapes are
 * checked here, what may be written is the front door's to say.
 */
#include <plxdma/registers.h>

#include <errno.h>

#include "api/failure.h"
#include "api/front.h"
#include "chip/recipe.h"

static int steps_check(const struct plxdma_step *steps, unsigned int count,
		       struct error *error)
{
	uint32_t poll_us = 0;
	unsigned int i;
	int result;

	if (count > PLXDMA_BATCH)
		return error_set(error, -EINVAL,
				 "a batch has at most %u steps", PLXDMA_BATCH);
	for (i = 0; i < count; i++) {
		result = step_check(&steps[i], error);
		if (result)
			return result;
		if (steps[i].op != PLXDMA_STEP_POLL)
			continue;
		poll_us += steps[i].timeout_us;
		if (poll_us > PLXDMA_POLL_MAX_US)
			return error_set(error, -EINVAL,
					 "all polls of a batch together take "
					 "at most %u us", PLXDMA_POLL_MAX_US);
	}
	return 0;
}

int plxdma_batch(struct plxdma_card *card, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done)
{
	struct error error;
	unsigned int ran = 0;
	int result;

	if (!card || (!steps && count))
		return failure_argument(card, __func__,
					"needs a card and its steps");
	failure_begin(&error);
	result = steps_check(steps, count, &error);
	if (!result && count)
		result = card->ops->batch(card, steps, count, &ran, &error);
	if (done)
		*done = ran;
	return failure_end(card, result, &error, __func__);
}

int plxdma_window_map(struct plxdma_card *card, unsigned int bar,
		      volatile void **address, size_t *size)
{
	struct error error;

	if (!card || !address || !size)
		return failure_argument(card, __func__,
					"needs a card and places for address "
					"and size");
	if (!card->ops->window_map)
		return failure_unsupported(card, __func__);
	failure_begin(&error);
	return failure_end(card,
			   card->ops->window_map(card, bar, address, size,
						 &error),
			   &error, __func__);
}

int plxdma_window_unmap(struct plxdma_card *card, unsigned int bar)
{
	struct error error;

	if (!card)
		return failure_argument(card, __func__, "needs a card");
	if (!card->ops->window_unmap)
		return failure_unsupported(card, __func__);
	failure_begin(&error);
	return failure_end(card, card->ops->window_unmap(card, bar, &error),
			   &error, __func__);
}
