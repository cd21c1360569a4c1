/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the card's spaces lie, remembered.
 *
 * A reset of our own saves and restores all that a reset destroys.  One that
 * somebody else made can't be asked beforehand: the space enables fall to 0,
 * BAR2 and BAR3 with them, and a reload of the EEPROM takes the Interrupt Line
 * (chip ref. 5.3).  So these are read when the card is opened and after each
 * write of a program's to one of them, and put back where they differ.
 */
#include "dma/layout.h"

#include "dma/card.h"

/* The spaces before the BARs, which hold nothing without them; a space's
 * enable after its range. */
static const uint8_t space_registers[LAYOUT_SPACES] = {
	PLX_LAS0RR, PLX_LAS0BA, PLX_LBRD0, PLX_LAS1RR, PLX_LAS1BA, PLX_LBRD1,
};

static uint32_t config_get(struct dma_card *card, unsigned int offset,
			   unsigned int width)
{
	return card->transport->ops->config_read(card->transport, offset,
						 width);
}

static void config_restore(struct dma_card *card, unsigned int offset,
			   unsigned int width, uint32_t value)
{
	if (config_get(card, offset, width) != value)
		card->transport->ops->config_write(card->transport, offset,
						   width, value);
}

void layout_take(struct dma_card *card)
{
	struct layout *layout = &card->layout;
	unsigned int i;

	for (i = 0; i < LAYOUT_SPACES; i++)
		layout->spaces[i] = reg_get(card, space_registers[i]);
	for (i = 0; i < PLXDMA_BARS; i++)
		layout->bars[i] = config_get(card, PLX_CFG_BAR0 + 4 * i, 32);
	layout->int_line = config_get(card, PLX_CFG_INT_LINE, 8);
}

void layout_follow(struct dma_card *card, const struct plxdma_step *step)
{
	const unsigned int offset = step->offset & ~3u;
	unsigned int i;

	if (step->space == PLXDMA_SPACE_CONFIG) {
		if (offset == PLX_CFG_INT_LINE)
			card->layout.int_line =
				config_get(card, PLX_CFG_INT_LINE, 8);
		return;
	}
	for (i = 0; i < LAYOUT_SPACES; i++)
		if (space_registers[i] == offset)
			card->layout.spaces[i] = reg_get(card, offset);
}

void layout_restore(struct dma_card *card)
{
	const struct layout *layout = &card->layout;
	unsigned int i;

	for (i = 0; i < LAYOUT_SPACES; i++)
		if (reg_get(card, space_registers[i]) != layout->spaces[i])
			reg_put(card, space_registers[i], layout->spaces[i]);
	for (i = 0; i < PLXDMA_BARS; i++)
		config_restore(card, PLX_CFG_BAR0 + 4 * i, 32,
			       layout->bars[i]);
	config_restore(card, PLX_CFG_INT_LINE, 8, layout->int_line);
}
