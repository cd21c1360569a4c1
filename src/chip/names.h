/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registers by name, for people: what `plxdma regs` and `plxdma eeprom`
 * decode by.
 *
 * Pure tables, apart from the driver's own specification header: a slip here
 * misleads a reader and can't make a transfer go wrong, and the tool needs
 * nothing else of the library's inside.
 */
#ifndef CHIP_NAMES_H
#define CHIP_NAMES_H

#include <stdint.h>

/* Chips that have a register or a field. */
#define NAMES_9080 0x1u
#define NAMES_9054 0x2u
#define NAMES_9056 0x4u /* 9056, 9656, 8311 */
#define NAMES_ALL  (NAMES_9080 | NAMES_9054 | NAMES_9056)

/* Bits @low to @high of a register; a list ends with a NULL name. */
struct names_field {
	const char *name;
	uint8_t low;
	uint8_t high;
	uint8_t chips;
};

/* A register of BAR0, or a dword of the EEPROM; a list ends likewise. */
struct names_register {
	const char *name;
	uint16_t offset;
	uint8_t width; /* bits */
	uint8_t chips;
	const struct names_field *fields; /* NULL: a plain number */
	const char *meaning;
};

/* All registers, by offset (chip ref. 2.2). */
extern const struct names_register names_registers[];
/* The EEPROM's dwords, by byte offset (chip ref. 6.2). */
extern const struct names_register names_eeprom[];

/* NAMES_... of a chip by its hard-wired identity (chip ref. 1.1), those of a
 * 9054 if it is not known. */
unsigned int names_chip(uint32_t identity);

/* The register of that name, capitals or not; NULL if there is none. */
const struct names_register *names_find(const char *name, unsigned int chips);

/* Value of a field in a register's value. */
uint32_t names_extract(const struct names_field *field, uint32_t value);

#endif
