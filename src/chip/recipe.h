/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recipe as a value: struct plxdma_recipe of <plxdma/recipe.h> is this; the
 * public functions only allocate it.
 *
 * Steps are kept in the order in which they were added, so that a step's index
 * never changes; each moment's are done in that order.
 */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdint.h>

#include <plxdma/recipe.h>

#include "error/error.h"

#define RECIPE_NO_COUNT UINT32_MAX

struct plxdma_recipe {
	uint32_t steps_count;
	uint32_t count_step;	/* RECIPE_NO_COUNT: none reads the count */
	uint32_t count_unit;
	uint32_t poll_us;	/* of all polls together */
	uint8_t moments[PLXDMA_RECIPE_STEPS];
	struct plxdma_step steps[PLXDMA_RECIPE_STEPS];
};

void recipe_init(struct plxdma_recipe *recipe);
/* The step's index, or a negative errno with a text. */
int recipe_add(struct plxdma_recipe *recipe, enum plxdma_moment moment,
	       const struct plxdma_step *step, struct error *error);
int recipe_count(struct plxdma_recipe *recipe, unsigned int step,
		 unsigned int unit, struct error *error);
/* Checks one that another process has written, field by field. */
int recipe_check(const struct plxdma_recipe *recipe, struct error *error);

/* What no step of any card may say: operation, space, width, alignment, a
 * poll's time.  0 or -EINVAL with a text. */
int step_check(const struct plxdma_step *step, struct error *error);

#endif
