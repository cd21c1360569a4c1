/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registers by name: names and bits are the data book's, typed from the
 * chip reference 2.2, 2.3 and 6.2.
 */
#include "chip/names.h"

#include <stddef.h>
#include <strings.h>

#define ALL NAMES_ALL
#define NEW (NAMES_9054 | NAMES_9056)

static const struct names_field range[] = {
	{ "I/O", 0, 0, ALL },
	{ "locate", 1, 2, ALL },
	{ "prefetchable", 3, 3, ALL },
	{ "mask", 4, 31, ALL },
	{ 0 }
};

static const struct names_field remap[] = {
	{ "enable", 0, 0, ALL },
	{ "I/O remap", 2, 3, ALL },
	{ "remap", 4, 31, ALL },
	{ 0 }
};

static const struct names_field marbr[] = {
	{ "local latency timer", 0, 7, ALL },
	{ "local pause timer", 8, 15, ALL },
	{ "latency timer enable", 16, 16, ALL },
	{ "pause timer enable", 17, 17, ALL },
	{ "BREQ enable", 18, 18, ALL },
	{ "DMA priority", 19, 20, ALL },
	{ "Direct Slave gives up bus", 21, 21, ALL },
	{ "LLOCKo# enable", 22, 22, ALL },
	{ "PCI request mode", 23, 23, ALL },
	{ "delayed read mode", 24, 24, ALL },
	{ "read no write", 25, 25, ALL },
	{ "read with write flush", 26, 26, ALL },
	{ "gate latency timer", 27, 27, ALL },
	{ "read no flush", 28, 28, ALL },
	{ "subsystem IDs at 0", 29, 29, ALL },
	{ "FIFO full", 30, 30, NEW },
	{ "BIGEND#/WAIT# select", 31, 31, NEW },
	{ 0 }
};

static const struct names_field bigend[] = {
	{ "config registers", 0, 0, ALL },
	{ "Direct Master", 1, 1, ALL },
	{ "space 0", 2, 2, ALL },
	{ "ROM", 3, 3, ALL },
	{ "byte lane mode", 4, 4, ALL },
	{ "space 1", 5, 5, ALL },
	{ "DMA channel 1", 6, 6, ALL },
	{ "DMA channel 0", 7, 7, ALL },
	{ 0 }
};

static const struct names_field lmisc[] = {
	{ "I/O BAR1 enable", 0, 0, ALL },
	{ "shift BARs", 1, 1, ALL },
	{ "Local Init Status", 2, 2, ALL },
	{ "Direct Master options", 3, 7, ALL },
	{ 0 }
};

static const struct names_field protect[] = {
	{ "write-protect boundary", 0, 6, ALL },
	{ 0 }
};

static const struct names_field eromba[] = {
	{ "BREQo delay", 0, 3, ALL },
	{ "BREQo enable", 4, 4, ALL },
	{ "BREQo resolution", 5, 5, ALL },
	{ "remap", 11, 31, ALL },
	{ 0 }
};

static const struct names_field lbrd0[] = {
	{ "space 0 width", 0, 1, ALL },
	{ "space 0 wait states", 2, 5, ALL },
	{ "space 0 READY#", 6, 6, ALL },
	{ "space 0 BTERM#", 7, 7, ALL },
	{ "space 0 prefetch off", 8, 8, ALL },
	{ "ROM prefetch off", 9, 9, ALL },
	{ "prefetch count enable", 10, 10, ALL },
	{ "prefetch count", 11, 14, ALL },
	{ "ROM width", 16, 17, ALL },
	{ "ROM wait states", 18, 21, ALL },
	{ "ROM READY#", 22, 22, ALL },
	{ "ROM BTERM#", 23, 23, ALL },
	{ "space 0 burst", 24, 24, ALL },
	{ "extra-long EEPROM load", 25, 25, ALL },
	{ "ROM burst", 26, 26, ALL },
	{ "hold TRDY#", 27, 27, ALL },
	{ "retry delay", 28, 31, ALL },
	{ 0 }
};

static const struct names_field lbrd1[] = {
	{ "space 1 width", 0, 1, ALL },
	{ "space 1 wait states", 2, 5, ALL },
	{ "space 1 READY#", 6, 6, ALL },
	{ "space 1 BTERM#", 7, 7, ALL },
	{ "space 1 burst", 8, 8, ALL },
	{ "space 1 prefetch off", 9, 9, ALL },
	{ "prefetch count enable", 10, 10, ALL },
	{ "prefetch count", 11, 14, ALL },
	{ 0 }
};

