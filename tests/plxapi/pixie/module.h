/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A module of a crate, reached by the PLX SDK's calls alone: what the digitizer
 * board offers, in the order in which the software of Pixie-16 modules asks
 * for it.  plxdma-boards(7) has the registers.
 */
#ifndef TESTS_PIXIE_MODULE_H
#define TESTS_PIXIE_MODULE_H

#include <PlxApi.h>
#include <stddef.h>
#include <stdint.h>

enum module_register {
	CONFIG_DATA = 0x00,
	CONFIG_CONTROL = 0x04,
	CONFIG_STATUS = 0x08,
	VERSION = 0x0c,
	LINE = 0x10,
	CSR = 0x48,
	BUS_REQUEST = 0x80,
	BUS_DONE = 0x84,
	MEMORY_ADDRESS = 0xc0,
	DSP_ADDRESS = 0xc4,
	DSP_DATA = 0xc8,
	ARM = 0xcc,
	DSP_DMA_CONTROL = 0xd0,
	DSP_DMA_INDEX = 0xd4,
	DSP_DMA_COUNT = 0xdc,
	DSP_DMA_STRIDE = 0xe0,
	DSP_DMA_OUTSIDE = 0xe4,
	LEVEL = 0xe8,
	MEMORY_READ = 0xec,
	DSP_READ = 0xf0,
	FIFO_CLEAR = 0xf4,
	SNAPSHOT = 0x100,
	PRODUCED = 0x104,
	DELIVERED = 0x10c,
	OVERFLOWED = 0x114,
	SNAPSHOT_LEVEL = 0x11c,
	RATE = 0x140,
	DEPTH = 0x144,
	MEMORY_PORT = 0x400000,
};

/* Local addresses of what is read by DMA. */
#define LOCAL_FIFO 0x200000u
#define LOCAL_DSP 0x300000u
#define LOCAL_MEMORY 0x400000u

#define CSR_RUN 0x0001u
#define CSR_PCI_ACTIVE 0x0004u
#define CSR_DSP_RESET 0x0010u
#define CSR_READY 0x0040u

#define EEPROM_BYTES 128

struct module {
	unsigned int number;
	PLX_DEVICE_KEY key;
	PLX_DEVICE_OBJECT device;
	PLX_DMA_PROP dma;
	VOID *address; /* of BAR2 */
	double read_us; /* what a register read takes */
	unsigned int slot;
	unsigned int serial;
	unsigned char eeprom[EEPROM_BYTES];
	char why[160]; /* what went wrong */
};

/* All of these: 0, or -1 with the words in @why. */
int module_open(struct module *module, unsigned int number);
int module_close(struct module *module);
int module_boot(struct module *module);
int module_dma(struct module *module, U32 local, uint32_t *words,
	       size_t count);
int module_fail(struct module *module, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline uint32_t module_read(const struct module *module, int offset)
{
	volatile uint32_t *words = (volatile uint32_t *)module->address;

	return words[offset / 4];
}

static inline void module_write(const struct module *module, int offset,
				uint32_t value)
{
	volatile uint32_t *words = (volatile uint32_t *)module->address;

	words[offset / 4] = value;
}

/* wires.c: the two-wire bus of the module, bit by bit. */
int wires_port(struct module *module, unsigned char *byte);
int wires_eeprom(struct module *module, unsigned char *bytes, size_t count);

/* memory.c: external memory and the DSP's, compared with what they hold. */
int memory_check(struct module *module, uint32_t address, size_t words);
int dsp_check(struct module *module);

/* run.c: a run of so many seconds, and what became of its words. */
struct run {
	double seconds;
	int stall; /* let the FIFO overflow once */
	uint64_t produced, delivered, overflowed, level;
	uint64_t received, missing;
	int full; /* words may be lost behind the last that came */
	uint64_t blocks;
};
int run_module(struct module *module, struct run *run);

double seconds_now(void);

#endif
