/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two wires, as an I2C bus: a PCF8574 port at 42h and a 24C64 EEPROM at A0h.
 *
 * Data is taken at the rising edge of SCL, and changed after the falling one.
 * SDA that falls while SCL is high begins a message, SDA that rises ends it.
 */
#include "boards/digitizer_line.h"

#include <string.h>

#define ADDRESS_PORT   0x42
#define ADDRESS_EEPROM 0xa0

void line_open(struct line *line, unsigned int reads)
{
	memset(line, 0, sizeof(*line));
	memset(line->eeprom, 0xff, sizeof(line->eeprom));
	line->reads_wanted = reads;
	line->reads = reads;
	line->pins = LINE_SDA | LINE_SCL;
	line->sda = true;
	line->scl = true;
}

static bool line_sda(const struct line *line)
{
	if (line->pull)
		return false;
	return !(line->pins & LINE_DRIVE) || line->pins & LINE_SDA;
}

static void line_begin(struct line *line)
{
	line->talking = true;
	line->sending = false;
	line->pull = false;
	line->part = PART_NONE;
	line->bits = 0;
	line->bytes = 0;
	line->shift = 0;
}

static void line_end(struct line *line)
{
	line->talking = false;
	line->pull = false;
}

static uint8_t part_byte(struct line *line)
{
	if (line->part == PART_PORT)
		return line->port;
	return line->eeprom[line->address++ % LINE_EEPROM_SIZE];
}

/* The first byte of a message says who is meant, and the direction. */
static bool part_called(struct line *line, uint8_t byte)
{
	if ((byte & 0xfe) == ADDRESS_PORT)
		line->part = PART_PORT;
	else if ((byte & 0xfe) == ADDRESS_EEPROM)
		line->part = PART_EEPROM;
	else
		return false;
	line->sending = byte & 1;
	return true;
}

/* A whole byte came.  Return: whether it is acknowledged. */
static bool part_takes(struct line *line, uint8_t byte)
{
	unsigned int place = line->bytes++;

	if (!place)
		return part_called(line, byte);
	if (line->part == PART_PORT)
		return true; /* its pins are inputs */
	if (place == 1)
		line->address = (uint16_t)(byte << 8);
	else if (place == 2)
		line->address |= byte;
	else
		line->eeprom[line->address++ % LINE_EEPROM_SIZE] = byte;
	return true;
}

static void line_rises(struct line *line)
{
	bool acknowledged = !line->sda;

	line->bits++;
	if (line->bits <= 8) {
		if (!line->sending || line->bytes == 0)
			line->shift = (uint8_t)(line->shift << 1 | line->sda);
		return;
	}
	/* The ninth: whoever took the byte has its say. */
	if (line->sending && line->bytes > 1 && !acknowledged)
		line->talking = false;
}

/* After the eighth bit of a byte that the host sent. */
static void line_answer(struct line *line)
{
	line->pull = part_takes(line, line->shift);
	if (!line->pull)
		line->talking = false;
}

/* The next bit of a byte that a part sends. */
static void line_send(struct line *line)
{
	if (line->bits == 0) {
		line->shift = part_byte(line);
		line->bytes++;
	}
	line->pull = !(line->shift & 0x80);
	line->shift = (uint8_t)(line->shift << 1);
}

static void line_falls(struct line *line)
{
	bool sent = line->sending && line->bytes > 1;

	if (line->bits == 8 && !sent) {
		line_answer(line);
		return;
	}
	if (line->bits == 9)
		line->bits = 0;
	line->pull = false;
	if (line->sending && line->talking && line->bits < 8)
		line_send(line);
}

/* An edge of SCL, unless it comes too early for the parts. */
static void line_clock(struct line *line, bool scl)
{
	if (line->reads < line->reads_wanted) {
		line->missed++;
		return;
	}
	line->reads = 0;
	line->scl = scl;
	if (!line->talking)
		return;
	if (scl)
		line_rises(line);
	else
		line_falls(line);
}

void line_write(struct line *line, uint32_t pins)
{
	bool scl = pins & LINE_SCL, before = line->sda;

	line->pins = pins & (LINE_SDA | LINE_SCL | LINE_DRIVE);
	line->sda = line_sda(line);
	if (scl != line->scl) {
		line_clock(line, scl);
	} else if (scl && before && !line->sda) {
		line_begin(line);
	} else if (scl && !before && line->sda) {
		line_end(line);
	}
	line->sda = line_sda(line);
}

uint32_t line_read(struct line *line)
{
	line->reads++;
	return (line->pins & ~LINE_SDA) | (line_sda(line) ? LINE_SDA : 0);
}