static const struct names_field dmpbam[] = {
	{ "memory enable", 0, 0, ALL },
	{ "I/O enable", 1, 1, ALL },
	{ "LLOCK enable", 2, 2, ALL },
	{ "read prefetch low", 3, 3, ALL },
	{ "read mode", 4, 4, ALL },
	{ "almost-full flag", 5, 8, ALL },
	{ "MWI", 9, 9, ALL },
	{ "almost-full flag high", 10, 10, ALL },
	{ "prefetch limit", 11, 11, ALL },
	{ "read prefetch high", 12, 12, ALL },
	{ "I/O remap select", 13, 13, ALL },
	{ "write delay", 14, 15, ALL },
	{ "remap", 16, 31, ALL },
	{ 0 }
};

static const struct names_field dmcfga[] = {
	{ "type", 0, 1, ALL },
	{ "register", 2, 7, ALL },
	{ "function", 8, 10, ALL },
	{ "device", 11, 15, ALL },
	{ "bus", 16, 23, ALL },
	{ "enable", 31, 31, ALL },
	{ 0 }
};

static const struct names_field post_queue[] = {
	{ "outbound post queue", 3, 3, ALL },
	{ 0 }
};

static const struct names_field intcsr[] = {
	{ "LSERR# on abort", 0, 0, ALL },
	{ "LSERR# on parity", 1, 1, ALL },
	{ "generate SERR#", 2, 2, ALL },
	{ "mailbox enable", 3, 3, ALL },
	{ "power management enable", 4, 4, NEW },
	{ "power management", 5, 5, NEW },
	{ "local parity enable", 6, 6, NEW },
	{ "local parity", 7, 7, NEW },
	{ "PCI interrupt enable", 8, 8, ALL },
	{ "PCI doorbell enable", 9, 9, ALL },
	{ "PCI abort enable", 10, 10, ALL },
	{ "LINTi# enable", 11, 11, ALL },
	{ "retry abort enable", 12, 12, ALL },
	{ "PCI doorbell active", 13, 13, ALL },
	{ "PCI abort active", 14, 14, ALL },
	{ "LINTi# active", 15, 15, ALL },
	{ "LINTo# enable", 16, 16, ALL },
	{ "local doorbell enable", 17, 17, ALL },
	{ "DMA 0 enable", 18, 18, ALL },
	{ "DMA 1 enable", 19, 19, ALL },
	{ "local doorbell active", 20, 20, ALL },
	{ "DMA 0 active", 21, 21, ALL },
	{ "DMA 1 active", 22, 22, ALL },
	{ "BIST active", 23, 23, ALL },
	{ "not master: Direct Master", 24, 24, ALL },
	{ "not master: DMA 0", 25, 25, ALL },
	{ "not master: DMA 1", 26, 26, ALL },
	{ "not after 256 retries", 27, 27, ALL },
	{ "mailboxes written", 28, 31, ALL },
	{ 0 }
};

static const struct names_field cntrl[] = {
	{ "DMA read command", 0, 3, ALL },
	{ "DMA write command", 4, 7, ALL },
	{ "Direct Master read command", 8, 11, ALL },
	{ "Direct Master write command", 12, 15, ALL },
	{ "USERo", 16, 16, ALL },
	{ "USERi", 17, 17, ALL },
	{ "USERi pin select", 18, 18, NEW },
	{ "USERo pin select", 19, 19, NEW },
	{ "LINTo# status", 20, 20, NEW },
	{ "LSERR# status", 21, 21, NEW },
	{ "EESK", 24, 24, ALL },
	{ "EECS", 25, 25, ALL },
	{ "EEDI", 26, 26, ALL },
	{ "EEDO", 27, 27, ALL },
	{ "EEPROM present", 28, 28, ALL },
	{ "reload", 29, 29, ALL },
	{ "software reset", 30, 30, ALL },
	{ "Local Init Status", 31, 31, NAMES_9080 },
	{ "EEDO input enable", 31, 31, NAMES_9056 },
	{ 0 }
};

