/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recipes: register steps bound to a transfer.
 *
 * Boards want to be armed before a transfer, triggered right after its start,
 * and asked or disarmed after its end.  A recipe does so with nothing of
 * anybody else's in between: from the first step before the start to the last
 * one after it no other register access and no other start reaches the card,
 * and so for the steps after the end.  During the transfer itself the card is
 * everybody's.
 *
 * Whatever a card's policy, no step writes what the engines and the interrupt
 * handler live by: see plxdma_reg_write().
 *
 * Threads: a recipe may be used by any number of transfers and threads once it
 * is no longer changed; transfers keep their own copy.
 */
#ifndef PLXDMA_RECIPE_H
#define PLXDMA_RECIPE_H

#include <plxdma/registers.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_recipe;

/* Steps of a recipe, all moments together. */
#define PLXDMA_RECIPE_STEPS 32u

/**
 * enum plxdma_moment - when a step is done
 * @PLXDMA_BEFORE_START: before the channel starts
 * @PLXDMA_AFTER_START:	right after it has started
 * @PLXDMA_AFTER_END:	after the transfer has ended, however it ended, unless
 *			the card is gone or was never touched
 */
enum plxdma_moment {
	PLXDMA_BEFORE_START = 0,
	PLXDMA_AFTER_START = 1,
	PLXDMA_AFTER_END = 2,
};

/**
 * plxdma_recipe_new - an empty recipe
 *
 * Return: the recipe, freed by plxdma_recipe_free(); NULL without memory.
 */
struct plxdma_recipe *plxdma_recipe_new(void);

/**
 * plxdma_recipe_free - free a recipe
 * @recipe: may be NULL; transfers that it was given to keep their copy
 */
void plxdma_recipe_free(struct plxdma_recipe *recipe);

/**
 * plxdma_recipe_add - add a step
 * @recipe: a recipe
 * @moment: enum plxdma_moment; steps of a moment are done in the order in
 *	    which they were added
 * @step: copied
 *
 * A poll that doesn't come true ends the transfer as PLXDMA_POLL_TIMED_OUT,
 * with the engine stopped; the steps after the end are done even so.
 *
 * Return: the step's index, for plxdma_transfer_value() and
 * plxdma_recipe_count(); -EINVAL; -ENOSPC beyond PLXDMA_RECIPE_STEPS.
 */
int plxdma_recipe_add(struct plxdma_recipe *recipe, enum plxdma_moment moment,
		      const struct plxdma_step *step);

/**
 * plxdma_recipe_count - a step that reads how much has moved
 * @recipe: a recipe
 * @step: index of a read after the end
 * @unit: bytes that 1 stands for
 *
 * Where EOT# ends transfers early the chip doesn't tell how far they came, but
 * many boards do.  The result of such a transfer then is exact: the value
 * times @unit, if that is no more than was asked for.
 *
 * Return: 0 or -EINVAL.
 */
int plxdma_recipe_count(struct plxdma_recipe *recipe, unsigned int step,
			unsigned int unit);

#ifdef __cplusplus
}
#endif
#endif
