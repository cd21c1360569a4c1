/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registers by table: reset value, writable bits on either side, W1C and
 * read-only bits, by chip (chip ref. 2.2, 2.3).  A bit that is in none of the
 * masks is reserved: it reads 0, and who writes 1 there is counted.
 *
 * What a write does beyond storing is in registers.c.
 */
#include "model/card.h"

#define C9080 1
#define C9054 2
#define C9056 4
#define CNEW  (C9054 | C9056)
#define CALL  (C9080 | CNEW)

#define ALL 0xffffffffu

/* Writable alike on both sides. */
#define RW(offset, chips, reset, rw) \
	{ offset, chips, reset, rw, rw, 0, 0 }
#define ROW(offset, chips, reset, rw, local_rw, w1c, ro) \
	{ offset, chips, reset, rw, local_rw, w1c, ro }

static const struct register_row rows[] = {
	RW(PLX_LAS0RR, CALL, 0xfff00000, ALL),
	RW(PLX_LAS0BA, CALL, 0, 0xfffffffd),
	RW(PLX_MARBR, C9080, 0x00200000, 0x3fffffff),
	ROW(PLX_MARBR, CNEW, 0x00200000, 0xbfffffff, 0xbfffffff, 0, 1u << 30),
	/* BIGEND, and from the 9054 on LMISC and PROT_AREA */
	RW(PLX_BIGEND, C9080, 0, 0x000000ff),
	RW(PLX_BIGEND, C9054, 0x00300500, 0x007fffff),
	RW(PLX_BIGEND, C9056, 0x00300500, 0xff7fffff),
	RW(PLX_EROMRR, C9080, 0xffff0000, 0xfffff800),
	RW(PLX_EROMRR, CNEW, 0xffff0000, 0xfffff801),
	RW(PLX_EROMBA, CALL, 0, 0xfffff83f),
	ROW(PLX_LBRD0, C9080, 0x40030003, 0xfdff7fff, 0xffff7fff, 0, 1u << 25),
	RW(PLX_LBRD0, CNEW, 0x40430043, 0xffff7fff),
	RW(PLX_DMRR, CALL, 0, 0xffff0000),
	RW(PLX_DMLBAM, CALL, 0, 0xffff0000),
	RW(PLX_DMLBAI, CALL, 0, 0xffff0000),
	RW(PLX_DMPBAM, CALL, 0, ALL),
	RW(PLX_DMCFGA, CALL, 0, 0x80ffffff),
	ROW(PLX_OPQIS, CALL, 0, 0, 0, 0, 1u << 3),
	RW(PLX_OPQIM, CALL, 1u << 3, 1u << 3),
	RW(PLX_MBOX0, CALL, 0, ALL),
	RW(PLX_MBOX1, CALL, 0, ALL),
	RW(PLX_MBOX2, CALL, 0, ALL),
	RW(PLX_MBOX3, CALL, 0, ALL),
	RW(PLX_MBOX4, CALL, 0, ALL),
	RW(PLX_MBOX5, CALL, 0, ALL),
	RW(PLX_MBOX6, CALL, 0, ALL),
	RW(PLX_MBOX7, CALL, 0, ALL),
	/* Doorbells: one side sets, the other clears (chip ref. 2.4). */
	ROW(PLX_P2LDBELL, CALL, 0, 0, 0, ALL, ALL),
	ROW(PLX_L2PDBELL, CALL, 0, 0, 0, ALL, ALL),
	ROW(PLX_INTCSR, C9080, 0x0f010100, 0x000f1f0f, 0x000f1f0f, 0,
	    0xfff0e000),
	ROW(PLX_INTCSR, CNEW, 0x0f010100, 0x000f1f5f, 0x000f1f5f, 0xa0,
	    0xfff0e000),
	/* Bit 30 is the PCI side's alone (chip ref. 5.3). */
	ROW(PLX_CNTRL, C9080, 0x0001767e, 0x6701ffff, 0xa701ffff, 0,
	    0x98020000),
	ROW(PLX_CNTRL, C9054, 0x000f767e, 0x670dffff, 0x270dffff, 0x00300000,
	    0x18020000),
	ROW(PLX_CNTRL, C9056, 0x000f767e, 0xe70dffff, 0xa70dffff, 0x00300000,
	    0x18020000),
	ROW(PLX_PCIHIDR, CALL, 0, 0, 0, 0, ALL),
	ROW(PLX_PCIHREV, CALL, 0, 0, 0, 0, 0xff),
	RW(PLX_MBOX0_ALIAS, CALL, 0, ALL),
	RW(PLX_MBOX1_ALIAS, CALL, 0, ALL),
	RW(PLX_DMAMODE0, C9080, 0, 0x0003ffff),
	RW(PLX_DMAMODE0, C9054, 0, 0x0007ffff),
	RW(PLX_DMAMODE0, C9056, 0, 0x003fffff),
	RW(PLX_DMAPADR0, CALL, 0, ALL),
	RW(PLX_DMALADR0, CALL, 0, ALL),
	RW(PLX_DMASIZ0, C9080 | C9054, 0, 0x007fffff),
	RW(PLX_DMASIZ0, C9056, 0, 0x807fffff),
	RW(PLX_DMADPR0, CALL, 0, ALL),
	RW(PLX_DMAMODE1, C9080, 0, 0x0003ffff),
	RW(PLX_DMAMODE1, C9054, 0, 0x0007ffff),
	RW(PLX_DMAMODE1, C9056, 0, 0x003fffff),
	RW(PLX_DMAPADR1, CALL, 0, ALL),
	RW(PLX_DMALADR1, CALL, 0, ALL),
	RW(PLX_DMASIZ1, C9080 | C9054, 0, 0x007fffff),
	RW(PLX_DMASIZ1, C9056, 0, 0x807fffff),
	RW(PLX_DMADPR1, CALL, 0, ALL),
	/* Two 8-bit registers; all of it is channel_control()'s. */
	ROW(PLX_DMACSR0, CALL, 0x1010, 0, 0, 0, 0x1f1f),
	RW(PLX_DMAARB, C9080, 0x00200000, 0x3fffffff),
	ROW(PLX_DMAARB, CNEW, 0x00200000, 0xbfffffff, 0xbfffffff, 0, 1u << 30),
	RW(PLX_DMATHR, CALL, 0, ALL),
	RW(PLX_DMADAC0, CNEW, 0, ALL),
	RW(PLX_DMADAC1, CNEW, 0, ALL),
	RW(PLX_MQCR, CALL, 2, 0x3f),
	RW(PLX_QBAR, CALL, 0, 0xfff00000),
	ROW(PLX_IFHPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_IFTPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_IPHPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_IPTPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_OFHPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_OFTPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_OPHPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_OPTPR, CALL, 0, 0x000ffffc, 0x000ffffc, 0, 0xfff00000),
	ROW(PLX_QSR, CALL, 0x50, 0x5f, 0x5f, 0x80, 0x20),
	RW(PLX_LAS1RR, CALL, 0xfff00000, ALL),
	RW(PLX_LAS1BA, CALL, 0, 0xfffffffd),
	RW(PLX_LBRD1, C9080, 0x00000003, 0x00007fff),
	RW(PLX_LBRD1, CNEW, 0x00000043, 0x00007fff),
	RW(PLX_DMDAC, CNEW, 0, ALL),
	RW(PLX_PCIARB, C9056, 0, 0xf),
	ROW(PLX_PABTADR, C9056, 0, 0, 0, 0, ALL),
};

