/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Switches: what the chip reference leaves open, or knows of a sibling only.
 *
 * Each is one line here, so that a correction is one line too.  The value of
 * a switch is the position of its word in the list of values; the first is
 * the default, except where the 9080's or the 9056's own book says otherwise.
 */
#include <errno.h>
#include <string.h>

#include "model/card.h"

static const struct model_switch table[SWITCHES + 1] = {
	[SWITCH_START_RACE] = { "start_race", "off on", "3.1",
		"Enable and Start first set in one write: the channel hangs" },
	[SWITCH_IDLE_ABORT_POISONS] = { "idle_abort_poisons", "on off", "3.5",
		"Abort of an idle channel aborts its next transfer" },
	[SWITCH_CHAIN_ABORT_NEEDS_RESET] = { "chain_abort_needs_reset",
		"off on", "5.2",
		"an aborted chain leaves the channel unusable until reset" },
	[SWITCH_ABORT_FETCH] = { "abort_fetch", "done stuck", "12, 11",
		"an Abort that hits a descriptor fetch never ends" },
	[SWITCH_ABORT_TAIL] = { "abort_tail", "2 1 0", "3.5",
		"Lwords that still move after Abort" },
	[SWITCH_CLEARCOUNT_WRITEBACK] = { "clearcount_writeback", "off on",
		"3.4, 12, 6",
		"clear-count clears descriptors in PCI memory as well "
		"(9056 and later: on)" },
	[SWITCH_SIZ_RESIDUE] = { "siz_residue", "off on", "3.2, 12, 5",
		"DMASIZ reports what an early end left" },
	[SWITCH_DAC_ALIGN] = { "dac_align", "32 16", "3.3, 12, 7",
		"alignment of descriptors with five Lwords" },
	[SWITCH_DAC_CARRY] = { "dac_carry", "off on", "3.9",
		"a transfer across 4 GiB carries into the upper address" },
	[SWITCH_STALE_CHAIN] = { "stale_chain", "off on", "3.3",
		"stale PADR, LADR or SIZ damage a chain's first block" },
	[SWITCH_STALE_FIFO] = { "stale_fifo", "off on", "3.10",
		"an early end leaves data that leads the next transfer" },
	[SWITCH_BUSY_WRITE] = { "busy_write", "stored ignored", "12, 14",
		"what a write to a busy channel's registers does" },
	[SWITCH_ZERO_IN_CHAIN] = { "zero_in_chain", "skip end", "12, 15",
		"a zero length in a chain moves nothing, or ends it" },
	[SWITCH_DEMAND_CH1] = { "demand_ch1", "off on", "3.8, 12, 13",
		"channel 1 has DREQ# (9080: on); else its demand bit is idle" },
	[SWITCH_TARGET_ABORT_GARBAGE] = { "target_abort_garbage", "off on",
		"5.1", "a target abort writes one garbage Lword locally" },
	[SWITCH_DN3_TRAP] = { "dn3_trap", "off on", "4.1, 7.2 DN3",
		"INTA# without a status bit while INTCSR[18/19] is 0 "
		"(9080: on)" },
	[SWITCH_INTX_DISABLE] = { "intx_disable", "off on", "1.5, 12, 2",
		"Command bit 10 and Status bit 3 as in PCI 2.3" },
	[SWITCH_COMMAND_DECODE] = { "command_decode", "off on", "1.4",
		"BARs answer only with Command bits 0 and 1 set" },
	[SWITCH_DMAMODE_RESET] = { "dmamode_reset", "43 03 83", "12, 1",
		"reset value of DMAMODE (9080: 03)" },
	[SWITCH_EROMRR_RESET] = { "eromrr_reset", "ffff0000 0", "2.2",
		"reset value of EROMRR" },
	[SWITCH_RESET_SCOPE] = { "reset_scope", "dma local", "5.3, 12, 8",
		"software reset clears the DMA registers too, or not" },
	[SWITCH_RELOAD] = { "reload", "edge level", "12, 8",
		"CNTRL[29] reloads on 0 to 1, or on any write of 1" },
	[SWITCH_EEDI_READ] = { "eedi_read", "on off", "6.3",
		"EEPROM reads need EEDI = 1 (9054), EEDO enable (9056)" },
	[SWITCH_EEPROM_CNTRL] = { "eeprom_cntrl", "on off", "6.4",
		"the EEPROM is reached through CNTRL (9054 AA: off)" },
	[SWITCH_EEPROM_VPD] = { "eeprom_vpd", "good flaky", "6.4",
		"each second VPD access never ends (9054 AA, AB: flaky)" },
	[SWITCH_EEPROM_PROTECT] = { "eeprom_protect", "both vpd", "2.3",
		"PROT_AREA guards CNTRL and VPD writes, or VPD alone" },
};

const struct model_switch *model_switches(void)
{
	return table;
}

/* The position of a word in a list of words, or -1. */
static int word_position(const char *list, const char *word)
{
	size_t size = strlen(word);
	int position = 0;

	while (*list) {
		size_t length = strcspn(list, " ");

		if (length == size && !memcmp(list, word, size))
			return position;
		list += length;
		list += strspn(list, " ");
		position++;
	}
	return -1;
}

static void switch_set(struct model *m, enum model_switch_id id,
		       const char *value)
{
	m->switches[id] = (unsigned int)word_position(table[id].values, value);
}

void switch_defaults(struct model *m)
{
	switch (m->chip->chip) {
	case CHIP_9080:
		switch_set(m, SWITCH_DN3_TRAP, "on");
		switch_set(m, SWITCH_DMAMODE_RESET, "03");
		switch_set(m, SWITCH_DEMAND_CH1, "on");
		break;
	case CHIP_9054AA:
		switch_set(m, SWITCH_EEPROM_CNTRL, "off");
		switch_set(m, SWITCH_EEPROM_VPD, "flaky");
		break;
	case CHIP_9054AB:
		switch_set(m, SWITCH_EEPROM_VPD, "flaky");
		break;
	case CHIP_9056:
	case CHIP_9656:
	case CHIP_8311:
		switch_set(m, SWITCH_CLEARCOUNT_WRITEBACK, "on");
		switch_set(m, SWITCH_DEMAND_CH1, "on");
		break;
	case CHIP_9054AC:
		break;
	}
}

/* Return: 1 if the name is a switch's, 0 if it is none, or -EINVAL. */
int switch_parse(struct model *m, const char *name, const char *value,
		 struct error *error)
{
	for (unsigned int i = 0; i < SWITCHES; i++) {
		int position;

		if (strcmp(table[i].name, name))
			continue;
		position = word_position(table[i].values, value);
		if (position < 0)
			return error_set(error, -EINVAL,
					 "model: %s=%s: one of \"%s\"", name,
					 value, table[i].values);
		m->switches[i] = (unsigned int)position;
		return 1;
	}
	return 0;
}
