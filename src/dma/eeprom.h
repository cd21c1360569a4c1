/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The two ways to the configuration EEPROM (chip ref. 6.3, 6.4).
 *
 * Both move 16-bit words by word address.  Which one works is a matter of the
 * chip's revision, see eeprom.c.
 */
#ifndef DMA_EEPROM_H
#define DMA_EEPROM_H

#include <stdint.h>

struct family;
struct transport;

struct eeprom {
	struct transport *transport;
	const struct family *family;
};

/* While held no EEPROM is accessed: for whoever changes what CNTRL, which is
 * its wires, says besides. */
void eeprom_hold(void);
void eeprom_let_go(void);

/* Bit by bit through CNTRL.  Return: 0 or -EIO. */
int eeprom_wire_read(const struct eeprom *eeprom, unsigned int address,
		     uint16_t *word);
int eeprom_wire_write(const struct eeprom *eeprom, unsigned int address,
		      uint16_t word);

/* Through the capability in configuration space, which moves the Lword that a
 * word is half of.  Return: 0 or -EIO. */
int eeprom_vpd_read(const struct eeprom *eeprom, unsigned int address,
		    uint16_t *word);
int eeprom_vpd_write(const struct eeprom *eeprom, unsigned int address,
		     uint16_t word);

#endif
