/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The recipes that the suites of recipes do on the card of paper, and what they
 * all ask.
 */
#ifndef TESTS_DMA_RECIPES_H
#define TESTS_DMA_RECIPES_H

#include "chip/recipe.h"
#include "rig.h"

#define SOON_US 2000u
#define LONG_US 900000u

/* BAR2's registers of the board that the recipes are for. */
enum { ARM = 0x00, READY = 0x04, TRIGGER = 0x08, RUNNING = 0x0c,
       COUNTER = 0x10, DISARM = 0x14, IDLE = 0x18 };

/* The one under test; tests run in processes of their own. */
extern struct plxdma_recipe recipe;

/* Its index. */
int recipe_step(enum plxdma_moment moment, struct plxdma_step step);
/* Arm, start, trigger, disarm. */
void recipe_plain(void);
/* The same with a poll at each moment. */
void recipe_polls(uint32_t timeout_us);
void recipe_rig(struct rig *rig, uint32_t chip, const char *options);
/* Was the last step done? */
int recipe_disarmed(const struct rig *rig);
/* Looks until it has ended, or the look after which it never will. */
void recipe_look(struct rig *rig, const struct dma_transfer *transfer);
/* Nobody's turn any more. */
void recipe_turn_free(struct rig *rig);

#endif
