/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See recipes.h. */
#include "recipes.h"

#include <check.h>

struct plxdma_recipe recipe;

int recipe_step(enum plxdma_moment moment, struct plxdma_step step)
{
	struct error error = { "" };
	int index = recipe_add(&recipe, moment, &step, &error);

	ck_assert_msg(index >= 0, "%s", error.text);
	return index;
}

void recipe_plain(void)
{
	recipe_init(&recipe);
	recipe_step(PLXDMA_BEFORE_START, rig_write(ARM, 1));
	recipe_step(PLXDMA_AFTER_START, rig_write(TRIGGER, 2));
	recipe_step(PLXDMA_AFTER_END, rig_write(DISARM, 3));
}

void recipe_polls(uint32_t timeout_us)
{
	/* Those shall not end while a slow machine looks elsewhere. */
	if (timeout_us > SOON_US)
		rig_clock_stop();
	recipe_init(&recipe);
	recipe_step(PLXDMA_BEFORE_START, rig_write(ARM, 1));
	recipe_step(PLXDMA_BEFORE_START, rig_poll(READY, 1, 1, timeout_us));
	recipe_step(PLXDMA_AFTER_START, rig_write(TRIGGER, 2));
	recipe_step(PLXDMA_AFTER_START, rig_poll(RUNNING, 1, 1, timeout_us));
	recipe_step(PLXDMA_AFTER_END, rig_poll(IDLE, 1, 1, timeout_us));
	recipe_step(PLXDMA_AFTER_END, rig_write(DISARM, 3));
}

void recipe_rig(struct rig *rig, uint32_t chip, const char *options)
{
	rig_make(rig, chip, options, NULL, 4);
	rig->request.recipe = &recipe;
}

int recipe_disarmed(const struct rig *rig)
{
	return fake_bar2(rig->fake, DISARM) == 3;
}

void recipe_look(struct rig *rig, const struct dma_transfer *transfer)
{
	uint64_t end = clock_ns() + UINT64_C(60000000000);

	while (dma_transfer_status(transfer) == PLXDMA_RUNNING) {
		ck_assert_uint_lt(clock_ns(), end);
		dma_channel_progress(rig->channel);
	}
}

void recipe_turn_free(struct rig *rig)
{
	uint32_t value;

	ck_assert_int_eq(dma_channel_turn(rig->channel), DMA_TURN_NONE);
	ck_assert_int_eq(dma_card_bar(rig->card, 0, 2, 0x80, 32, &value, NULL),
			 0);
}
