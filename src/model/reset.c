/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Resets, and what they destroy (chip ref. 5.3).
 *
 * CNTRL[30] takes the local configuration (and, by switch, the DMA
 * registers) and the board with it; BAR2 and BAR3 go with the space enables.
 * A reload brings the EEPROM's idea of the configuration, and so loses the
 * Interrupt Line.
 */
#include "model/card.h"

struct loaded {
	uint8_t eeprom; /* byte offset */
	uint8_t target; /* offset of register or configuration space */
	bool config;
};

static const struct loaded normal[] = {
	{ PLX_EE_ID, PLX_CFG_ID, true },
	{ PLX_EE_CLASS_REVISION, PLX_CFG_REVISION, true },
	{ PLX_EE_LATENCY_INT, PLX_CFG_INT_LINE, true },
	{ PLX_EE_MBOX0, PLX_MBOX0, false },
	{ PLX_EE_MBOX1, PLX_MBOX1, false },
	{ PLX_EE_LAS0RR, PLX_LAS0RR, false },
	{ PLX_EE_LAS0BA, PLX_LAS0BA, false },
	{ PLX_EE_MARBR, PLX_MARBR, false },
	{ PLX_EE_BIGEND, PLX_BIGEND, false },
	{ PLX_EE_EROMRR, PLX_EROMRR, false },
	{ PLX_EE_EROMBA, PLX_EROMBA, false },
	{ PLX_EE_LBRD0, PLX_LBRD0, false },
	{ PLX_EE_DMRR, PLX_DMRR, false },
	{ PLX_EE_DMLBAM, PLX_DMLBAM, false },
	{ PLX_EE_DMLBAI, PLX_DMLBAI, false },
	{ PLX_EE_DMPBAM, PLX_DMPBAM, false },
	{ PLX_EE_DMCFGA, PLX_DMCFGA, false },
};

/* With LBRD0[25] (chip ref. 6.2). */
static const struct loaded extra[] = {
	{ PLX_EE_SUBSYSTEM, PLX_CFG_SUBSYSTEM, true },
	{ PLX_EE_LAS1RR, PLX_LAS1RR, false },
	{ PLX_EE_LAS1BA, PLX_LAS1BA, false },
	{ PLX_EE_LBRD1, PLX_LBRD1, false },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void load_all(struct model *m, const struct loaded *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t value = eeprom_lword(m, list[i].eeprom);
		const struct register_row *row = m->row[list[i].target / 4];

		if (list[i].config)
			config_put(m, list[i].target, value);
		else
			m->reg[list[i].target / 4] =
				value & (row->rw | row->local_rw);
	}
}

/* CNTRL[29], and power-on.  Without a valid EEPROM nothing changes. */
void reset_reload(struct model *m)
{
	if (!m->eeprom.present || eeprom_blank(m))
		return;
	load_all(m, normal, COUNT(normal));
	if (!(reg_get(m, PLX_LBRD0) & PLX_LBRD0_EXTRA_LONG))
		return;
	load_all(m, extra, COUNT(extra));
	if (m->chip->caps)
		config_put(m, PLX_CFG_HOT_SWAP,
			   eeprom_lword(m, PLX_EE_HOT_SWAP) & 0x00ffffff);
	if (!m->chip->is_9056)
		return;
	m->reg[PLX_PCIARB / 4] =
		eeprom_lword(m, PLX_EE_PCIARB) & m->row[PLX_PCIARB / 4]->rw;
	config_put(m, PLX_CFG_PM, eeprom_lword(m, PLX_EE_PMC));
	config_put(m, PLX_CFG_PMCSR, eeprom_lword(m, PLX_EE_PMCSR));
}

static void registers_default(struct model *m, unsigned int first,
			      unsigned int last)
{
	for (unsigned int offset = first; offset <= last; offset += 4)
		m->reg[offset / 4] = register_reset_value(m, offset);
}

static bool is_dma(unsigned int offset)
{
	return offset >= PLX_DMAMODE0 && offset <= PLX_DMADAC1;
}

/* CNTRL[30] goes to 1; LRESETo# stays active until it is cleared. */
void reset_software(struct model *m)
{
	trace_level(m, MODEL_TRACE_RESET, true);
	registers_default(m, PLX_LAS0RR, PLX_DMCFGA);
	registers_default(m, PLX_LAS1RR, PLX_DMDAC);
	if (m->chip->is_9056)
		registers_default(m, PLX_PCIARB, PLX_PCIARB);
	for (unsigned int i = 0; i < MODEL_REGISTERS; i++) {
		if (is_dma(i * 4) && switch_value(m, SWITCH_RESET_SCOPE) == 0)
			m->reg[i] = register_reset_value(m, i * 4);
	}
	config_put(m, PLX_CFG_BAR2, 0);
	config_put(m, PLX_CFG_BAR3, 0);
	channel_reset(m, 0);
	channel_reset(m, 1);
	board_reset(m);
	interrupt_update(m);
}

/* As another program would do it: reset, release, reload. */
void reset_by_somebody(struct model *m)
{
	reset_software(m);
	reset_reload(m);
	interrupt_update(m);
}

/* RST#: as reset_software(), and everything that only power-on sets besides. */
void model_reset(struct model *m)
{
	model_enter(m);
	reset_software(m);
	registers_reset(m);
	for (unsigned int i = 0; i < 4; i++)
		m->queue_full[i] = false;
	config_reset(m);
	reset_reload(m);
	interrupt_update(m);
	model_leave(m);
}

void reset_power_on(struct model *m)
{
	registers_reset(m);
	/* What an undriven USERi reads as; the board comes later. */
	m->user_in = reg_get(m, PLX_CNTRL) & PLX_CNTRL_USERI;
	config_reset(m);
	for (unsigned int n = 0; n < 2; n++) {
		m->channel[n].index = n;
		m->channel[n].done = true;
	}
	reset_reload(m);
	interrupt_update(m);
}
