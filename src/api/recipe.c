/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recipes: what they are is src/chip's; here they are allocated. */
#include <plxdma/recipe.h>

#include <errno.h>
#include <stdlib.h>

#include "api/failure.h"
#include "chip/recipe.h"

struct plxdma_recipe *plxdma_recipe_new(void)
{
	struct plxdma_recipe *recipe = malloc(sizeof(*recipe));

	if (recipe)
		recipe_init(recipe);
	return recipe;
}

void plxdma_recipe_free(struct plxdma_recipe *recipe)
{
	free(recipe);
}

int plxdma_recipe_add(struct plxdma_recipe *recipe, enum plxdma_moment moment,
		      const struct plxdma_step *step)
{
	struct error error;

	if (!recipe || !step)
		return failure_argument(NULL, __func__,
					"needs a recipe and a step");
	failure_begin(&error);
	return failure_end(NULL, recipe_add(recipe, moment, step, &error),
			   &error, __func__);
}

int plxdma_recipe_count(struct plxdma_recipe *recipe, unsigned int step,
			unsigned int unit)
{
	struct error error;

	if (!recipe)
		return failure_argument(NULL, __func__, "needs a recipe");
	failure_begin(&error);
	return failure_end(NULL, recipe_count(recipe, step, unit, &error),
			   &error, __func__);
}
