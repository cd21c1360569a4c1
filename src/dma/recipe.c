/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A transfer's own copy of a recipe: its steps, how far they are, and what
 * they have read.
 */
#include "chip/recipe.h"

#include <errno.h>
#include <stdlib.h>

#include "dma/card.h"
#include "dma/registers.h"

_Static_assert(PLXDMA_RECIPE_STEPS <= 32, "one bit a step");

struct recipe {
	struct plxdma_recipe steps;
	uint32_t of[PLXDMA_AFTER_END + 1];	/* steps of a moment, as bits */
	uint32_t done;				/* since recipe_begin() */
	uint32_t read;				/* those of which a value is */
	uint64_t until;				/* of the poll under way */
	int hurry;				/* polls are looked at once */
};

static int steps_check(struct dma_card *card,
		       const struct plxdma_recipe *steps, struct error *error)
{
	uint32_t i;
	int result = recipe_check(steps, error);

	for (i = 0; !result && i < steps->steps_count; i++)
		result = access_check(card, &steps->steps[i], BY_RECIPE,
				      error);
	return result;
}

static void steps_copy(struct recipe *recipe,
		       const struct plxdma_recipe *steps)
{
	uint32_t i;

	*recipe = (struct recipe){ .steps = *steps };
	for (i = 0; i < steps->steps_count; i++)
		recipe->of[steps->moments[i]] |= UINT32_C(1) << i;
}

int recipe_make(struct dma_card *card, const struct plxdma_recipe *steps,
		struct recipe **made, struct error *error)
{
	int result;

	*made = NULL;
	if (!steps || !steps->steps_count)
		return 0;
	result = steps_check(card, steps, error);
	if (result)
		return result;
	*made = malloc(sizeof(**made));
	if (!*made)
		return error_set(error, -ENOMEM, "out of memory");
	steps_copy(*made, steps);
	return 0;
}

void recipe_begin(struct recipe *recipe)
{
	recipe->done = 0;
	recipe->read = 0;
	recipe->until = 0;
	recipe->hurry = 0;
}

void recipe_hurry(struct recipe *recipe)
{
	recipe->hurry = 1;
}

int recipe_has(const struct recipe *recipe, enum plxdma_moment moment)
{
	return recipe->of[moment] != 0;
}

int recipe_touched(const struct recipe *recipe)
{
	return (recipe->done | recipe->read) != 0;
}

static int step_run(struct dma_channel *channel, struct recipe *recipe,
		    unsigned int i)
{
	struct plxdma_step *step = &recipe->steps.steps[i];
	int result = access_do(channel->card, step, &recipe->until);

	if (step->op != PLXDMA_STEP_WRITE)
		recipe->read |= UINT32_C(1) << i;
	if (step->space == PLXDMA_SPACE_CHIP)
		count_add(step->op == PLXDMA_STEP_WRITE
				  ? &channel->counts.reg_writes
				  : &channel->counts.reg_reads, 1);
	if (result == -EAGAIN && recipe->hurry) {
		recipe->until = 0;
		result = -ETIMEDOUT;
	}
	if (result != -EAGAIN)
		recipe->done |= UINT32_C(1) << i;
	return result;
}

int recipe_run(struct dma_channel *channel, struct recipe *recipe,
	       enum plxdma_moment moment)
{
	uint32_t left;
	int result = 0;

	while (!result && (left = recipe->of[moment] & ~recipe->done))
		result = step_run(channel, recipe,
				  (unsigned int)__builtin_ctz(left));
	return result;
}

void recipe_judge(const struct recipe *recipe, uint64_t length,
		  struct outcome *outcome)
{
	const uint32_t step = recipe->steps.count_step;
	uint64_t bytes;

	if (step == RECIPE_NO_COUNT || outcome->status != PLXDMA_EOT ||
	    !(recipe->read & UINT32_C(1) << step))
		return;
	bytes = (uint64_t)recipe->steps.steps[step].value *
		recipe->steps.count_unit;
	if (bytes > length)
		return;
	*outcome = (struct outcome){
		/* Whoever may end it early needn't have. */
		.status = bytes == length ? PLXDMA_DONE : PLXDMA_EOT,
		.bytes = bytes,
		.exact = 1,
	};
}

int recipe_value(const struct recipe *recipe, unsigned int step,
		 uint32_t *value)
{
	if (step >= recipe->steps.steps_count ||
	    recipe->steps.steps[step].op == PLXDMA_STEP_WRITE)
		return -EINVAL;
	if (!(recipe->read & UINT32_C(1) << step))
		return -ENODATA;
	*value = recipe->steps.steps[step].value;
	return 0;
}