static const struct names_field dmamode[] = {
	{ "local width", 0, 1, ALL },
	{ "wait states", 2, 5, ALL },
	{ "READY#", 6, 6, ALL },
	{ "BTERM#", 7, 7, ALL },
	{ "local burst", 8, 8, ALL },
	{ "chaining", 9, 9, ALL },
	{ "done interrupt", 10, 10, ALL },
	{ "constant local address", 11, 11, ALL },
	{ "demand mode", 12, 12, ALL },
	{ "MWI", 13, 13, ALL },
	{ "EOT# enable", 14, 14, ALL },
	{ "fast terminate", 15, 15, ALL },
	{ "clear count", 16, 16, ALL },
	{ "interrupt to PCI", 17, 17, ALL },
	{ "DAC chain", 18, 18, NEW },
	{ "EOT ends link", 19, 19, NAMES_9056 },
	{ "valid mode", 20, 20, NAMES_9056 },
	{ "valid stop", 21, 21, NAMES_9056 },
	{ 0 }
};

static const struct names_field dmasiz[] = {
	{ "bytes", 0, 22, ALL },
	{ "valid", 31, 31, NAMES_9056 },
	{ 0 }
};

static const struct names_field dmadpr[] = {
	{ "descriptors on PCI", 0, 0, ALL },
	{ "end of chain", 1, 1, ALL },
	{ "interrupt after count", 2, 2, ALL },
	{ "to host", 3, 3, ALL },
	{ "next descriptor", 4, 31, ALL },
	{ 0 }
};

static const struct names_field dmacsr[] = {
	{ "enable", 0, 0, ALL },
	{ "start", 1, 1, ALL },
	{ "abort", 2, 2, ALL },
	{ "clear interrupt", 3, 3, ALL },
	{ "done", 4, 4, ALL },
	{ 0 }
};

static const struct names_field dmathr[] = {
	{ "C0PLAF", 0, 3, ALL },
	{ "C0LPAE", 4, 7, ALL },
	{ "C0LPAF", 8, 11, ALL },
	{ "C0PLAE", 12, 15, ALL },
	{ "C1PLAF", 16, 19, ALL },
	{ "C1LPAE", 20, 23, ALL },
	{ "C1LPAF", 24, 27, ALL },
	{ "C1PLAE", 28, 31, ALL },
	{ 0 }
};

static const struct names_field mqcr[] = {
	{ "queue enable", 0, 0, ALL },
	{ "size", 1, 5, ALL },
	{ 0 }
};

static const struct names_field queue[] = {
	{ "offset", 2, 19, ALL },
	{ "QBAR", 20, 31, ALL },
	{ 0 }
};

static const struct names_field qsr[] = {
	{ "I2O decode enable", 0, 0, ALL },
	{ "local space select", 1, 1, ALL },
	{ "outbound post prefetch", 2, 2, ALL },
	{ "inbound free prefetch", 3, 3, ALL },
	{ "inbound post mask", 4, 4, ALL },
	{ "inbound post not empty", 5, 5, ALL },
	{ "outbound free mask", 6, 6, ALL },
	{ "outbound free overflow", 7, 7, ALL },
	{ 0 }
};