static unsigned int chip_bit(enum model_chip chip)
{
	switch (chip) {
	case CHIP_9080:
		return C9080;
	case CHIP_9054AA:
	case CHIP_9054AB:
	case CHIP_9054AC:
		return C9054;
	default:
		return C9056;
	}
}

/* The row of the dword at @offset, NULL where there is no register. */
const struct register_row *register_row_find(enum model_chip chip,
					     unsigned int offset)
{
	unsigned int bit = chip_bit(chip);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].offset == offset && rows[i].chips & bit)
			return &rows[i];
	}
	return NULL;
}

/* What the register holds without an EEPROM. */
uint32_t register_reset_value(const struct model *m, unsigned int offset)
{
	static const uint32_t dmamode[] = { 0x43, 0x03, 0x83 };
	static const uint32_t eromrr[] = { 0xffff0000, 0 };

	switch (offset) {
	case PLX_DMAMODE0:
	case PLX_DMAMODE1:
		return dmamode[switch_value(m, SWITCH_DMAMODE_RESET)];
	case PLX_EROMRR:
		return eromrr[switch_value(m, SWITCH_EROMRR_RESET)];
	case PLX_PCIHIDR:
		return m->chip->hidr;
	case PLX_PCIHREV:
		return m->chip->hrev;
	default:
		return m->row[offset / 4] ? m->row[offset / 4]->reset : 0;
	}
}
