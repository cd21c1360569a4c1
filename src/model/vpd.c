/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EEPROM through the VPD capability (chip ref. 6.4).
 *
 * Writing the address with flag 0 reads an Lword and sets the flag; with
 * flag 1 it writes the data register and clears it.  On early 9054s that
 * often never ends: each second access here.
 */
#include "model/card.h"

/* The upper half of PLX_CFG_VPD was written. */
void vpd_access(struct model *m)
{
	uint32_t vpd = config_get(m, PLX_CFG_VPD);
	unsigned int address = vpd >> 16 & PLX_VPD_ADDRESS_MASK & ~3u;
	bool write = vpd >> 16 & PLX_VPD_FLAG;

	if (!m->eeprom.present)
		return;
	if (switch_value(m, SWITCH_EEPROM_VPD) && m->eeprom.vpd_uses++ % 2)
		return;
	if (write)
		eeprom_store_lword(m, address,
				   config_get(m, PLX_CFG_VPD_DATA));
	else
		config_put(m, PLX_CFG_VPD_DATA, eeprom_lword(m, address));
	config_put(m, PLX_CFG_VPD, vpd ^ (uint32_t)PLX_VPD_FLAG << 16);
}