const struct names_register names_registers[] = {
	{ "LAS0RR", 0x00, 32, ALL, range, "space 0 range" },
	{ "LAS0BA", 0x04, 32, ALL, remap, "space 0 remap" },
	{ "MARBR", 0x08, 32, ALL, marbr, "mode and arbitration" },
	{ "BIGEND", 0x0c, 8, ALL, bigend, "big endian" },
	{ "LMISC", 0x0d, 8, NEW, lmisc, "local miscellaneous" },
	{ "PROT_AREA", 0x0e, 8, NEW, protect, "EEPROM write protection" },
	{ "EROMRR", 0x10, 32, ALL, 0, "expansion ROM range" },
	{ "EROMBA", 0x14, 32, ALL, eromba, "expansion ROM remap" },
	{ "LBRD0", 0x18, 32, ALL, lbrd0, "space 0 and ROM bus region" },
	{ "DMRR", 0x1c, 32, ALL, 0, "Direct Master range" },
	{ "DMLBAM", 0x20, 32, ALL, 0, "Direct Master memory base" },
	{ "DMLBAI", 0x24, 32, ALL, 0, "Direct Master I/O base" },
	{ "DMPBAM", 0x28, 32, ALL, dmpbam, "Direct Master remap" },
	{ "DMCFGA", 0x2c, 32, ALL, dmcfga, "Direct Master config address" },
	{ "OPQIS", 0x30, 32, ALL, post_queue, "outbound post status" },
	{ "OPQIM", 0x34, 32, ALL, post_queue, "outbound post mask" },
	{ "MBOX2", 0x48, 32, ALL, 0, "mailbox 2" },
	{ "MBOX3", 0x4c, 32, ALL, 0, "mailbox 3" },
	{ "MBOX4", 0x50, 32, ALL, 0, "mailbox 4" },
	{ "MBOX5", 0x54, 32, ALL, 0, "mailbox 5" },
	{ "MBOX6", 0x58, 32, ALL, 0, "mailbox 6" },
	{ "MBOX7", 0x5c, 32, ALL, 0, "mailbox 7" },
	{ "P2LDBELL", 0x60, 32, ALL, 0, "PCI to local doorbell" },
	{ "L2PDBELL", 0x64, 32, ALL, 0, "local to PCI doorbell" },
	{ "INTCSR", 0x68, 32, ALL, intcsr, "interrupt control and status" },
	{ "CNTRL", 0x6c, 32, ALL, cntrl, "EEPROM, commands, user pins" },
	{ "PCIHIDR", 0x70, 32, ALL, 0, "hard-wired identity" },
	{ "PCIHREV", 0x74, 8, ALL, 0, "hard-wired revision" },
	{ "MBOX0", 0x78, 32, ALL, 0, "mailbox 0" },
	{ "MBOX1", 0x7c, 32, ALL, 0, "mailbox 1" },
	{ "DMAMODE0", 0x80, 32, ALL, dmamode, "channel 0 mode" },
	{ "DMAPADR0", 0x84, 32, ALL, 0, "channel 0 PCI address" },
	{ "DMALADR0", 0x88, 32, ALL, 0, "channel 0 local address" },
	{ "DMASIZ0", 0x8c, 32, ALL, dmasiz, "channel 0 byte count" },
	{ "DMADPR0", 0x90, 32, ALL, dmadpr, "channel 0 descriptor" },
	{ "DMAMODE1", 0x94, 32, ALL, dmamode, "channel 1 mode" },
	{ "DMAPADR1", 0x98, 32, ALL, 0, "channel 1 PCI address" },
	{ "DMALADR1", 0x9c, 32, ALL, 0, "channel 1 local address" },
	{ "DMASIZ1", 0xa0, 32, ALL, dmasiz, "channel 1 byte count" },
	{ "DMADPR1", 0xa4, 32, ALL, dmadpr, "channel 1 descriptor" },
	{ "DMACSR0", 0xa8, 8, ALL, dmacsr, "channel 0 command and status" },
	{ "DMACSR1", 0xa9, 8, ALL, dmacsr, "channel 1 command and status" },
	{ "DMAARB", 0xac, 32, ALL, marbr, "the same as MARBR" },
	{ "DMATHR", 0xb0, 32, ALL, dmathr, "DMA thresholds" },
	{ "DMADAC0", 0xb4, 32, NEW, 0, "channel 0 upper PCI address" },
	{ "DMADAC1", 0xb8, 32, NEW, 0, "channel 1 upper PCI address" },
	{ "MQCR", 0xc0, 32, ALL, mqcr, "messaging queue" },
	{ "QBAR", 0xc4, 32, ALL, 0, "queue base" },
	{ "IFHPR", 0xc8, 32, ALL, queue, "inbound free head" },
	{ "IFTPR", 0xcc, 32, ALL, queue, "inbound free tail" },
	{ "IPHPR", 0xd0, 32, ALL, queue, "inbound post head" },
	{ "IPTPR", 0xd4, 32, ALL, queue, "inbound post tail" },
	{ "OFHPR", 0xd8, 32, ALL, queue, "outbound free head" },
	{ "OFTPR", 0xdc, 32, ALL, queue, "outbound free tail" },
	{ "OPHPR", 0xe0, 32, ALL, queue, "outbound post head" },
	{ "OPTPR", 0xe4, 32, ALL, queue, "outbound post tail" },
	{ "QSR", 0xe8, 32, ALL, qsr, "queue status" },
	{ "LAS1RR", 0xf0, 32, ALL, range, "space 1 range" },
	{ "LAS1BA", 0xf4, 32, ALL, remap, "space 1 remap" },
	{ "LBRD1", 0xf8, 32, ALL, lbrd1, "space 1 bus region" },
	{ "DMDAC", 0xfc, 32, NEW, 0, "Direct Master upper address" },
	{ "PCIARB", 0x100, 32, NAMES_9056, 0, "PCI arbiter" },
	{ "PABTADR", 0x104, 32, NAMES_9056, 0, "address of the last abort" },
	{ 0 }
};

