/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A slot's recipe: taken over when its transfer is prepared, asked again
 * whether it may run when that is submitted, and what it has read told.
 */
#include "slot.h"

#include <errno.h>

#include "chip/recipe.h"
#include "client.h"
#include "error/planted.h"
#include "lane.h"
#include "tenant.h"

/* Built step by step, so that what comes out is a recipe. */
static int recipe_build(const struct wire_recipe *from,
			struct plxdma_recipe *recipe, struct error *error)
{
	int err;

	if ((from->steps_count > PLXDMA_RECIPE_STEPS &&
	     !PLANTED(RECIPE_STEPS)) || from->reserved)
		return error_set(error, -EINVAL, "a recipe has at most %u "
				 "steps", PLXDMA_RECIPE_STEPS);
	for (uint32_t i = 0; i < from->steps_count; i++) {
		err = recipe_add(recipe, (enum plxdma_moment)from->moments[i],
				 &from->steps[i], error);
		if (err < 0)
			return err;
	}
	if (from->count_step == RECIPE_NO_COUNT)
		return 0;
	return recipe_count(recipe, from->count_step, from->count_unit, error);
}

static int recipe_check_steps(const struct slot *slot,
			      const struct plxdma_recipe *recipe,
			      struct error *error)
{
	const struct tenant *tenant = slot->lane->tenant;
	int owns = claims_owns_card(&tenant->card->claims,
				    &tenant->claimant.party);
	int err = 0;

	for (uint32_t i = 0; !err && i < recipe->steps_count; i++)
		err = reach_check(&tenant->grant.reach, &recipe->steps[i],
				  owns, error);
	return err;
}

int slot_recipe_grant(const struct slot *slot, struct error *error)
{
	return slot->recipe ? recipe_check_steps(slot, slot->recipe, error) : 0;
}

int slot_recipe_check(const struct slot *slot, struct error *error)
{
	/* All else was seen when it was prepared or granted anew. */
	if (!slot->recipe || !slot->lane->tenant->grant.reach.claim_write.given)
		return 0;
	return recipe_check_steps(slot, slot->recipe, error);
}

int slot_recipe_copy(const struct slot *slot,
		     const struct wire_submission *entry,
		     struct plxdma_recipe **recipe, struct error *error)
{
	struct wire_recipe copy;
	int err;

	if (entry->op != WIRE_PREPARE)
		return error_set(error, -EINVAL, "a transfer with a recipe is "
				 "prepared before it is submitted");
	*recipe = plxdma_recipe_new();
	if (!*recipe)
		return error_set(error, -ENOMEM, "no memory for a recipe");
	ring_server_recipe(&slot->lane->ring, &copy);
	err = recipe_build(&copy, *recipe, error);
	return err ? err : recipe_check_steps(slot, *recipe, error);
}

void slot_values_tell(struct slot *slot)
{
	struct wire_values values = { .known = 0 };

	if (!slot->recipe)
		return;
	for (unsigned int i = 0; i < PLXDMA_RECIPE_STEPS && slot->started;
	     i++) {
		if (!dma_transfer_value(slot->transfer, i, &values.values[i]))
			values.known |= UINT32_C(1) << i;
	}
	ring_server_values(&slot->lane->ring, slot->entry.recipe, &values);
}
