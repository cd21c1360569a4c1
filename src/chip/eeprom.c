/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EEPROM layout and commands (chip ref. 6.1 to 6.3). */
#include "chip/eeprom.h"
#include "chip/family.h"
#include "chip/plx9054.h"

static const struct eeprom_field layout[] = {
	{ PLX_EE_ID, PLX_CFG_ID, 1, 0, "Device ID, Vendor ID" },
	{ PLX_EE_CLASS_REVISION, PLX_CFG_REVISION, 1, 0, "Class, Revision" },
	{ PLX_EE_LATENCY_INT, PLX_CFG_INT_LINE, 1, 0,
	  "Max_Lat, Min_Gnt, Interrupt Pin, Line" },
	{ PLX_EE_MBOX0, PLX_MBOX0_ALIAS, 0, 0, "MBOX0" },
	{ PLX_EE_MBOX1, PLX_MBOX1_ALIAS, 0, 0, "MBOX1" },
	{ PLX_EE_LAS0RR, PLX_LAS0RR, 0, 0, "LAS0RR" },
	{ PLX_EE_LAS0BA, PLX_LAS0BA, 0, 0, "LAS0BA" },
	{ PLX_EE_MARBR, PLX_MARBR, 0, 0, "MARBR" },
	{ PLX_EE_BIGEND, PLX_BIGEND, 0, 0, "PROT_AREA, LMISC, BIGEND" },
	{ PLX_EE_EROMRR, PLX_EROMRR, 0, 0, "EROMRR" },
	{ PLX_EE_EROMBA, PLX_EROMBA, 0, 0, "EROMBA" },
	{ PLX_EE_LBRD0, PLX_LBRD0, 0, 0, "LBRD0" },
	{ PLX_EE_DMRR, PLX_DMRR, 0, 0, "DMRR" },
	{ PLX_EE_DMLBAM, PLX_DMLBAM, 0, 0, "DMLBAM" },
	{ PLX_EE_DMLBAI, PLX_DMLBAI, 0, 0, "DMLBAI" },
	{ PLX_EE_DMPBAM, PLX_DMPBAM, 0, 0, "DMPBAM" },
	{ PLX_EE_DMCFGA, PLX_DMCFGA, 0, 0, "DMCFGA" },
	{ PLX_EE_SUBSYSTEM, PLX_CFG_SUBSYSTEM, 1, 1,
	  "Subsystem ID, Subsystem Vendor ID" },
	{ PLX_EE_LAS1RR, PLX_LAS1RR, 0, 1, "LAS1RR" },
	{ PLX_EE_LAS1BA, PLX_LAS1BA, 0, 1, "LAS1BA" },
	{ PLX_EE_LBRD1, PLX_LBRD1, 0, 1, "LBRD1" },
	{ PLX_EE_HOT_SWAP, PLX_CFG_HOT_SWAP, 1, 1, "Hot swap" },
	{ PLX_EE_PCIARB, PLX_PCIARB, 0, 1, "PCIARB" },
	{ PLX_EE_PMC, PLX_CFG_PM, 1, 1, "PMC" },
	{ PLX_EE_PMCSR, PLX_CFG_PMCSR, 1, 1, "PMCSR" },
};

/* What the 9080 has there instead of hot swap. */
static const struct eeprom_field rom_base = {
	PLX_EE_HOT_SWAP, PLX_CFG_ROM, 1, 1, "PCI base of the expansion ROM"
};

const struct eeprom_field *eeprom_field(const struct family *family,
					unsigned int offset)
{
	size_t i;

	if (offset >= family->eeprom_size)
		return NULL;
	if (offset == PLX_EE_HOT_SWAP && !family->capabilities)
		return &rom_base;
	for (i = 0; i < sizeof(layout) / sizeof(layout[0]); i++)
		if (layout[i].offset == offset)
			return &layout[i];
	return NULL;
}

static unsigned int address_bits(const struct family *family)
{
	return family->eeprom_bits - 3u;
}

int eeprom_in_range(const struct family *family, unsigned int offset,
		    unsigned int words)
{
	unsigned int all = 1u << address_bits(family);

	return !(offset & 1) && offset / 2 <= all && words <= all - offset / 2;
}

uint32_t eeprom_command(const struct family *family, enum eeprom_op op,
			unsigned int word)
{
	static const uint32_t base[] = {
		[EEPROM_READ] = PLX_EE_CMD_READ,
		[EEPROM_WRITE] = PLX_EE_CMD_WRITE,
		[EEPROM_WRITE_ENABLE] = PLX_EE_CMD_EWEN,
		[EEPROM_WRITE_DISABLE] = PLX_EE_CMD_EWDS,
	};
	uint32_t command = base[op] <<
			   (family->eeprom_bits - PLX_EE_CMD_BITS_9080);

	if (op == EEPROM_READ || op == EEPROM_WRITE)
		command |= word & ((1u << address_bits(family)) - 1);
	return command;
}

uint32_t eeprom_wires(const struct family *family, uint32_t cntrl,
		      int select, int clock, int data)
{
	cntrl &= ~(PLX_CNTRL_EESK | PLX_CNTRL_EECS | PLX_CNTRL_EEDI |
		   PLX_CNTRL_EEDO | PLX_CNTRL_EEPROM_PRESENT |
		   PLX_CNTRL_RELOAD | PLX_CNTRL_RESET | PLX_CNTRL_USERI);
	if (family->capabilities)
		cntrl &= ~PLX_CNTRL_W1C;
	cntrl |= select ? PLX_CNTRL_EECS : 0;
	cntrl |= clock ? PLX_CNTRL_EESK : 0;
	cntrl |= data ? PLX_CNTRL_EEDI : 0;
	if (family->eedo_enable)
		cntrl = select ? cntrl | PLX_CNTRL_EEDO_ENABLE
			       : cntrl & ~PLX_CNTRL_EEDO_ENABLE;
	return cntrl;
}
