/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many register accesses in one turn of the card's.
 *
 * A pass does what can be done without waiting.  It is made under a channel's
 * lock, so that no reset of the card comes in the middle of it.
 */
#include <errno.h>

#include "dma/card.h"
#include "dma/registers.h"

static int steps_allowed(struct dma_card *card, const struct dma_batch *batch,
			 struct error *error)
{
	unsigned int i;
	int result = 0;

	for (i = 0; i < batch->count && !result; i++)
		result = access_check(card, &batch->steps[i], BY_PROGRAM,
				      error);
	return result;
}

static int batch_pass(struct dma_card *card, struct dma_batch *batch)
{
	pthread_mutex_t *lock = &card->channels[0].lock;
	int result = 0;

	pthread_mutex_lock(lock);
	while (batch->position < batch->count) {
		result = access_do(card, &batch->steps[batch->position],
				   &batch->until);
		if (result)
			break;
		batch->position++;
	}
	pthread_mutex_unlock(lock);
	return result;
}

static int batch_ended(struct dma_card *card, const struct dma_batch *batch,
		       int result, struct error *error)
{
	const struct plxdma_step *step = &batch->steps[batch->position];

	switch (result) {
	case -ETIMEDOUT:
		return error_set(error, result,
				 "%s: step %u polled %#x for %u us for %#x "
				 "under the mask %#x, and still reads %#x",
				 card->name, batch->position, step->offset,
				 step->timeout_us, step->want, step->mask,
				 step->value);
	case -ENODEV:
		return error_set(error, result,
				 "%s: the card reads all ones: it is gone",
				 card->name);
	}
	return result;
}

int dma_card_batch(struct dma_card *card, struct dma_batch *batch,
		   struct error *error)
{
	const int first = !batch->turn.begun;
	int result = turn_take(card, &batch->turn);

	if (result)
		return result;
	if (first)
		result = steps_allowed(card, batch, error);
	if (!result)
		result = batch_pass(card, batch);
	if (result == -EAGAIN)
		return result;
	turn_leave(card, &batch->turn);
	return batch_ended(card, batch, result, error);
}

void dma_card_batch_drop(struct dma_card *card, struct dma_batch *batch)
{
	turn_leave(card, &batch->turn);
}
