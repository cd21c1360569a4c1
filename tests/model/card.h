/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A software card under test, with a piece of host memory on its bus.
 *
 * Offsets and bits are typed from the chip reference once more, on purpose:
 * a test that took them from src/chip would agree with a misreading there.
 */
#ifndef CARD_H
#define CARD_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

/* Where things lie on the PCI bus and, on the default board, locally. */
enum {
	HOST = 0x00100000,
	HOST_SIZE = 0x00100000,
	SRAM = 0x20000000,
	SRAM_MAX = 0x00800000,
	FIFO = 0x30000000,
	PATTERN = 0x40000000,
	CHECKER = 0x48000000,
	BOARD = 0x60000000,
	WILD = 0x7F000000 /* no memory there */
};

/* chip ref. 1.3 */
enum {
	PCI_ID = 0x00,
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_REVISION = 0x08,
	PCI_BIST = 0x0F,
	PCI_BAR0 = 0x10,
	PCI_SUBSYSTEM = 0x2C,
	PCI_LINE = 0x3C,
	PCI_PMCSR = 0x44,
	PCI_VPD_ADDRESS = 0x4E,
	PCI_VPD_DATA = 0x50,

	COMMAND_IO = 0x0001,
	COMMAND_MEMORY = 0x0002,
	COMMAND_MASTER = 0x0004,
	COMMAND_PARITY = 0x0040,
	COMMAND_ALL = 0x0007,

	STATUS_MASTER_PARITY = 0x0100,
	STATUS_TARGET_ABORT = 0x1000,
	STATUS_MASTER_ABORT = 0x2000,
	STATUS_PARITY = 0x8000
};

/* chip ref. 2.2; of channel 0 where there are two */
enum {
	LAS0RR = 0x00,
	LAS0BA = 0x04,
	MARBR = 0x08,
	BIGEND = 0x0C,
	LMISC = 0x0D,
	PROT_AREA = 0x0E,
	LBRD0 = 0x18,
	OPQIS = 0x30,
	OPQIM = 0x34,
	MBOX0 = 0x40,
	MBOX1 = 0x44,
	MBOX2 = 0x48,
	P2LDBELL = 0x60,
	L2PDBELL = 0x64,
	INTCSR = 0x68,
	CNTRL = 0x6C,
	PCIHIDR = 0x70,
	PCIHREV = 0x74,
	MBOX0_ALIAS = 0x78,
	MBOX1_ALIAS = 0x7C,
	DMAMODE = 0x80,
	DMAPADR = 0x84,
	DMALADR = 0x88,
	DMASIZ = 0x8C,
	DMADPR = 0x90,
	DMACSR = 0xA8,
	DMATHR = 0xB0,
	DMADAC = 0xB4,
	MQCR = 0xC0,
	QBAR = 0xC4,
	IFHPR = 0xC8,
	IFTPR = 0xCC,
	IPHPR = 0xD0,
	IPTPR = 0xD4,
	OFHPR = 0xD8,
	OFTPR = 0xDC,
	OPHPR = 0xE0,
	OPTPR = 0xE4,
	QSR = 0xE8,
	LAS1RR = 0xF0,
	LAS1BA = 0xF4,
	LBRD1 = 0xF8
};

/* chip ref. 2.3 */
enum {
	/* 32 bits wide, READY#, continuous burst */
	MODE_MEMORY = 0x000001C3,
	MODE_CHAIN = 0x00000200,
	MODE_DONE_IRQ = 0x00000400,
	MODE_CONSTANT = 0x00000800,
	MODE_DEMAND = 0x00001000,
	MODE_EOT = 0x00004000,
	MODE_FAST_END = 0x00008000,
	MODE_CLEAR_COUNT = 0x00010000,
	MODE_TO_INTA = 0x00020000,
	MODE_DAC = 0x00040000,
	MODE_EOT_END_LINK = 0x00080000, /* 9056 and later */

	DPR_PCI = 0x1,
	DPR_END = 0x2,
	DPR_TC_IRQ = 0x4,
	DPR_TO_HOST = 0x8,

	CSR_ENABLE = 0x01,
	CSR_START = 0x02,
	CSR_ABORT = 0x04,
	CSR_CLEAR_IRQ = 0x08,
	CSR_DONE = 0x10
};

