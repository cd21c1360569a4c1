/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM: which way to it works, and what must surround a
 * write.
 *
 * Whatever is written is read back.  The write protection of what lies below
 * PROT_AREA is lifted for the write and put back after it.  One lock for all
 * cards: the wires are bits of CNTRL, which is read and written back, and two
 * EEPROMs at once is nothing that anybody waits for.
 */
#include "dma/eeprom.h"

#include <errno.h>
#include <pthread.h>

#include "chip/eeprom.h"
#include "chip/family.h"
#include "chip/plx9054.h"
#include "dma/card.h"

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct way {
	const char *name;
	int (*read)(const struct eeprom *eeprom, unsigned int address,
		    uint16_t *word);
	int (*write)(const struct eeprom *eeprom, unsigned int address,
		     uint16_t word);
};

static const struct way ways[] = {
	[FAMILY_EEPROM_CNTRL] = {"CNTRL", eeprom_wire_read, eeprom_wire_write},
	[FAMILY_EEPROM_VPD] = {"VPD", eeprom_vpd_read, eeprom_vpd_write},
};

static int eeprom_find(struct transport *transport, struct eeprom *eeprom,
		       struct error *error)
{
	const struct transport_ops *ops = transport->ops;
	uint32_t hidr = ops->reg_read(transport, PLX_PCIHIDR, 32);

	eeprom->transport = transport;
	eeprom->family = family_find(hidr);
	if (!eeprom->family)
		return error_set(error, -ENODEV,
				 "EEPROM: PCIHIDR %#010x is no chip that this "
				 "library knows (all ones: the card is gone)",
				 hidr);
	if (!(ops->reg_read(transport, PLX_CNTRL, 32) &
	      PLX_CNTRL_EEPROM_PRESENT))
		return error_set(error, -ENODEV,
				 "EEPROM: the card has none (CNTRL bit 28)");
	return 0;
}

static const struct way *way_find(const struct eeprom *eeprom)
{
	struct transport *transport = eeprom->transport;
	uint32_t hrev = transport->ops->reg_read(transport, PLX_PCIHREV, 8);
	uint32_t revision =
		transport->ops->config_read(transport, PLX_CFG_REVISION, 8);

	return &ways[family_eeprom_way(eeprom->family, (uint8_t)hrev,
				       (uint8_t)revision)];
}

static int words_read(const struct eeprom *eeprom, const struct way *way,
		      unsigned int offset, uint16_t *words, unsigned int count,
		      struct error *error)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (way->read(eeprom, offset / 2 + i, &words[i]))
			return error_set(error, -EIO,
					 "EEPROM: no answer at byte %#x "
					 "through %s (on a 9054 AA this often "
					 "fails: try again)",
					 offset + 2 * i, way->name);
	return 0;
}

static int word_write(const struct eeprom *eeprom, const struct way *way,
		      unsigned int address, uint16_t word, struct error *error)
{
	uint16_t back = 0;

	if (way->write(eeprom, address, word) ||
	    way->read(eeprom, address, &back))
		return error_set(error, -EIO,
				 "EEPROM: byte %#x wasn't written through %s: "
				 "no answer.  Write the image again before the "
				 "next power-on",
				 2 * address, way->name);
	if (back != word)
		return error_set(error, -EIO,
				 "EEPROM: byte %#x reads back %#06x instead of "
				 "%#06x.  Write the image again before the "
				 "next power-on",
				 2 * address, back, word);
	return 0;
}

static int words_write(const struct eeprom *eeprom, const struct way *way,
		       unsigned int offset, const uint16_t *words,
		       unsigned int count, struct error *error)
{
	struct transport *transport = eeprom->transport;
	uint32_t protected = 0;
	unsigned int i;
	int result = 0;

	if (eeprom->family->prot_area) {
		protected =
			transport->ops->reg_read(transport, PLX_PROT_AREA, 8);
		transport->ops->reg_write(transport, PLX_PROT_AREA, 8, 0);
	}
	for (i = 0; i < count && !result; i++)
		result = word_write(eeprom, way, offset / 2 + i, words[i],
				    error);
	if (eeprom->family->prot_area)
		transport->ops->reg_write(transport, PLX_PROT_AREA, 8,
					  protected);
	return result;
}

static int eeprom_access(struct transport *transport, int write,
			 unsigned int offset, uint16_t *words,
			 unsigned int count, struct error *error)
{
	struct eeprom eeprom;
	const struct way *way;
	int result = eeprom_find(transport, &eeprom, error);

	if (result)
		return result;
	if (!eeprom_in_range(eeprom.family, offset, count))
		return error_set(error, -ERANGE,
				 "EEPROM: %u words from byte %#x on are more "
				 "than this chip's commands can name",
				 count, offset);
	way = way_find(&eeprom);
	return write ? words_write(&eeprom, way, offset, words, count, error)
		     : words_read(&eeprom, way, offset, words, count, error);
}

void eeprom_hold(void)
{
	pthread_mutex_lock(&one_at_a_time);
}

void eeprom_let_go(void)
{
	pthread_mutex_unlock(&one_at_a_time);
}

int dma_card_eeprom(struct dma_card *card, int write, unsigned int offset,
		    uint16_t *words, unsigned int count, struct error *error)
{
	int result;

	if (turn_access_begin(card))
		return error_set(error, -EAGAIN,
				 "EEPROM: a recipe's steps or a batch are "
				 "under way");
	eeprom_hold();
	result = eeprom_access(dma_card_transport(card), write, offset, words,
			       count, error);
	eeprom_let_go();
	turn_access_end(card);
	return result;
}
