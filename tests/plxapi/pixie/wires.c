/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two wires, driven bit by bit through one register, and timed by reads of
 * it: so many take as long as the parts need.
 */
#include "module.h"

#define SDA 0x1u
#define SCL 0x2u
#define DRIVE 0x4u
#define HALF_US 10.0 /* 100 kHz */
#define PORT_READ 0x43
#define EEPROM_WRITE 0xa0
#define EEPROM_READ 0xa1

static void pins(const struct module *module, uint32_t value)
{
	unsigned int reads = (unsigned int)(HALF_US / module->read_us) + 2;

	module_write(module, LINE, value);
	while (reads--)
		(void)module_read(module, LINE);
}

static void start(const struct module *module)
{
	pins(module, SDA | SCL | DRIVE);
	pins(module, SCL | DRIVE);
}

static void stop(const struct module *module)
{
	uint32_t now = module_read(module, LINE) & (SDA | SCL | DRIVE);

	if (now == (SDA | SCL | DRIVE))
		return;
	pins(module, SCL | DRIVE);
	pins(module, SDA | SCL | DRIVE);
}

static int acknowledged(const struct module *module)
{
	uint32_t value;

	pins(module, SCL);
	value = module_read(module, LINE);
	pins(module, 0);
	return !(value & SDA);
}

static int byte_send(struct module *module, unsigned int byte)
{
	uint32_t data = 0;
	int bit;

	for (bit = 7; bit >= 0; bit--) {
		pins(module, DRIVE | data);
		data = byte >> bit & 1 ? SDA : 0;
		pins(module, DRIVE | data);
		pins(module, DRIVE | SCL | data);
	}
	pins(module, data);
	if (acknowledged(module))
		return 0;
	stop(module);
	return module_fail(module, "no acknowledge of %#x", byte);
}

static unsigned char byte_receive(const struct module *module, int more)
{
	unsigned int byte = 0;
	int bit;

	for (bit = 7; bit >= 0; bit--) {
		pins(module, SCL);
		if (module_read(module, LINE) & SDA)
			byte |= 1u << bit;
		pins(module, 0);
	}
	if (more) {
		pins(module, DRIVE);
		pins(module, SCL | DRIVE);
	} else {
		pins(module, DRIVE);
		pins(module, SDA | DRIVE);
		pins(module, SDA | SCL | DRIVE);
	}
	pins(module, 0);
	return (unsigned char)byte;
}

int wires_port(struct module *module, unsigned char *byte)
{
	start(module);
	if (byte_send(module, PORT_READ))
		return -1;
	*byte = byte_receive(module, 0);
	stop(module);
	return 0;
}

int wires_eeprom(struct module *module, unsigned char *bytes, size_t count)
{
	size_t i;

	start(module);
	if (byte_send(module, EEPROM_WRITE) || byte_send(module, 0) ||
	    byte_send(module, 0))
		return -1;
	start(module);
	if (byte_send(module, EEPROM_READ))
		return -1;
	for (i = 0; i < count; i++)
		bytes[i] = byte_receive(module, i + 1 < count);
	stop(module);
	return 0;
}
