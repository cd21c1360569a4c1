/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EEPROM behind CNTRL, bit by bit (chip ref. 6.3), and by VPD (6.4).
 */
#ifndef EEPROM_H
#define EEPROM_H

#include "card.h"

/* What is special about one way of driving the lines. */
struct lines {
	bool data_in_low;     /* EEDI = 0 while data is clocked out */
	bool output_disabled; /* 9056 and later: CNTRL[31] = 0 */
};

/* One 16-bit word; dummy, if not NULL, takes the bit before its data. */
uint16_t prom_read(struct card *card, unsigned int word,
		   const struct lines *lines, int *dummy);
/* count words by one command. */
void prom_read_on(struct card *card, unsigned int word, uint16_t *data,
		  unsigned int count);
/* Between EWEN and EWDS, waits until the device is ready. */
void prom_write(struct card *card, unsigned int word, uint16_t data);
void prom_enable(struct card *card);
void prom_disable(struct card *card);
/* The write command alone; whether the device told busy, then ready. */
bool prom_write_only(struct card *card, unsigned int word, uint16_t data);
/* Both words of an Lword at a byte offset, high word first. */
uint32_t prom_lword(struct card *card, unsigned int offset);
void prom_set_lword(struct card *card, unsigned int offset, uint32_t value);
/* 0Ch[23:16] = 0: nothing is protected. */
void prom_unprotect(struct card *card);
/* CNTRL[29] 0 -> 1 -> 0. */
void prom_reload(struct card *card);

/* False if the flag did not change in time. */
bool vpd_read(struct card *card, unsigned int offset, uint32_t *value);
bool vpd_write(struct card *card, unsigned int offset, uint32_t value);

#endif
