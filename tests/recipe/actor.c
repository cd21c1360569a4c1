/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See actor.h. */
#include "actor.h"

#include <errno.h>

#define SECOND INT64_C(1000000000)

static const struct plxdma_step step_write = {
	.op = PLXDMA_STEP_WRITE,
	.space = PLXDMA_SPACE_BAR3,
	.width = 32,
	.offset = SCRATCH,
};

static void add_mark(struct plxdma_recipe *recipe, enum plxdma_moment moment,
		     uint32_t mark)
{
	struct plxdma_step step = step_write;

	step.value = mark;
	plxdma_recipe_add(recipe, moment, &step);
}

/* Reads the mark back; polls for it, which takes one read where nobody comes
 * in between.  Return: the step's index. */
static int add_look(struct plxdma_recipe *recipe, enum plxdma_moment moment,
		    uint32_t mark)
{
	struct plxdma_step step = step_write;

	step.op = PLXDMA_STEP_POLL;
	step.mask = UINT32_MAX;
	step.want = mark;
	step.timeout_us = 1000;
	return plxdma_recipe_add(recipe, moment, &step);
}

static struct plxdma_recipe *recipe_of(unsigned int actor, unsigned int n,
				       int looks[3])
{
	struct plxdma_recipe *recipe = plxdma_recipe_new();

	if (!recipe)
		return NULL;
	add_mark(recipe, PLXDMA_BEFORE_START, mark_of(actor, n, POINT_FIRST));
	add_mark(recipe, PLXDMA_BEFORE_START, mark_of(actor, n, POINT_ARMED));
	looks[0] = add_look(recipe, PLXDMA_BEFORE_START,
			    mark_of(actor, n, POINT_ARMED));
	add_mark(recipe, PLXDMA_AFTER_START, mark_of(actor, n, POINT_STARTED));
	looks[1] = add_look(recipe, PLXDMA_AFTER_START,
			    mark_of(actor, n, POINT_STARTED));
	add_mark(recipe, PLXDMA_AFTER_END, mark_of(actor, n, POINT_ENDED));
	looks[2] = add_look(recipe, PLXDMA_AFTER_END,
			    mark_of(actor, n, POINT_ENDED));
	return recipe;
}

static int values_check(const struct plxdma_transfer *transfer,
			unsigned int actor, unsigned int n,
			const int looks[3])
{
	uint32_t value;
	int i;

	for (i = 0; i < 3; i++) {
		if (looks[i] < 0 ||
		    plxdma_transfer_value(transfer, (unsigned int)looks[i],
					  &value))
			return -ENODATA;
		if (value != mark_of(actor, n,
				     (enum point)(POINT_ARMED + i)))
			return -EIO;
	}
	return 0;
}

static int transfer_play(struct plxdma_channel *channel,
			 struct plxdma_request *request, unsigned int actor,
			 unsigned int n)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_transfer *transfer;
	struct plxdma_recipe *recipe;
	int looks[3], error;

	recipe = recipe_of(actor, n, looks);
	request->recipe = recipe;
	error = plxdma_transfer_new(channel, request, &transfer);
	plxdma_recipe_free(recipe);
	if (error)
		return error;
	error = plxdma_submit(transfer);
	if (!error)
		error = plxdma_wait(transfer, 60 * SECOND, &result);
	if (!error)
		error = values_check(transfer, actor, n, looks);
	if (!error && (!result.bytes_exact || result.bytes != request->length))
		error = -EIO;
	plxdma_transfer_free(transfer);
	return error;
}

int actor_play(struct plxdma_card *card, const char *spec, unsigned int actor,
	       unsigned int count)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = LENGTH,
	};
	struct plxdma_card *opened = NULL;
	struct plxdma_channel *channel;
	unsigned int n;
	int error = 0;

	if (!card) {
		error = plxdma_open(spec, &opened);
		card = opened;
	}
	if (!error)
		error = plxdma_claim(card, (enum plxdma_claimed)actor, 0,
				     60 * SECOND);
	if (!error)
		error = plxdma_channel_open(card, actor, &channel);
	if (error)
		goto out_close;
	if (!plxdma_alloc_coherent(card, LENGTH, &request.handle))
		error = -ENOMEM;
	for (n = 0; !error && n < count; n++)
		error = transfer_play(channel, &request, actor, n);
	plxdma_channel_close(channel);
out_close:
	plxdma_close(opened);
	return error;
}

int monitor_play(struct plxdma_card *card, const char *spec, unsigned int count)
{
	const struct plxdma_step look = {
		.op = PLXDMA_STEP_READ,
		.space = PLXDMA_SPACE_BAR3,
		.width = 32,
		.offset = MONITORED,
	};
	struct plxdma_step steps[3] = { look, look, look };
	struct plxdma_card *opened = NULL;
	uint32_t value;
	int error = 0;

	if (!card) {
		error = plxdma_open(spec, &opened);
		card = opened;
	}
	while (!error && count--) {
		error = plxdma_peek(card, 3, MONITORED, 32, &value);
		if (!error)
			error = plxdma_batch(card, steps, 3, NULL);
	}
	plxdma_close(opened);
	return error;
}
