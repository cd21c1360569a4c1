/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two wires that the host bangs bit by bit in a register: SDA and SCL, with two
 * parts on them, a port that tells the slot and an EEPROM that tells the
 * module.
 *
 * The host times the wires by reading the register: a part misses an edge of
 * SCL that comes before the wire was read often enough.
 */
#ifndef BOARDS_DIGITIZER_LINE_H
#define BOARDS_DIGITIZER_LINE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_SDA   0x1u
#define LINE_SCL   0x2u
#define LINE_DRIVE 0x4u /* the host drives SDA; else it floats high */

#define LINE_EEPROM_SIZE 8192

enum line_part { PART_NONE, PART_PORT, PART_EEPROM };

struct line {
	/* What the register holds, and what the parts have seen of it. */
	uint32_t pins;
	bool sda, scl;
	unsigned int reads, reads_wanted;
	uint64_t missed; /* edges that came too early */

	enum line_part part;
	bool sending, talking;
	bool pull; /* a part pulls SDA low */
	unsigned int bits, bytes;
	uint8_t shift;
	uint16_t address;

	uint8_t port;
	uint8_t eeprom[LINE_EEPROM_SIZE];
};

/* @reads: register reads that an edge of SCL has to wait for. */
void line_open(struct line *line, unsigned int reads);
void line_write(struct line *line, uint32_t pins);
uint32_t line_read(struct line *line);

#endif
