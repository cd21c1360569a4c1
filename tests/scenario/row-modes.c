/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Local buses of other kinds: width, wait states and bursts change how the
 * card talks to its board, never which bytes arrive.
 */
#include "act.h"
#include "row.h"

static const struct {
	enum plxdma_mode_item item;
	unsigned int value;
} changes[] = {
	{ PLXDMA_MODE_WIDTH, 8 },
	{ PLXDMA_MODE_WIDTH, 16 },
	{ PLXDMA_MODE_WAIT_STATES, 15 },
	{ PLXDMA_MODE_READY, 0 },
	{ PLXDMA_MODE_BTERM, 0 },
	{ PLXDMA_MODE_BURST, 0 },
	{ PLXDMA_MODE_FAST_TERMINATE, 1 },
	{ PLXDMA_MODE_WRITE_INVALIDATE, 1 },
};
#define CHANGES (sizeof(changes) / sizeof(changes[0]))

static void play_change(struct row *row, struct stage *stage, unsigned int i)
{
	for (unsigned int j = 0; j < 8; j++) {
		struct act act = {
			.stage = stage,
			.what = {
				.size = j & 4 ? 65537 : 5,
				.form = j & 1 ? PLXDMA_FORM_CHAIN :
					PLXDMA_FORM_AUTO,
				.direction = j & 2 ? PLXDMA_TO_CARD :
					     PLXDMA_TO_HOST,
				.channel = (uint8_t)((i + j) & 1),
				.host_align = (uint8_t)(j % 4),
				.local_align = (uint8_t)((j + i) % 4),
			},
			.host_start = STAGE_GUARD,
		};

		if (act_play(&act) == VERDICT_WRONG)
			row_wrong(row, "mode item %u = %u, %u bytes: %s",
				  (unsigned int)changes[i].item,
				  changes[i].value, act.what.size, act.text);
		else
			row->cells[ROW_MODES]++;
	}
}

void row_play_modes(struct row *row, struct stage *stage)
{
	struct plxdma_mode *mode = stage->memory_mode;

	for (unsigned int i = 0; i < CHANGES && row->wrong < ROW_WRONG_MAX;
	     i++) {
		int usual = plxdma_mode_get(mode, changes[i].item);

		if (plxdma_mode_set(mode, changes[i].item, changes[i].value) ||
		    act_set_mode(stage, 0)) {
			row_wrong(row, "mode item %u = %u refused: %s",
				  (unsigned int)changes[i].item,
				  changes[i].value,
				  plxdma_error(stage->card));
		} else {
			play_change(row, stage, i);
		}
		plxdma_mode_set(mode, changes[i].item, (unsigned int)usual);
	}
	if (act_set_mode(stage, 0) != 0)
		row_wrong(row, "mode: %s", plxdma_error(stage->card));
}
