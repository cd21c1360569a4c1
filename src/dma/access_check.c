/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register access by programs: one policy for whoever asks, be it a program
 * that holds the card itself or a client of the daemon, one access, a batch or
 * a recipe.
 *
 * What the engines and the interrupt handler live by is refused for ever; what
 * decides where the card's spaces and the bytes of a transfer lie is refused
 * while a transfer is under way.  EEPROM and its two ways in (CNTRL and VPD)
 * are for plxdma_eeprom_write(), which has a guard.
 *
 * BIGEND is shared: the channels' bits belong to their modes, the rest to
 * programs.
 */
#include "dma/registers.h"

#include <errno.h>

#include "dma/card.h"

enum when { ALWAYS, WHILE_BUSY, IN_RECIPES };

struct refusal {
	unsigned int first;
	unsigned int last; /* byte */
	enum when when;
	const char *what;
};

static const struct refusal register_refusals[] = {
	{PLX_LAS0RR, PLX_LAS0BA + 3, WHILE_BUSY, "space 0's range and remap"},
	{PLX_MARBR, PLX_MARBR + 3, IN_RECIPES, "arbitration"},
	{PLX_BIGEND, PLX_EROMBA + 3, WHILE_BUSY,
	 "byte order, BAR layout and the ROM's range and remap"},
	{PLX_DMRR, PLX_DMCFGA + 3, WHILE_BUSY,
	 "Direct Master's ranges and remaps"},
	{PLX_OPQIM, PLX_OPQIM + 3, ALWAYS,
	 "OPQIM, whose interrupt nobody would acknowledge"},
	{PLX_INTCSR, PLX_INTCSR + 3, ALWAYS, "INTCSR, the interrupt handler's"},
	{PLX_CNTRL, PLX_CNTRL + 3, ALWAYS,
	 "CNTRL, which resets the board and writes the EEPROM"},
	{PLX_DMAMODE0, PLX_DMADAC1 + 3, ALWAYS,
	 "a DMA or arbitration register (MARBR can be written at 08h)"},
	{PLX_QSR, PLX_QSR + 3, WHILE_BUSY, "QSR, which moves the BARs"},
	{PLX_LAS1RR, PLX_LAS1BA + 3, WHILE_BUSY, "space 1's range and remap"},
	{PLX_DMDAC, PLX_DMDAC + 3, WHILE_BUSY, "Direct Master's upper address"},
	{PLX_PCIARB, PLX_PCIARB + 3, IN_RECIPES, "arbitration"},
};

