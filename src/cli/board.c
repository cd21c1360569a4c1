/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/board.h"

#include <string.h>

#define BOARD_BAR     3
#define BOARD_ID      0x00
#define BOARD_CONTROL 0x04
#define BOARD_RING    (1u << 4)
#define BOARD_BELL    0x18
#define BOARD_SCRATCH 0x28
#define BOARD_PLXB    0x504c5842u /* 'PLXB' */

bool board_is_default(struct plxdma_card *card)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	uint32_t id;

	return plxdma_card_info(card, &info) == 0 &&
	       strcmp(info.transport, "model") == 0 &&
	       info.bars[BOARD_BAR].size &&
	       plxdma_peek(card, BOARD_BAR, BOARD_ID, 32, &id) == 0 &&
	       id == BOARD_PLXB;
}

int board_ring(struct plxdma_card *card, uint32_t bits)
{
	uint32_t control;
	int code = plxdma_poke(card, BOARD_BAR, BOARD_BELL, 32, bits);

	if (!code)
		code = plxdma_peek(card, BOARD_BAR, BOARD_CONTROL, 32,
				   &control);
	if (!code)
		code = plxdma_poke(card, BOARD_BAR, BOARD_CONTROL, 32,
				   control | BOARD_RING);
	return code;
}

int board_scratch(struct plxdma_card *card, uint32_t value, uint32_t *back)
{
	int code = plxdma_poke(card, BOARD_BAR, BOARD_SCRATCH, 32, value);

	return code ? code :
		      plxdma_peek(card, BOARD_BAR, BOARD_SCRATCH, 32, back);
}
