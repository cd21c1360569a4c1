/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A command is a start bit, an opcode and an address, MSB first, shifted in at
 * rising clocks.
 */
#include "channel.h"
#include "eeprom.h"

#define CLOCK	      0x01000000u
#define SELECT	      0x02000000u
#define DATA_IN	      0x04000000u
#define DATA_OUT      0x08000000u
#define RELOAD	      0x20000000u
#define OUTPUT_ENABLE 0x80000000u

/* As 9-bit commands; longer ones have more address bits (chip ref. 6.3). */
enum { READ = 0x180, WRITE = 0x140, EWEN = 0x130, EWDS = 0x100 };

/* Everything of CNTRL but the lines stays as it is. */
static void drive(struct card *card, uint32_t lines)
{
	uint32_t keep =
		reg(card, CNTRL) & ~(CLOCK | SELECT | DATA_IN | OUTPUT_ENABLE);

	reg_set(card, CNTRL, keep | lines);
}

static void shift(struct card *card, unsigned int value, int bits)
{
	uint32_t data;

	while (bits--) {
		data = value >> bits & 1 ? DATA_IN : 0;
		drive(card, SELECT | data);
		drive(card, SELECT | data | CLOCK);
	}
}

/* A 9080 has the small device, 6 address bits (chip ref. 6.1). */
static int command_bits(struct card *card)
{
	return reg(card, PCIHIDR) == 0x908010B5 ? 9 : 11;
}

static void command(struct card *card, unsigned int code, unsigned int word)
{
	int bits = command_bits(card);

	drive(card, 0);
	drive(card, SELECT);
	shift(card, code << (bits - 9) | word, bits);
}

static void release(struct card *card)
{
	drive(card, SELECT);
	drive(card, 0);
}

static bool has_output_enable(struct card *card)
{
	uint32_t id = reg(card, PCIHIDR);

	return id == 0x905610B5 || id == 0x965610B5;
}

static uint32_t read_lines(struct card *card, const struct lines *lines)
{
	uint32_t held = SELECT | DATA_IN;

	if (lines && lines->data_in_low)
		held &= ~DATA_IN;
	if (has_output_enable(card) && !(lines && lines->output_disabled))
		held |= OUTPUT_ENABLE;
	return held;
}

static uint16_t clock_out(struct card *card, uint32_t held)
{
	unsigned int value = 0;
	int i;

	for (i = 0; i < 16; i++) {
		drive(card, held);
		drive(card, held | CLOCK);
		value = value << 1 | !!(reg(card, CNTRL) & DATA_OUT);
	}
	return (uint16_t)value;
}

uint16_t prom_read(struct card *card, unsigned int word,
		   const struct lines *lines, int *dummy)
{
	uint32_t held = read_lines(card, lines);
	uint16_t data;

	command(card, READ, word);
	drive(card, held | CLOCK);
	if (dummy)
		*dummy = !!(reg(card, CNTRL) & DATA_OUT);
	data = clock_out(card, held);
	release(card);
	return data;
}

void prom_read_on(struct card *card, unsigned int word, uint16_t *data,
		  unsigned int count)
{
	uint32_t held = read_lines(card, NULL);
	unsigned int i;

	command(card, READ, word);
	for (i = 0; i < count; i++)
		data[i] = clock_out(card, held);
	release(card);
}

void prom_enable(struct card *card)
{
	command(card, EWEN, 0);
	release(card);
}

void prom_disable(struct card *card)
{
	command(card, EWDS, 0);
	release(card);
}

bool prom_write_only(struct card *card, unsigned int word, uint16_t data)
{
	uint32_t held = read_lines(card, NULL);
	bool ready = false;
	int i;

	command(card, WRITE, word);
	shift(card, data, 16);
	drive(card, 0);
	drive(card, held);
	for (i = 0; i < 20000 && !ready; i++)
		ready = reg(card, CNTRL) & DATA_OUT;
	release(card);
	return ready;
}

void prom_write(struct card *card, unsigned int word, uint16_t data)
{
	prom_enable(card);
	ck_assert(prom_write_only(card, word, data));
	prom_disable(card);
}

uint32_t prom_lword(struct card *card, unsigned int offset)
{
	uint16_t words[2];

	prom_read_on(card, offset / 2, words, 2);
	return (uint32_t)words[0] << 16 | words[1];
}

void prom_set_lword(struct card *card, unsigned int offset, uint32_t value)
{
	prom_write(card, offset / 2, (uint16_t)(value >> 16));
	prom_write(card, offset / 2 + 1, (uint16_t)value);
}

void prom_unprotect(struct card *card)
{
	reg_set(card, BIGEND, reg(card, BIGEND) & 0xFF00FFFF);
}

void prom_reload(struct card *card)
{
	uint32_t cntrl = reg(card, CNTRL);

	reg_set(card, CNTRL, cntrl | RELOAD);
	reg_set(card, CNTRL, cntrl & ~RELOAD);
}

static bool vpd_flag_becomes(struct card *card, unsigned int flag)
{
	uint64_t end = now_ns() + 100000000u;

	while ((config16(card, PCI_VPD_ADDRESS) & 0x8000) != flag)
		if (now_ns() > end)
			return false;
	return true;
}

bool vpd_read(struct card *card, unsigned int offset, uint32_t *value)
{
	config16_set(card, PCI_VPD_ADDRESS, offset);
	if (!vpd_flag_becomes(card, 0x8000))
		return false;
	*value = config(card, PCI_VPD_DATA);
	return true;
}

bool vpd_write(struct card *card, unsigned int offset, uint32_t value)
{
	config_set(card, PCI_VPD_DATA, value);
	config16_set(card, PCI_VPD_ADDRESS, offset | 0x8000);
	return vpd_flag_becomes(card, 0);
}
