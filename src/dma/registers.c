/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register access by programs: one policy for whoever asks, be it a program
 * that holds the card itself or a client of the daemon.
 *
 * What the engines and the interrupt handler live by is refused for ever; what
 * decides where the card's spaces and the bytes of a transfer lie is refused
 * while a transfer is under way.  EEPROM and its two ways in (CNTRL and VPD)
 * are for plxdma_eeprom_write(), which has a guard.
 */
#include <errno.h>

#include "chip/plx9054.h"
#include "dma/dma.h"
#include "transport/transport.h"

enum when { ALWAYS, WHILE_BUSY };

struct refusal {
	unsigned int first;
	unsigned int last; /* byte */
	enum when when;
	const char *what;
};

static const struct refusal register_refusals[] = {
	{PLX_LAS0RR, PLX_LAS0BA + 3, WHILE_BUSY, "space 0's range and remap"},
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
};

static const struct refusal config_refusals[] = {
	{PLX_CFG_COMMAND, PLX_CFG_STATUS + 1, ALWAYS, "Command and Status"},
	{PLX_CFG_BAR0, PLX_CFG_BAR5 + 3, ALWAYS, "a base address register"},
	{PLX_CFG_ROM, PLX_CFG_ROM + 3, ALWAYS, "the ROM's base address"},
	{PLX_CFG_VPD, PLX_CFG_VPD_DATA + 3, ALWAYS,
	 "VPD, which writes the EEPROM: use plxdma_eeprom_write()"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int busy(struct transport *transport)
{
	const uint32_t idle = PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(0) |
			      PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(1);

	return (transport->ops->reg_read(transport, PLX_DMACSR0, 32) & idle) !=
	       idle;
}

static const struct refusal *refusal_find(const struct refusal *refusals,
					  size_t count, unsigned int offset,
					  unsigned int width)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (offset <= refusals[i].last &&
		    offset + width / 8 > refusals[i].first)
			return &refusals[i];
	return NULL;
}

static int refuse(struct transport *transport, const struct refusal *refusal,
		  unsigned int offset, struct error *error)
{
	if (!refusal || (refusal->when == WHILE_BUSY && !busy(transport)))
		return 0;
	return error_set(error, -EPERM, "write at %02xh refused: %s%s", offset,
			 refusal->what,
			 refusal->when == WHILE_BUSY
				 ? ": wait until no transfer is under way"
				 : "");
}

/* What no register of any chip could be. */
static int access_check(uint64_t offset, unsigned int width, uint64_t size,
			struct error *error)
{
	if (width != 8 && width != 16 && width != 32)
		return error_set(error, -EINVAL,
				 "width %u: registers are accessed with 8, 16 "
				 "or 32 bits",
				 width);
	if (offset % (width / 8))
		return error_set(error, -EINVAL,
				 "offset %#llx is not a multiple of %u bytes",
				 (unsigned long long)offset, width / 8);
	if (offset >= size)
		return error_set(error, -ERANGE,
				 "offset %#llx lies beyond the end, which is "
				 "at %#llx",
				 (unsigned long long)offset,
				 (unsigned long long)size);
	return 0;
}

int dma_card_reg(struct dma_card *card, int write, unsigned int offset,
		 unsigned int width, uint32_t *value, struct error *error)
{
	struct transport *transport = dma_card_transport(card);
	uint32_t flags;
	int result;

	result = access_check(offset, width,
			      transport->ops->bar_size(transport, 0, &flags),
			      error);
	if (result)
		return result;
	if (!write) {
		*value = transport->ops->reg_read(transport, offset, width);
		return 0;
	}
	result = refuse(transport,
			refusal_find(register_refusals,
				     COUNT(register_refusals), offset, width),
			offset, error);
	if (!result)
		transport->ops->reg_write(transport, offset, width, *value);
	return result;
}

int dma_card_bar(struct dma_card *card, int write, unsigned int bar,
		 uint64_t offset, unsigned int width, uint32_t *value,
		 struct error *error)
{
	struct transport *transport = dma_card_transport(card);
	uint64_t size;
	uint32_t flags;
	int result;

	if (bar != 2 && bar != 3)
		return error_set(error, -EINVAL,
				 "BAR%u: the local spaces are BAR2 and BAR3",
				 bar);
	size = transport->ops->bar_size(transport, bar, &flags);
	if (!size)
		return error_set(error, -ENXIO,
				 "BAR%u isn't there: local space %u is not "
				 "enabled (LAS%uBA bit 0; the EEPROM sets it)",
				 bar, bar - 2, bar - 2);
	result = access_check(offset, width, size, error);
	if (result)
		return result;
	if (write)
		transport->ops->bar_write(transport, bar, offset, width,
					  *value);
	else
		*value =
			transport->ops->bar_read(transport, bar, offset, width);
	return 0;
}

int dma_card_config(struct dma_card *card, int write, unsigned int offset,
		    unsigned int width, uint32_t *value, struct error *error)
{
	struct transport *transport = dma_card_transport(card);
	int result = access_check(offset, width, PLX_CFG_SIZE, error);

	if (result)
		return result;
	if (!write) {
		*value = transport->ops->config_read(transport, offset, width);
		return 0;
	}
	result = refuse(transport,
			refusal_find(config_refusals, COUNT(config_refusals),
				     offset, width),
			offset, error);
	if (!result)
		transport->ops->config_write(transport, offset, width, *value);
	return result;
}
