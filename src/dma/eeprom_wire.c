/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EEPROM's wires, bit by bit through CNTRL (chip ref. 6.3).
 *
 * The EEPROM takes a bit at the rising clock and gives one after it.  Every
 * edge is flushed by a read and then lasts 2 us, as in the drivers that are
 * known to work: the parts in use want less than 1 MHz, slow ones 250 kHz.
 * This is not worth sleeping for (a whole image takes 6 ms), and it is
 * bounded.
 */
#include "dma/eeprom.h"

#include <errno.h>
#include <time.h>

#include "chip/eeprom.h"
#include "chip/family.h"
#include "chip/plx9054.h"
#include "transport/transport.h"

#define HALF_CLOCK_NS 2000u
#define WORD_BITS     16
/* A word is programmed in 10 ms at most; others wait 50 ms (chip ref. 6.3). */
#define PROGRAM_NS 50000000u
#define LOOK_NS	   20000u

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void delay(unsigned int ns)
{
	const uint64_t end = clock_ns() + ns;

	while (clock_ns() < end)
		;
}

static uint32_t cntrl_read(const struct eeprom *eeprom)
{
	struct transport *transport = eeprom->transport;

	return transport->ops->reg_read(transport, PLX_CNTRL, 32);
}

static void wires(const struct eeprom *eeprom, int select, int clock, int data)
{
	struct transport *transport = eeprom->transport;

	transport->ops->reg_write(transport, PLX_CNTRL, 32,
				  eeprom_wires(eeprom->family,
					       cntrl_read(eeprom), select,
					       clock, data));
	cntrl_read(eeprom); /* the delay begins when the write has arrived */
	delay(HALF_CLOCK_NS);
}

static void clock_pulse(const struct eeprom *eeprom, int data)
{
	wires(eeprom, 1, 0, data);
	wires(eeprom, 1, 1, data);
	wires(eeprom, 1, 0, data);
}

/* Dropping and raising select begins a command. */
static void select_again(const struct eeprom *eeprom)
{
	wires(eeprom, 0, 0, 0);
	wires(eeprom, 1, 0, 0);
}

static void deselect(const struct eeprom *eeprom)
{
	wires(eeprom, 0, 0, 0);
}

static void bits_send(const struct eeprom *eeprom, uint32_t value,
		      unsigned int bits)
{
	while (bits--)
		clock_pulse(eeprom, (int)(value >> bits & 1));
}

static void command_send(const struct eeprom *eeprom, enum eeprom_op op,
			 unsigned int address)
{
	select_again(eeprom);
	bits_send(eeprom, eeprom_command(eeprom->family, op, address),
		  eeprom->family->eeprom_bits);
}

static unsigned int data_out(const struct eeprom *eeprom)
{
	return (cntrl_read(eeprom) & PLX_CNTRL_EEDO) != 0;
}

int eeprom_wire_read(const struct eeprom *eeprom, unsigned int address,
		     uint16_t *word)
{
	unsigned int bit, value = 0;
	int result = 0;

	command_send(eeprom, EEPROM_READ, address);
	/* The 9054 wants EEDI high while it reads. */
	wires(eeprom, 1, 0, 1);
	/* A zero before the data says that the command was understood. */
	if (data_out(eeprom)) {
		result = -EIO;
		goto out_deselect;
	}
	for (bit = 0; bit < WORD_BITS; bit++) {
		clock_pulse(eeprom, 1);
		value = value << 1 | data_out(eeprom);
	}
	*word = (uint16_t)value;
out_deselect:
	deselect(eeprom);
	return result;
}

/* Selected again, the EEPROM holds its output low until it is done. */
static int program_await(const struct eeprom *eeprom)
{
	const uint64_t end = clock_ns() + PROGRAM_NS;
	int result = -EIO;

	select_again(eeprom);
	do {
		if (data_out(eeprom)) {
			result = 0;
			break;
		}
		delay(LOOK_NS);
	} while (clock_ns() < end);
	deselect(eeprom);
	return result;
}

int eeprom_wire_write(const struct eeprom *eeprom, unsigned int address,
		      uint16_t word)
{
	int result;

	command_send(eeprom, EEPROM_WRITE_ENABLE, 0);
	command_send(eeprom, EEPROM_WRITE, address);
	bits_send(eeprom, word, WORD_BITS);
	deselect(eeprom);
	result = program_await(eeprom);
	command_send(eeprom, EEPROM_WRITE_DISABLE, 0);
	deselect(eeprom);
	return result;
}
