/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus tuning of a card: read, changed, and put back after a reset.
 *
 * The registers are written byte by byte where a byte is enough (chip
 * ref. 2.1), so that nothing else in them is touched: the low byte of CNTRL is
 * the DMA commands and nothing more, which keeps clear of its reset and EEPROM
 * bits.  What was asked for is remembered, since a reset that somebody else
 * made leaves the EEPROM's values.
 */
#include "chip/tuning.h"

#include <errno.h>

#include "dma/card.h"
#include "dma/eeprom.h"

#define MARBR_TIMERS_BYTE (PLX_MARBR + 2) /* of the timers' enables */

static int keeps(uint32_t value)
{
	return value == PLXDMA_TUNING_KEEP;
}

static void byte_put(struct dma_card *card, unsigned int offset,
		     uint32_t value)
{
	if (!keeps(value))
		card->transport->ops->reg_write(card->transport, offset, 8,
						value);
}

static void config_put(struct dma_card *card, unsigned int offset,
		       uint32_t value)
{
	if (!keeps(value))
		card->transport->ops->config_write(card->transport, offset, 8,
						   value);
}

/* @old with @bits as @on says. */
static uint32_t bits_set(uint32_t old, uint32_t bits, uint32_t on)
{
	if (keeps(on))
		return old;
	return on ? old | bits : old & ~bits;
}

static void timers_put(struct dma_card *card,
		       const struct plxdma_tuning *tuning)
{
	const uint32_t old = reg_get(card, PLX_MARBR);
	uint32_t value;

	value = bits_set(old, PLX_MARBR_LATENCY_ENABLE,
			 tuning->local_latency_on);
	value = bits_set(value, PLX_MARBR_PAUSE_ENABLE, tuning->local_pause_on);
	/* The timers first: in force they shall be as asked for. */
	byte_put(card, PLX_MARBR, tuning->local_latency);
	byte_put(card, PLX_MARBR + 1, tuning->local_pause);
	if (value != old)
		byte_put(card, MARBR_TIMERS_BYTE, value >> 16 & 0xff);
}

static void commands_put(struct dma_card *card,
			 const struct plxdma_tuning *tuning)
{
	uint32_t old, read = tuning->read_command;
	uint32_t write = tuning->write_command;

	if (keeps(read) && keeps(write))
		return;
	old = reg_get(card, PLX_CNTRL);
	if (keeps(read))
		read = old & PLX_CNTRL_DMA_READ_MASK;
	if (keeps(write))
		write = (old & PLX_CNTRL_DMA_WRITE_MASK) >>
			PLX_CNTRL_DMA_WRITE_SHIFT;
	byte_put(card, PLX_CNTRL, read | write << PLX_CNTRL_DMA_WRITE_SHIFT);
}

static void tuning_put(struct dma_card *card,
		       const struct plxdma_tuning *tuning)
{
	config_put(card, PLX_CFG_CACHE_LINE, tuning->cache_line);
	config_put(card, PLX_CFG_LATENCY, tuning->pci_latency);
	if (!keeps(tuning->local_latency) || !keeps(tuning->local_pause) ||
	    !keeps(tuning->local_latency_on) || !keeps(tuning->local_pause_on))
		timers_put(card, tuning);
	commands_put(card, tuning);
	if (!keeps(tuning->threshold))
		reg_put(card, PLX_DMATHR, tuning->threshold);
}

int card_tuning_begin(struct dma_card *card, struct error *error)
{
	const struct plxdma_tuning *asked = &card->options.tuning;
	int result;

	tuning_init(&card->tuning);
	/* No size: whoever made the options has no tuning. */
	if (!asked->size)
		return 0;
	result = tuning_check(asked, card->family, error);
	if (!result)
		card->tuning = *asked;
	return result;
}

void card_tuning_restore(struct dma_card *card)
{
	tuning_put(card, &card->tuning);
}

static int tuning_get_all(struct dma_card *card, struct plxdma_tuning *tuning)
{
	struct transport *transport = card->transport;
	const uint32_t marbr = reg_get(card, PLX_MARBR);
	const uint32_t cntrl = reg_get(card, PLX_CNTRL);

	if (marbr == UINT32_MAX && cntrl == UINT32_MAX)
		return -ENODEV;
	*tuning = (struct plxdma_tuning){
		.size = sizeof(*tuning),
		.pci_latency = transport->ops->config_read(transport,
							   PLX_CFG_LATENCY, 8),
		.cache_line = transport->ops->config_read(
			transport, PLX_CFG_CACHE_LINE, 8),
		.local_latency = marbr & PLX_MARBR_LATENCY_MASK,
		.local_pause = (marbr & PLX_MARBR_PAUSE_MASK) >>
			       PLX_MARBR_PAUSE_SHIFT,
		.local_latency_on = (marbr & PLX_MARBR_LATENCY_ENABLE) != 0,
		.local_pause_on = (marbr & PLX_MARBR_PAUSE_ENABLE) != 0,
		.read_command = cntrl & PLX_CNTRL_DMA_READ_MASK,
		.write_command = (cntrl & PLX_CNTRL_DMA_WRITE_MASK) >>
				 PLX_CNTRL_DMA_WRITE_SHIFT,
		.threshold = reg_get(card, PLX_DMATHR),
	};
	return 0;
}

static int gone(const struct dma_card *card, struct error *error)
{
	return error_set(error, -ENODEV,
			 "%s: the card reads all ones: unplugged, powered "
			 "down, or memory decoding is off", card->name);
}

static int others_turn(const struct dma_card *card, struct error *error)
{
	return error_set(error, -EAGAIN,
			 "%s: a recipe's steps or a batch are under way",
			 card->name);
}

int dma_card_tuning_get(struct dma_card *card, struct plxdma_tuning *tuning,
			struct error *error)
{
	int result;

	if (turn_access_begin(card))
		return others_turn(card, error);
	pthread_mutex_lock(&card->lock);
	result = tuning_get_all(card, tuning);
	pthread_mutex_unlock(&card->lock);
	turn_access_end(card);
	return result ? gone(card, error) : 0;
}

/* With everything locked, so that nothing starts. */
static int idle_check(struct dma_card *card, struct error *error)
{
	const uint32_t done = PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(0) |
			      PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(1);
	const uint32_t both = reg_get(card, PLX_DMACSR0);

	if (csr_of_gone(card, both))
		return gone(card, error);
	if ((both & done) == done)
		return 0;
	return error_set(error, -EBUSY,
			 "%s: a transfer is under way: wait until it has ended "
			 "before tuning the bus", card->name);
}

int dma_card_tuning_set(struct dma_card *card,
			const struct plxdma_tuning *tuning,
			struct error *error)
{
	int result = tuning_check(tuning, card->family, error);

	if (result)
		return result;
	if (turn_access_begin(card))
		return others_turn(card, error);
	eeprom_hold();
	pthread_mutex_lock(&card->lock);
	card_channels_lock(card);
	result = idle_check(card, error);
	if (!result) {
		tuning_put(card, tuning);
		tuning_merge(&card->tuning, tuning);
	}
	card_channels_unlock(card);
	pthread_mutex_unlock(&card->lock);
	eeprom_let_go();
	turn_access_end(card);
	return result;
}
