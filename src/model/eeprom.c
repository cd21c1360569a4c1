/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM behind CNTRL: a 93CS56, bit by bit (chip ref. 6).
 *
 * The part sees EECS, EESK and EEDI as CNTRL is written and answers on EEDO.
 * A command is a start bit, two bits of opcode and the address; the 9080's
 * 93CS46 has six address bits, the others eight.
 */
#include <string.h>

#include "model/card.h"

#define BUSY_READS 10 /* of CNTRL, until a write is over */

enum phase { PHASE_START, PHASE_COMMAND, PHASE_READ, PHASE_WRITE, PHASE_DONE };

enum opcode { OPCODE_EXTRA, OPCODE_WRITE, OPCODE_READ, OPCODE_ERASE };

static unsigned int address_bits(const struct model *m)
{
	return m->chip->chip == CHIP_9080 ? 6 : 8;
}

static unsigned int words_of(const struct model *m)
{
	return 1u << address_bits(m);
}

uint16_t eeprom_word(const struct model *m, unsigned int word)
{
	return m->eeprom.words[word % words_of(m)];
}

/* The high word comes first. */
uint32_t eeprom_lword(const struct model *m, unsigned int offset)
{
	return (uint32_t)eeprom_word(m, offset / 2) << 16 |
	       eeprom_word(m, offset / 2 + 1);
}

bool eeprom_blank(const struct model *m)
{
	return m->eeprom.words[0] == 0xffff;
}

/* PROT_AREA counts Lwords (chip ref. 2.3). */
static bool is_protected(const struct model *m, unsigned int word)
{
	uint32_t boundary = reg_get(m, PLX_BIGEND) >> 16 & PLX_PROT_AREA_MASK;

	if (m->chip->chip == CHIP_9080)
		return false;
	return word / 2 < boundary;
}

/* The chip's own write, through VPD. */
void eeprom_store_lword(struct model *m, unsigned int offset, uint32_t value)
{
	unsigned int word = offset / 2 % words_of(m) & ~1u;

	if (!m->eeprom.present || is_protected(m, word))
		return;
	m->eeprom.words[word] = (uint16_t)(value >> 16);
	m->eeprom.words[word + 1] = (uint16_t)value;
}

static void program(struct model *m, unsigned int word, uint16_t value)
{
	struct eeprom *e = &m->eeprom;

	if (!e->write_enabled)
		return;
	if (is_protected(m, word) &&
	    switch_value(m, SWITCH_EEPROM_PROTECT) == 0)
		return;
	e->words[word] = value;
}

/* Opcode 00: the two upper bits of the address say what. */
static void extra_command(struct model *m, unsigned int address)
{
	struct eeprom *e = &m->eeprom;

	e->phase = PHASE_DONE;
	switch (address >> (address_bits(m) - 2)) {
	case 0:
		e->write_enabled = false;
		break;
	case 3:
		e->write_enabled = true;
		break;
	case 1:
		e->phase = PHASE_WRITE;
		break;
	default:
		break;
	}
}

static void command_complete(struct model *m)
{
	struct eeprom *e = &m->eeprom;
	unsigned int bits = address_bits(m);

	e->opcode = e->shift >> bits & 3;
	e->address = e->shift & ((1u << bits) - 1);
	e->shift = 0;
	e->bits = 0;
	switch (e->opcode) {
	case OPCODE_READ:
		e->phase = PHASE_READ;
		e->out_bit = false; /* the dummy bit */
		break;
	case OPCODE_WRITE:
		e->phase = PHASE_WRITE;
		break;
	case OPCODE_ERASE:
		e->phase = PHASE_DONE;
		program(m, e->address, 0xffff);
		break;
	default:
		extra_command(m, e->address);
		break;
	}
}

/* Words follow one another for as long as EESK goes on. */
static void shift_out(struct model *m)
{
	struct eeprom *e = &m->eeprom;
	uint16_t word = eeprom_word(m, e->address + e->bits / 16);

	e->out_bit = word >> (15 - e->bits % 16) & 1;
	e->bits++;
}

/* EESK rises while the part is selected. */
static void clock_in(struct model *m, bool bit)
{
	struct eeprom *e = &m->eeprom;

	switch (e->phase) {
	case PHASE_START:
		e->out_bit = true;
		if (bit)
			e->phase = PHASE_COMMAND;
		break;
	case PHASE_COMMAND:
		e->shift = e->shift << 1 | bit;
		if (++e->bits == address_bits(m) + 2)
			command_complete(m);
		break;
	case PHASE_READ:
		shift_out(m);
		break;
	case PHASE_WRITE:
		e->shift = e->shift << 1 | bit;
		e->bits++;
		break;
	default:
		break;
	}
}

/* A write begins when the part is deselected behind its last bit. */
static void deselect(struct model *m)
{
	struct eeprom *e = &m->eeprom;

	if (e->phase == PHASE_WRITE && e->bits == 16) {
		if (e->opcode == OPCODE_WRITE)
			program(m, e->address, (uint16_t)e->shift);
		else
			for (unsigned int i = 0; i < words_of(m); i++)
				program(m, i, (uint16_t)e->shift);
		e->busy = BUSY_READS;
	}
	e->phase = PHASE_START;
	e->bits = 0;
	e->shift = 0;
	e->out_bit = true;
}

/* CNTRL was written. */
void eeprom_pins(struct model *m, uint32_t before, uint32_t after)
{
	uint32_t risen = after & ~before;

	if (!m->eeprom.present || switch_value(m, SWITCH_EEPROM_CNTRL))
		return;
	if (!(after & PLX_CNTRL_EECS)) {
		if (before & PLX_CNTRL_EECS)
			deselect(m);
		return;
	}
	if (risen & PLX_CNTRL_EESK)
		clock_in(m, after & PLX_CNTRL_EEDI);
}

/* Reads want EEDI = 1 (9054) or EEDO's enable (9056) (chip ref. 6.3). */
static bool readable(const struct model *m)
{
	uint32_t cntrl = reg_get(m, PLX_CNTRL);

	if (switch_value(m, SWITCH_EEDI_READ) || m->chip->chip == CHIP_9080)
		return true;
	if (m->chip->is_9056)
		return cntrl & PLX_CNTRL_EEDO_ENABLE;
	return m->eeprom.phase != PHASE_READ || cntrl & PLX_CNTRL_EEDI;
}

/* EEDO, when CNTRL is read; an open line floats high. */
bool eeprom_out(struct model *m)
{
	struct eeprom *e = &m->eeprom;

	if (!e->present || switch_value(m, SWITCH_EEPROM_CNTRL) ||
	    !(reg_get(m, PLX_CNTRL) & PLX_CNTRL_EECS))
		return true;
	if (!readable(m))
		return false;
	if (e->busy && e->phase == PHASE_START) {
		e->busy--;
		return false;
	}
	return e->out_bit;
}
