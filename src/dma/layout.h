/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the card's spaces lie, for a reset that somebody else makes. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdint.h>

#include <plxdma/registers.h>

struct dma_card;

#define LAYOUT_SPACES 6

/* Behind the card's byte_order lock. */
struct layout {
	uint32_t spaces[LAYOUT_SPACES];
	uint32_t bars[PLXDMA_BARS];
	uint32_t int_line;
};

void layout_take(struct dma_card *card);
/* After a write of a program's; with the lock held. */
void layout_follow(struct dma_card *card, const struct plxdma_step *step);
/* With the lock held. */
void layout_restore(struct dma_card *card);

#endif