static const struct names_field identity_fields[] = {
	{ "vendor", 0, 15, ALL },
	{ "device", 16, 31, ALL },
	{ 0 }
};

static const struct names_field class_fields[] = {
	{ "revision", 0, 7, ALL },
	{ "class", 8, 31, ALL },
	{ 0 }
};

static const struct names_field interrupt_fields[] = {
	{ "interrupt line", 0, 7, ALL },
	{ "interrupt pin", 8, 15, ALL },
	{ "Min_Gnt", 16, 23, ALL },
	{ "Max_Lat", 24, 31, ALL },
	{ 0 }
};

static const struct names_field options_fields[] = {
	{ "BIGEND", 0, 7, ALL },
	{ "LMISC", 8, 15, NEW },
	{ "PROT_AREA", 16, 23, NEW },
	{ 0 }
};

static const struct names_field hot_swap_fields[] = {
	{ "capability", 0, 7, NEW },
	{ "next", 8, 15, NEW },
	{ "control and status", 16, 23, NEW },
	{ 0 }
};

const struct names_register names_eeprom[] = {
	{ "ID", 0x00, 32, ALL, identity_fields, "device and vendor" },
	{ "CLASS", 0x04, 32, ALL, class_fields, "class and revision" },
	{ "INT", 0x08, 32, ALL, interrupt_fields, "interrupt, latencies" },
	{ "MBOX0", 0x0c, 32, ALL, 0, "mailbox 0, free for users" },
	{ "MBOX1", 0x10, 32, ALL, 0, "mailbox 1, free for users" },
	{ "LAS0RR", 0x14, 32, ALL, range, "space 0 range" },
	{ "LAS0BA", 0x18, 32, ALL, remap, "space 0 remap" },
	{ "MARBR", 0x1c, 32, ALL, marbr, "mode and arbitration" },
	{ "OPTIONS", 0x20, 32, ALL, options_fields, "three small registers" },
	{ "EROMRR", 0x24, 32, ALL, 0, "expansion ROM range" },
	{ "EROMBA", 0x28, 32, ALL, eromba, "expansion ROM remap" },
	{ "LBRD0", 0x2c, 32, ALL, lbrd0, "space 0 and ROM bus region" },
	{ "DMRR", 0x30, 32, ALL, 0, "Direct Master range" },
	{ "DMLBAM", 0x34, 32, ALL, 0, "Direct Master memory base" },
	{ "DMLBAI", 0x38, 32, ALL, 0, "Direct Master I/O base" },
	{ "DMPBAM", 0x3c, 32, ALL, dmpbam, "Direct Master remap" },
	{ "DMCFGA", 0x40, 32, ALL, dmcfga, "Direct Master config address" },
	{ "SUBSYSTEM", 0x44, 32, ALL, identity_fields, "subsystem" },
	{ "LAS1RR", 0x48, 32, ALL, range, "space 1 range" },
	{ "LAS1BA", 0x4c, 32, ALL, remap, "space 1 remap" },
	{ "LBRD1", 0x50, 32, ALL, lbrd1, "space 1 bus region" },
	{ "PCIBASE", 0x54, 32, NAMES_9080, 0, "PCI base for ROM" },
	{ "HOTSWAP", 0x54, 32, NEW, hot_swap_fields, "hot swap" },
	{ "PCIARB", 0x58, 32, NAMES_9056, 0, "PCI arbiter" },
	{ "PMC", 0x5c, 32, NAMES_9056, 0, "power management" },
	{ "PMCSR", 0x60, 32, NAMES_9056, 0, "power management status" },
	{ 0 }
};

unsigned int names_chip(uint32_t identity)
{
	switch (identity) {
	case 0x908010b5:
		return NAMES_9080;
	case 0x905610b5:
	case 0x965610b5:
		return NAMES_9056;
	default:
		return NAMES_9054;
	}
}

const struct names_register *names_find(const char *name, unsigned int chips)
{
	const struct names_register *reg;

	for (reg = names_registers; reg->name; reg++)
		if ((reg->chips & chips) && strcasecmp(reg->name, name) == 0)
			return reg;
	return NULL;
}

uint32_t names_extract(const struct names_field *field, uint32_t value)
{
	uint32_t bits = (uint32_t)field->high - field->low + 1;

	value >>= field->low;
	return bits >= 32 ? value : value & ((1u << bits) - 1);
}