static const struct refusal config_refusals[] = {
	{PLX_CFG_COMMAND, PLX_CFG_STATUS + 1, ALWAYS, "Command and Status"},
	{PLX_CFG_BAR0, PLX_CFG_BAR5 + 3, ALWAYS, "a base address register"},
	{PLX_CFG_ROM, PLX_CFG_ROM + 3, ALWAYS, "the ROM's base address"},
	{PLX_CFG_PMCSR, PLX_CFG_PMCSR + 3, ALWAYS,
	 "PMCSR: a card that sleeps reads all ones, for everybody"},
	{PLX_CFG_VPD, PLX_CFG_VPD_DATA + 3, ALWAYS,
	 "VPD, which writes the EEPROM: use plxdma_eeprom_write()"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int busy(struct dma_card *card)
{
	const uint32_t idle = PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(0) |
			      PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(1);

	return (reg_get(card, PLX_DMACSR0) & idle) != idle;
}

static const struct refusal *refusal_find(const struct refusal *refusals,
					  size_t count,
					  const struct plxdma_step *step)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (step->offset <= refusals[i].last &&
		    step->offset + step->width / 8 > refusals[i].first)
			return &refusals[i];
	return NULL;
}

static int refuse(struct dma_card *card, const struct refusal *refusal,
		  unsigned int offset, enum access_by by, struct error *error)
{
	if (!refusal)
		return 0;
	if (by == BY_RECIPE)
		return error_set(error, -EPERM,
				 "write at %02xh refused: %s: no recipe does "
				 "that", offset, refusal->what);
	if (refusal->when == IN_RECIPES ||
	    (refusal->when == WHILE_BUSY && !busy(card)))
		return 0;
	return error_set(error, -EPERM, "write at %02xh refused: %s%s", offset,
			 refusal->what,
			 refusal->when == WHILE_BUSY
				 ? ": wait until no transfer is under way"
				 : "");
}

static int bigend_check(struct dma_card *card, const struct plxdma_step *step,
			struct error *error)
{
	uint8_t bigend;

	if (step->offset != PLX_BIGEND)
		return 0;
	pthread_mutex_lock(&card->byte_order);
	bigend = card->bigend;
	pthread_mutex_unlock(&card->byte_order);
	if (!((step->value ^ bigend) & BIGEND_CHANNELS))
		return 0;
	return error_set(error, -EPERM,
			 "write at %02xh refused: bits 7:6 of BIGEND are the "
			 "channels' byte order: leave them as they are (%02xh) "
			 "and use a mode's big_endian",
			 step->offset, bigend & BIGEND_CHANNELS);
}

/* What no register of any chip could be. */
static int place_check(const struct plxdma_step *step, uint64_t size,
		       struct error *error)
{
	if (step->width != 8 && step->width != 16 && step->width != 32)
		return error_set(error, -EINVAL,
				 "width %u: registers are accessed with 8, 16 "
				 "or 32 bits",
				 step->width);
	if (step->offset & (step->width / 8u - 1))
		return error_set(error, -EINVAL,
				 "offset %#x is not a multiple of %u bytes",
				 step->offset, step->width / 8);
	if (step->offset >= size)
		return error_set(error, -ERANGE,
				 "offset %#x lies beyond the end, which is "
				 "at %#llx",
				 step->offset, (unsigned long long)size);
	return 0;
}

static uint64_t bar_size(struct dma_card *card, unsigned int bar)
{
	uint32_t flags;

	return card->transport->ops->bar_size(card->transport, bar, &flags);
}

static int chip_check(struct dma_card *card, const struct plxdma_step *step,
		      enum access_by by, struct error *error)
{
	int result = place_check(step, bar_size(card, 0), error);

	if (result || step->op != PLXDMA_STEP_WRITE)
		return result;
	result = refuse(card,
			refusal_find(register_refusals,
				     COUNT(register_refusals), step),
			step->offset, by, error);
	return result ? result : bigend_check(card, step, error);
}

static int config_check(struct dma_card *card, const struct plxdma_step *step,
			enum access_by by, struct error *error)
{
	int result = place_check(step, PLX_CFG_SIZE, error);

	if (result || step->op != PLXDMA_STEP_WRITE)
		return result;
	return refuse(card,
		      refusal_find(config_refusals, COUNT(config_refusals),
				   step),
		      step->offset, by, error);
}

static int local_check(struct dma_card *card, const struct plxdma_step *step,
		       struct error *error)
{
	const unsigned int bar = step->space;
	uint64_t size = bar_size(card, bar);

	if (!size)
		return error_set(error, -ENXIO,
				 "BAR%u isn't there: local space %u is not "
				 "enabled (LAS%uBA bit 0; the EEPROM sets it)",
				 bar, bar - 2, bar - 2);
	return place_check(step, size, error);
}

int access_check(struct dma_card *card, const struct plxdma_step *step,
		 enum access_by by, struct error *error)
{
	switch (step->space) {
	case PLXDMA_SPACE_CHIP:
		return chip_check(card, step, by, error);
	case PLXDMA_SPACE_CONFIG:
		return config_check(card, step, by, error);
	case PLXDMA_SPACE_BAR2:
	case PLXDMA_SPACE_BAR3:
		return local_check(card, step, error);
	}
	return error_set(error, -EINVAL,
			 "BAR%u: the local spaces are BAR2 and BAR3",
			 step->space);
}
