/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a configuration EEPROM holds: from the card, from a file, to a file.
 *
 * A file holds the words as the EEPROM shifts them out, each with its high
 * byte first.
 */
#ifndef CLI_EEPROM_IMAGE_H
#define CLI_EEPROM_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <plxdma/plxdma.h>

#define EEPROM_WORDS 256 /* 93CS66 (chip ref. 6.1) */

struct eeprom_image {
	uint16_t words[EEPROM_WORDS];
	unsigned int count;
	unsigned int chips; /* NAMES_... of chip/names.h */
};

/* The dword at a byte offset: its high word comes first. */
uint32_t eeprom_image_dword(const struct eeprom_image *image,
			    unsigned int offset);

/* These complain themselves and return an exit code of cli.h. */

/* @size bytes, 0 for what the chip loads. */
int eeprom_image_read(struct plxdma_card *card, unsigned int size,
		      struct eeprom_image *image);
/* Not over an existing file if @exclusive. */
int eeprom_image_save(const struct eeprom_image *image, const char *path,
		      bool exclusive);
int eeprom_image_load(struct eeprom_image *image, const char *path);

#endif