#define INT_TARGET_RETRIES    0x00001000u /* 256 retries: target abort */
#define INT_LSERR_ABORT	      0x00000001u
#define INT_MAILBOX	      0x00000008u
#define INT_PCI		      0x00000100u
#define INT_DOORBELL	      0x00000200u
#define INT_ABORT	      0x00000400u
#define INT_LINTI	      0x00000800u
#define INT_DOORBELL_ACTIVE   0x00002000u
#define INT_ABORT_ACTIVE      0x00004000u
#define INT_LINTI_ACTIVE      0x00008000u
#define INT_LOCAL	      0x00010000u
#define INT_LOCAL_DOORBELL    0x00020000u
#define INT_DMA(ch)	      (0x00040000u << (ch))
#define INT_LOCAL_BELL_ACTIVE 0x00100000u
#define INT_DMA_ACTIVE(ch)    (0x00200000u << (ch))
#define INT_BIST_ACTIVE	      0x00800000u
#define INT_NOT_DIRECT_MASTER 0x01000000u
#define INT_NOT_DMA(ch)	      (0x02000000u << (ch))
#define INT_NOT_RETRIES	      0x08000000u
#define INT_MAILBOX_ACTIVE(n) (0x10000000u << (n))

struct card {
	struct model *model;
	uint8_t *host; /* HOST_SIZE bytes at bus address HOST */
	uint8_t *sram; /* what a test put into the board's SRAM */
};

/* A card with Command = I/O, memory and master; options like printf. */
struct card *card_new(const char *options, ...)
	__attribute__((format(printf, 1, 2)));
void card_free(struct card *card);
/* Zeroed memory of the host, and its place on the card's bus. */
uint8_t *pages_new(size_t size);
void pages_free(uint8_t *pages, size_t size);
void pages_map(struct card *card, uint64_t bus, uint8_t *pages, size_t size,
	       unsigned int access);
/* "engine=inline" or "engine=thread": DMA tests loop over both. */
const char *engine(int index);
#define ENGINES 2

uint32_t reg(struct card *card, unsigned int offset);
void reg_set(struct card *card, unsigned int offset, uint32_t value);
uint8_t reg8(struct card *card, unsigned int offset);
void reg8_set(struct card *card, unsigned int offset, unsigned int value);
/* Bits of INTCSR. */
void interrupt_enable(struct card *card, uint32_t bits);
void interrupt_disable(struct card *card, uint32_t bits);
uint32_t config(struct card *card, unsigned int offset);
void config_set(struct card *card, unsigned int offset, uint32_t value);
uint16_t config16(struct card *card, unsigned int offset);
void config16_set(struct card *card, unsigned int offset, unsigned int value);
uint32_t local_reg(struct card *card, unsigned int offset);
void local_reg_set(struct card *card, unsigned int offset, uint32_t value);
uint32_t local32(struct card *card, uint32_t address);
void local32_set(struct card *card, uint32_t address, uint32_t value);
uint32_t host32(struct card *card, unsigned int offset);
void host32_set(struct card *card, unsigned int offset, uint32_t value);

/* Bytes that tell every position, and the local memory likewise. */
void pattern_fill(uint8_t *bytes, size_t size, unsigned int seed);
void sram_fill(struct card *card, uint32_t address, size_t size,
	       unsigned int seed);
/* Whether bytes came from there: they are what was put in, and it still is.
 * Or went there: it holds them, and they are not what was put in.  So a
 * transfer the wrong way round is not taken for a right one. */
bool sram_gave(struct card *card, uint32_t address, const uint8_t *bytes,
	       size_t size);
bool sram_is(struct card *card, uint32_t address, const uint8_t *bytes,
	     size_t size);
bool sram_took(struct card *card, uint32_t address, const uint8_t *bytes,
	       size_t size);
bool all_bytes_are(const uint8_t *bytes, size_t size, uint8_t value);

uint64_t violations(struct card *card, enum model_violation violation);
uint64_t violations_total(struct card *card);
struct model_counters counters(struct card *card);
void fault(struct card *card, const char *text);

#endif
