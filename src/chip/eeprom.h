/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM: what is where, and how a command for it looks on
 * the wires (chip ref. 6).
 *
 * Words are counted as the EEPROM does, 16 bits each; an Lword of the layout
 * is two of them, the high one first.
 */
#ifndef EEPROM_H
#define EEPROM_H

#include <stddef.h>
#include <stdint.h>

struct family;

struct eeprom_field {
	uint16_t offset;	/* bytes */
	uint16_t reg;		/* register that it is loaded into */
	uint8_t config;		/* 1: of configuration space */
	uint8_t extra;		/* 1: only by an extra long load, LBRD0[25] */
	const char *name;
};

enum eeprom_op {
	EEPROM_READ,
	EEPROM_WRITE,
	EEPROM_WRITE_ENABLE,
	EEPROM_WRITE_DISABLE,
};

/* The Lword at a byte offset, NULL where this chip loads nothing. */
const struct eeprom_field *eeprom_field(const struct family *family,
					unsigned int offset);

/* Does [offset, offset + 2 * words) lie in what commands of this chip can
 * address? */
int eeprom_in_range(const struct family *family, unsigned int offset,
		    unsigned int words);

/* Start bit, opcode and address as one number of family->eeprom_bits bits, to
 * be shifted out from the top. */
uint32_t eeprom_command(const struct family *family, enum eeprom_op op,
			unsigned int word);

/* CNTRL with the EEPROM's wires driven so; nothing else is changed, nothing is
 * reset, reloaded or cleared by it. */
uint32_t eeprom_wires(const struct family *family, uint32_t cntrl,
		      int select, int clock, int data);

/* An Lword of the layout from its two words. */
static inline uint32_t eeprom_lword(const uint16_t *words)
{
	return (uint32_t)words[0] << 16 | words[1];
}

/* A first word of all ones: blank, the chip keeps its defaults. */
static inline int eeprom_blank(uint16_t first)
{
	return first == 0xffff;
}

#endif
