/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See digitizer.h. */
#include "digitizer.h"

#include <errno.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define FIFO 0x30000000u
#define BOARD_CONTROL 0x04u	/* bit 0: the FIFO refills itself */
#define BOARD_SCRATCH 0x28u
#define TIMEOUT INT64_C(2000000000)

/* Each block is armed by a write to a board register. */
static struct plxdma_recipe *arming(void)
{
	const struct plxdma_step arm = {
		.op = PLXDMA_STEP_WRITE,
		.space = PLXDMA_SPACE_BAR3,
		.width = 32,
		.offset = BOARD_SCRATCH,
		.value = 1,
	};
	struct plxdma_recipe *recipe = plxdma_recipe_new();

	if (!recipe || plxdma_recipe_add(recipe, PLXDMA_BEFORE_START, &arm) < 0)
		die("recipe", NULL);
	return recipe;
}

static void digitizer_prepare(struct digitizer *digitizer, size_t length)
{
	struct plxdma_recipe *recipe = arming();
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = FIFO,
		.length = length,
		.recipe = recipe,
	};

	if (!plxdma_alloc_coherent(digitizer->card, length, &request.handle) ||
	    plxdma_transfer_new(digitizer->channel, &request,
				&digitizer->transfer))
		die("prepare", digitizer->card);
	plxdma_recipe_free(recipe);
}

void digitizer_open(struct digitizer *digitizer, const char *spec,
		    struct plxdma_card *beside, size_t length)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	int result = beside ? plxdma_open_beside(spec, beside, &digitizer->card)
			    : plxdma_open(spec, &digitizer->card);

	if (result || !mode)
		die(spec, NULL);
	if (plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1) ||
	    plxdma_claim(digitizer->card, PLXDMA_CLAIM_CHANNEL0, 0, 0) ||
	    plxdma_channel_open(digitizer->card, 0, &digitizer->channel) ||
	    plxdma_channel_set_mode(digitizer->channel, mode) ||
	    plxdma_channel_set_waiting(digitizer->channel, PLXDMA_WAIT_SPIN) ||
	    plxdma_poke(digitizer->card, 3, BOARD_CONTROL, 32, 1))
		die(spec, digitizer->card);
	plxdma_mode_free(mode);
	digitizer_prepare(digitizer, length);
	digitizer->blocks = 0;
}

void digitizer_close(struct digitizer *digitizer)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	if (plxdma_card_counters(digitizer->card, &counters))
		die("counters", digitizer->card);
	if (counters.violations)
		report_fault("a card counted violations");
	plxdma_close(digitizer->card);
}

double crate_run(struct digitizer *crate, double seconds)
{
	double begin = now(), end = begin + seconds * 1e9;
	struct digitizer *digitizer;
	int result;

	for (digitizer = crate; digitizer < crate + CARDS; digitizer++) {
		digitizer->blocks = 0;
		if (plxdma_submit(digitizer->transfer))
			die("submit", digitizer->card);
	}
	while (now() < end) {
		for (digitizer = crate; digitizer < crate + CARDS;
		     digitizer++) {
			result = plxdma_poll(digitizer->transfer, NULL);
			if (result == -EAGAIN)
				continue;
			if (result || plxdma_submit(digitizer->transfer))
				die("block", digitizer->card);
			digitizer->blocks++;
		}
	}
	end = now();
	for (digitizer = crate; digitizer < crate + CARDS; digitizer++)
		if (plxdma_wait(digitizer->transfer, TIMEOUT, NULL))
			die("last block", digitizer->card);
	return end - begin;
}
