/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See recipe.h. */
#include "chip/recipe.h"

#include <errno.h>
#include <string.h>

void recipe_init(struct plxdma_recipe *recipe)
{
	memset(recipe, 0, sizeof(*recipe));
	recipe->count_step = RECIPE_NO_COUNT;
}

static int space_known(unsigned int space)
{
	return space == PLXDMA_SPACE_CHIP || space == PLXDMA_SPACE_BAR2 ||
	       space == PLXDMA_SPACE_BAR3 || space == PLXDMA_SPACE_CONFIG;
}

int step_check(const struct plxdma_step *step, struct error *error)
{
	if (step->op > PLXDMA_STEP_POLL)
		return error_set(error, -EINVAL,
				 "a step reads, writes or polls; %u is none of "
				 "enum plxdma_step_op", step->op);
	if (!space_known(step->space))
		return error_set(error, -EINVAL,
				 "a step's space is one of enum plxdma_space, "
				 "not %u", step->space);
	if (step->width != 8 && step->width != 16 && step->width != 32)
		return error_set(error, -EINVAL,
				 "width %u: registers are accessed with 8, 16 "
				 "or 32 bits", step->width);
	if (step->offset & (step->width / 8u - 1))
		return error_set(error, -EINVAL,
				 "offset %#x is not a multiple of %u bytes",
				 step->offset, step->width / 8);
	if (step->reserved)
		return error_set(error, -EINVAL, "a step's reserved must be 0");
	if (step->op != PLXDMA_STEP_POLL)
		return 0;
	if (!step->timeout_us || step->timeout_us > PLXDMA_POLL_MAX_US)
		return error_set(error, -EINVAL,
				 "a poll takes 1 to %u us, not %u",
				 PLXDMA_POLL_MAX_US, step->timeout_us);
	if (step->want & ~step->mask)
		return error_set(error, -EINVAL,
				 "a poll for %#x under the mask %#x can't come "
				 "true", step->want, step->mask);
	return 0;
}

int recipe_add(struct plxdma_recipe *recipe, enum plxdma_moment moment,
	       const struct plxdma_step *step, struct error *error)
{
	int result = step_check(step, error);

	if (result)
		return result;
	if ((unsigned int)moment > PLXDMA_AFTER_END)
		return error_set(error, -EINVAL,
				 "%d is none of enum plxdma_moment",
				 (int)moment);
	if (recipe->steps_count == PLXDMA_RECIPE_STEPS)
		return error_set(error, -ENOSPC,
				 "a recipe has at most %u steps",
				 PLXDMA_RECIPE_STEPS);
	if (step->op == PLXDMA_STEP_POLL) {
		if (recipe->poll_us + step->timeout_us > PLXDMA_POLL_MAX_US)
			return error_set(error, -EINVAL,
					 "all polls of a recipe together take "
					 "at most %u us", PLXDMA_POLL_MAX_US);
		recipe->poll_us += step->timeout_us;
	}
	recipe->moments[recipe->steps_count] = (uint8_t)moment;
	recipe->steps[recipe->steps_count] = *step;
	return (int)recipe->steps_count++;
}

int recipe_count(struct plxdma_recipe *recipe, unsigned int step,
		 unsigned int unit, struct error *error)
{
	if (step >= recipe->steps_count ||
	    recipe->moments[step] != PLXDMA_AFTER_END ||
	    recipe->steps[step].op != PLXDMA_STEP_READ)
		return error_set(error, -EINVAL,
				 "step %u is no read after the end", step);
	if (!unit)
		return error_set(error, -EINVAL,
				 "the unit of a count is at least 1 byte");
	recipe->count_step = step;
	recipe->count_unit = unit;
	return 0;
}

int recipe_check(const struct plxdma_recipe *recipe, struct error *error)
{
	struct plxdma_recipe again;
	uint32_t i;
	int result;

	if (recipe->steps_count > PLXDMA_RECIPE_STEPS)
		return error_set(error, -EINVAL,
				 "a recipe has at most %u steps",
				 PLXDMA_RECIPE_STEPS);
	recipe_init(&again);
	for (i = 0; i < recipe->steps_count; i++) {
		result = recipe_add(&again,
				    (enum plxdma_moment)recipe->moments[i],
				    &recipe->steps[i], error);
		if (result < 0)
			return result;
	}
	if (recipe->count_step == RECIPE_NO_COUNT)
		return 0;
	return recipe_count(&again, recipe->count_step, recipe->count_unit,
			    error);
}
