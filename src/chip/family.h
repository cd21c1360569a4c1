/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each chip of the family can, as a table.
 *
 * A chip is known by its hard-wired PCIHIDR, never by its configurable device
 * ID (chip ref. 1.1).  The driver asks this table instead of comparing chip
 * numbers, so that a new personality is one row.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include <stdint.h>

struct family {
	const char *name;
	uint32_t hidr;
	uint32_t regs_size;	/* of BAR0 */
	uint32_t mode_writable;	/* bits of DMAMODE that exist */
	uint16_t eeprom_size;	/* bytes that the chip loads */
	uint8_t eeprom_bits;	/* of an EEPROM command */
	uint8_t demand;		/* channels with DREQ#, one bit each */
	unsigned int supported : 1;
	unsigned int dac : 1;	/* 64-bit bus addresses by DMADAC */
	unsigned int capabilities : 1; /* PM, hot swap, VPD */
	unsigned int prot_area : 1;    /* EEPROM write protection */
	unsigned int eedo_enable : 1;  /* CNTRL[31] while reading the EEPROM */
	/* Silicon that needs care (chip ref. 3.3, 7.2). */
	unsigned int zero_chain : 1;	/* PADR, LADR, SIZ before a chain */
	unsigned int abort_dummy : 1;	/* E8: zero-byte transfer after abort */
	unsigned int errata_9080 : 1;	/* E3, E4, E11, E21, E22 */
};

enum family_eeprom {
	FAMILY_EEPROM_CNTRL,
	FAMILY_EEPROM_VPD,
};

/* The row of a PCIHIDR, NULL for a chip of another family. */
const struct family *family_find(uint32_t hidr);

/* "PEX 8311" is a 9056 but for its subsystem ID. */
const char *family_name(const struct family *family, uint32_t subsystem);

/* The way to the EEPROM that works: @hrev is PCIHREV, @revision that of
 * configuration space (chip ref. 6.4). */
enum family_eeprom family_eeprom_way(const struct family *family, uint8_t hrev,
				     uint8_t revision);

#endif
