/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers, one at a time.  What may be written is the front door's to say;
 * here only what no card could mean is refused.
 */
#include <plxdma/registers.h>

#include <errno.h>

#include "api/failure.h"
#include "api/front.h"

#define MAILBOXES 8
/* Mailboxes 0 and 1 have aliases that the I2O queues never hide (chip
 * ref. 2.4). */
#define MAILBOX_ALIAS	  0x78
#define MAILBOX		  0x40
#define DOORBELL_TO_LOCAL 0x60

static const char no_value[] = "needs a card and a place for the value";
static const char no_card[] = "needs a card";

static int reg(struct plxdma_card *card, int write, unsigned int offset,
	       unsigned int width, uint32_t *value, const char *function)
{
	struct error error;

	failure_begin(&error);
	return failure_end(
		card, card->ops->reg(card, write, offset, width, value, &error),
		&error, function);
}

int plxdma_reg_read(struct plxdma_card *card, unsigned int offset,
		    unsigned int width, uint32_t *value)
{
	if (!card || !value)
		return failure_argument(card, __func__, no_value);
	return reg(card, 0, offset, width, value, __func__);
}

int plxdma_reg_write(struct plxdma_card *card, unsigned int offset,
		     unsigned int width, uint32_t value)
{
	if (!card)
		return failure_argument(card, __func__, no_card);
	return reg(card, 1, offset, width, &value, __func__);
}

static int bar_access(struct plxdma_card *card, int write, unsigned int bar,
		      uint64_t offset, unsigned int width, uint32_t *value,
		      const char *function)
{
	struct error error;

	failure_begin(&error);
	return failure_end(
		card,
		card->ops->bar(card, write, bar, offset, width, value, &error),
		&error, function);
}

int plxdma_peek(struct plxdma_card *card, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t *value)
{
	if (!card || !value)
		return failure_argument(card, __func__, no_value);
	return bar_access(card, 0, bar, offset, width, value, __func__);
}

int plxdma_poke(struct plxdma_card *card, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t value)
{
	if (!card)
		return failure_argument(card, __func__, no_card);
	return bar_access(card, 1, bar, offset, width, &value, __func__);
}

static int config(struct plxdma_card *card, int write, unsigned int offset,
		  unsigned int width, uint32_t *value, const char *function)
{
	struct error error;

	failure_begin(&error);
	return failure_end(
		card,
		card->ops->config(card, write, offset, width, value, &error),
		&error, function);
}

int plxdma_config_read(struct plxdma_card *card, unsigned int offset,
		       unsigned int width, uint32_t *value)
{
	if (!card || !value)
		return failure_argument(card, __func__, no_value);
	return config(card, 0, offset, width, value, __func__);
}

int plxdma_config_write(struct plxdma_card *card, unsigned int offset,
			unsigned int width, uint32_t value)
{
	if (!card)
		return failure_argument(card, __func__, no_card);
	return config(card, 1, offset, width, &value, __func__);
}

static unsigned int mailbox_offset(unsigned int index)
{
	return (index < 2 ? MAILBOX_ALIAS : MAILBOX) + 4 * index;
}

int plxdma_mailbox_read(struct plxdma_card *card, unsigned int index,
			uint32_t *value)
{
	if (!card || !value)
		return failure_argument(card, __func__, no_value);
	if (index >= MAILBOXES)
		return failure_argument(card, __func__, "mailboxes are 0 to 7");
	return reg(card, 0, mailbox_offset(index), 32, value, __func__);
}

int plxdma_mailbox_write(struct plxdma_card *card, unsigned int index,
			 uint32_t value)
{
	if (!card)
		return failure_argument(card, __func__, no_card);
	if (index >= MAILBOXES)
		return failure_argument(card, __func__, "mailboxes are 0 to 7");
	return reg(card, 1, mailbox_offset(index), 32, &value, __func__);
}

int plxdma_doorbell_ring(struct plxdma_card *card, uint32_t bits)
{
	if (!card)
		return failure_argument(card, __func__, no_card);
	return reg(card, 1, DOORBELL_TO_LOCAL, 32, &bits, __func__);
}

static int eeprom(struct plxdma_card *card, int write, unsigned int offset,
		  uint16_t *words, unsigned int count, const char *function)
{
	struct error error;

	failure_begin(&error);
	return failure_end(
		card,
		card->ops->eeprom(card, write, offset, words, count, &error),
		&error, function);
}

int plxdma_eeprom_read(struct plxdma_card *card, unsigned int offset,
		       uint16_t *words, unsigned int count)
{
	if (!card || (!words && count))
		return failure_argument(card, __func__,
					"needs a card and a place for the "
					"words");
	if (offset % 2)
		return failure_argument(card, __func__,
					"the offset counts bytes and must be "
					"even");
	return eeprom(card, 0, offset, words, count, __func__);
}

int plxdma_eeprom_write(struct plxdma_card *card, unsigned int offset,
			const uint16_t *words, unsigned int count,
			uint32_t guard)
{
	static const struct error refused = {
		"plxdma_eeprom_write: refused without the guard "
		"PLXDMA_EEPROM_I_MEAN_IT: a wrong image can make a card "
		"unbootable"};

	if (!card || (!words && count))
		return failure_argument(card, __func__,
					"needs a card and words");
	if (offset % 4 || count % 2)
		return failure_argument(card, __func__,
					"the offset must be a multiple of 4 "
					"and the number of words even");
	if (guard != PLXDMA_EEPROM_I_MEAN_IT)
		return failure_keep(card, -EPERM, &refused, __func__);
	/* The front only reads words when it writes the EEPROM. */
	return eeprom(card, 1, offset, (uint16_t *)(uintptr_t)words, count,
		      __func__);
}
