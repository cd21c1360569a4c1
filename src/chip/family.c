/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of chips (chip ref. 1.1, 1.2, 6.1, 7.2).
 *
 * The 9060s are listed so that they are refused by name: their registers are
 * laid out differently and no board with one is known to be in use.
 */
#include <stddef.h>

#include "chip/family.h"
#include "chip/plx9054.h"

static const struct family table[] = {
	{
		.name = "PCI 9054",
		.hidr = PLX_PCIHIDR_9054,
		.regs_size = PLX_REGS_SIZE,
		.mode_writable = PLX_DMAMODE_WRITABLE,
		.eeprom_size = PLX_EE_SIZE,
		.eeprom_bits = PLX_EE_CMD_BITS,
		.demand = 1,	/* one DREQ# pin (chip ref. 3.8) */
		.supported = 1,
		.dac = 1,
		.capabilities = 1,
		.prot_area = 1,
	}, {
		.name = "PCI 9080",
		.hidr = PLX_PCIHIDR_9080,
		.regs_size = PLX_REGS_SIZE,
		.mode_writable = PLX_DMAMODE_WRITABLE_9080,
		.eeprom_size = PLX_EE_SIZE,
		.eeprom_bits = PLX_EE_CMD_BITS_9080,
		.demand = 3,
		.supported = 1,
		.zero_chain = 1,
		.abort_dummy = 1,
		.errata_9080 = 1,
	}, {
		.name = "PCI 9056",
		.hidr = PLX_PCIHIDR_9056,
		.regs_size = PLX_REGS_SIZE_9056,
		.mode_writable = PLX_DMAMODE_WRITABLE_9056,
		.eeprom_size = PLX_EE_SIZE_9056,
		.eeprom_bits = PLX_EE_CMD_BITS,
		.demand = 3,
		.supported = 1,
		.dac = 1,
		.capabilities = 1,
		.prot_area = 1,
		.eedo_enable = 1,
	}, {
		.name = "PCI 9656",
		.hidr = PLX_PCIHIDR_9656,
		.regs_size = PLX_REGS_SIZE_9056,
		.mode_writable = PLX_DMAMODE_WRITABLE_9056,
		.eeprom_size = PLX_EE_SIZE_9056,
		.eeprom_bits = PLX_EE_CMD_BITS,
		.demand = 3,
		.supported = 1,
		.dac = 1,
		.capabilities = 1,
		.prot_area = 1,
		.eedo_enable = 1,
	},
	{ .name = "PCI 9060", .hidr = PLX_PCIHIDR_9060 },
	{ .name = "PCI 9060SD", .hidr = PLX_PCIHIDR_9060SD },
	{ .name = "PCI 9060ES", .hidr = PLX_PCIHIDR_9060ES },
};

const struct family *family_find(uint32_t hidr)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].hidr == hidr)
			return &table[i];
	return NULL;
}

const char *family_name(const struct family *family, uint32_t subsystem)
{
	if (family->hidr == PLX_PCIHIDR_9056 &&
	    subsystem == PLX_SUBSYSTEM_8311)
		return "PEX 8311";
	return family->name;
}

enum family_eeprom family_eeprom_way(const struct family *family, uint8_t hrev,
				     uint8_t revision)
{
	/* PCIHREV can't tell AA, where CNTRL doesn't work, from AB, where it
	 * does; AB boards say so in their revision by convention. */
	if (family->hidr == PLX_PCIHIDR_9054 &&
	    hrev == PLX_PCIHREV_9054_AA_AB && revision != PLX_REVISION_9054_AB)
		return FAMILY_EEPROM_VPD;
	return FAMILY_EEPROM_CNTRL;
}
