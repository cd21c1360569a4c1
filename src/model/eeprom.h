/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM.
 */
#ifndef MODEL_EEPROM_H
#define MODEL_EEPROM_H

#include <stdbool.h>
#include <stdint.h>

#define EEPROM_WORDS 256 /* 93CS66; the 93CS56 answers the first half */

struct model;
struct error;

struct eeprom {
	bool present;
	uint16_t words[EEPROM_WORDS];
	/* The part's own state, clocked by EESK. */
	unsigned int phase;
	unsigned int bits;
	uint32_t shift;
	uint32_t address;
	unsigned int opcode;
	bool write_enabled, out_bit;
	unsigned int busy; /* CNTRL reads until a write is over */
	unsigned int vpd_uses;
};

/* eeprom.c, eeprom_image.c, vpd.c */
int eeprom_open(struct model *m, const char *file, struct error *error);
void eeprom_pins(struct model *m, uint32_t before, uint32_t after);
bool eeprom_out(struct model *m);
bool eeprom_blank(const struct model *m);
uint16_t eeprom_word(const struct model *m, unsigned int word);
uint32_t eeprom_lword(const struct model *m, unsigned int offset);
void eeprom_store_lword(struct model *m, unsigned int offset, uint32_t value);
void vpd_access(struct model *m);

#endif
