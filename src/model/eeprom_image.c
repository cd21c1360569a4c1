/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in the EEPROM at power-on: the default board's image, or a file of
 * the bytes in the order in which the part shifts them out (chip ref. 6.2).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/card.h"

static void put(struct model *m, unsigned int offset, uint32_t value)
{
	m->eeprom.words[offset / 2] = (uint16_t)(value >> 16);
	m->eeprom.words[offset / 2 + 1] = (uint16_t)value;
}

/* The mask of a range of that size. */
static uint32_t range(uint32_t size)
{
	return ~(size - 1) & PLX_LASRR_RANGE_MASK;
}

static uint32_t width_code(unsigned int width)
{
	return width == 8 ? 0 : width == 16 ? 1 : 3;
}

/* One BAR off, or showing what the board says. */
static void put_space(struct model *m, unsigned int n,
		      const struct plxdma_board_space *space)
{
	unsigned int lbrd = n ? PLX_EE_LBRD1 : PLX_EE_LBRD0;
	uint32_t descriptor = eeprom_lword(m, lbrd);

	put(m, n ? PLX_EE_LAS1BA : PLX_EE_LAS0BA,
	    space->size ? space->local | PLX_LASBA_ENABLE : 0);
	if (!space->size)
		return;
	put(m, n ? PLX_EE_LAS1RR : PLX_EE_LAS0RR, range(space->size));
	put(m, lbrd, (descriptor & ~3u) | width_code(space->width));
}

/* What a board that comes from a file says of itself. */
static void eeprom_identify(struct model *m,
			    const struct plxdma_board_identity *identity)
{
	if (identity->id)
		put(m, PLX_EE_ID, identity->id);
	if (identity->subsystem)
		put(m, PLX_EE_SUBSYSTEM, identity->subsystem);
	if (identity->class_revision)
		put(m, PLX_EE_CLASS_REVISION, identity->class_revision);
	put_space(m, 0, &identity->space[0]);
	put_space(m, 1, &identity->space[1]);
}

/* SRAM at BAR2, the board's registers at BAR3. */
static void eeprom_default(struct model *m)
{
	uint32_t device = m->chip->hidr >> 16;

	put(m, PLX_EE_ID, device << 16 | PLX_VENDOR);
	put(m, PLX_EE_CLASS_REVISION, 0x06800000u | m->chip->revision);
	put(m, PLX_EE_LATENCY_INT, 0x00000100);
	put(m, PLX_EE_MBOX0, 0);
	put(m, PLX_EE_MBOX1, 0);
	put(m, PLX_EE_LAS0RR, 0xfff00000);
	put(m, PLX_EE_LAS0BA, 0x20000000 | PLX_LASBA_ENABLE);
	put(m, PLX_EE_MARBR, PLX_MARBR_DELAYED_READ | PLX_MARBR_GIVE_UP);
	put(m, PLX_EE_BIGEND, 0x00300500);
	put(m, PLX_EE_EROMRR, 0);
	put(m, PLX_EE_EROMBA, 0);
	put(m, PLX_EE_LBRD0, 0x430300c3);
	put(m, PLX_EE_DMRR, 0);
	put(m, PLX_EE_DMLBAM, 0);
	put(m, PLX_EE_DMLBAI, 0);
	put(m, PLX_EE_DMPBAM, 0);
	put(m, PLX_EE_DMCFGA, 0);
	put(m, PLX_EE_SUBSYSTEM, device << 16 | PLX_VENDOR);
	put(m, PLX_EE_LAS1RR, 0xfffff000);
	put(m, PLX_EE_LAS1BA, 0x60000000 | PLX_LASBA_ENABLE);
	put(m, PLX_EE_LBRD1, 0x000001c3);
	put(m, PLX_EE_HOT_SWAP, m->chip->caps ? 0x00004c06 : 0);
	if (!m->chip->is_9056)
		return;
	put(m, PLX_EE_PCIARB, 0);
	put(m, PLX_EE_PMC, 0x00014801);
	put(m, PLX_EE_PMCSR, 0);
}

static int eeprom_load(struct model *m, const char *file, struct error *error)
{
	uint8_t bytes[2 * EEPROM_WORDS];
	FILE *stream = fopen(file, "rb");
	size_t size;

	if (!stream)
		return error_set(error, -errno, "model: eeprom=%s: %s", file,
				 strerror(errno));
	size = fread(bytes, 1, sizeof(bytes), stream);
	fclose(stream);
	if (size < 2 || size % 2)
		return error_set(error, -EINVAL,
				 "model: eeprom=%s: %zu bytes; an image is an "
				 "even number, up to %zu", file, size,
				 sizeof(bytes));
	for (size_t i = 0; i < size / 2; i++)
		m->eeprom.words[i] = (uint16_t)(bytes[2 * i] << 8 |
						bytes[2 * i + 1]);
	return 0;
}

/* @file: NULL for the default image, "blank", "none", or a file. */
int eeprom_open(struct model *m, const char *file, struct error *error)
{
	memset(m->eeprom.words, 0xff, sizeof(m->eeprom.words));
	m->eeprom.out_bit = true;
	m->eeprom.present = !file || strcmp(file, "none") != 0;
	if (!file)
		eeprom_default(m);
	if (!file && m->board.ops->identity)
		eeprom_identify(m, m->board.ops->identity);
	if (!file || !strcmp(file, "none") || !strcmp(file, "blank"))
		return 0;
	return eeprom_load(m, file, error);
}
