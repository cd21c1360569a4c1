/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The register file: byte, word and Lword accesses from both sides.
 *
 * An access is an Lword with byte enables, as on the bus.  The table says
 * which bits store, which are cleared by ones and which only read; what else
 * a register does stands in registers_effect() and registers_compose().
 */
#include "model/card.h"

void registers_reset(struct model *m)
{
	for (unsigned int i = 0; i < MODEL_REGISTERS; i++) {
		m->row[i] = register_row_find(m->chip->chip, i * 4);
		m->reg[i] = register_reset_value(m, i * 4);
	}
}

/* Registers that are seen at two places are stored at one. */
static unsigned int home(unsigned int offset)
{
	switch (offset) {
	case PLX_DMAARB:
		return PLX_MARBR;
	case PLX_MBOX0_ALIAS:
		return PLX_MBOX0;
	case PLX_MBOX1_ALIAS:
		return PLX_MBOX1;
	default:
		return offset;
	}
}

static uint32_t cntrl_compose(struct model *m)
{
	uint32_t value = reg_get(m, PLX_CNTRL) & ~PLX_CNTRL_USERI;

	value |= m->user_in ? PLX_CNTRL_USERI : 0;
	value |= eeprom_out(m) ? PLX_CNTRL_EEDO : 0;
	value |= m->eeprom.present ? PLX_CNTRL_EEPROM_PRESENT : 0;
	if (m->chip->chip == CHIP_9080)
		value |= PLX_CNTRL_LOCAL_INIT;
	return value;
}

/* The value that a read of the Lword at @offset sees. */
static uint32_t registers_compose(struct model *m, enum model_side side,
				  unsigned int offset)
{
	switch (offset) {
	case PLX_OPQIS:
		return queue_outbound_post_pending(m) ? PLX_OPQIS_NOT_EMPTY : 0;
	case PLX_MBOX0:
	case PLX_MBOX1:
		if (side == SIDE_PCI && queue_port(m, offset))
			return queue_port_read(m, offset);
		mailbox_read(m, side, (offset - PLX_MBOX0) / 4);
		break;
	case PLX_MBOX2:
	case PLX_MBOX3:
		mailbox_read(m, side, (offset - PLX_MBOX0) / 4);
		break;
	case PLX_MBOX0_ALIAS:
	case PLX_MBOX1_ALIAS:
		mailbox_read(m, side, (offset - PLX_MBOX0_ALIAS) / 4);
		break;
	case PLX_INTCSR:
		return interrupt_status(m);
	case PLX_CNTRL:
		return cntrl_compose(m);
	case PLX_DMACSR0:
		return channel_status(m, 0) | (uint32_t)channel_status(m, 1)
			<< 8;
	case PLX_IFHPR:
	case PLX_IFTPR:
	case PLX_IPHPR:
	case PLX_IPTPR:
	case PLX_OFHPR:
	case PLX_OFTPR:
	case PLX_OPHPR:
	case PLX_OPTPR:
		return queue_pointer(m, offset);
	case PLX_QSR:
		return queue_status(m);
	default:
		break;
	}
	return reg_get(m, home(offset));
}

static int channel_of(unsigned int offset)
{
	if (offset >= PLX_DMAMODE0 && offset <= PLX_DMADPR0)
		return 0;
	if (offset >= PLX_DMAMODE1 && offset <= PLX_DMADPR1)
		return 1;
	if (offset == PLX_DMADAC0 || offset == PLX_DMADAC1)
		return offset == PLX_DMADAC1;
	return -1;
}

/* Return: whether the write is to be stored. */
static bool registers_busy_write(struct model *m, unsigned int offset)
{
	int channel = channel_of(offset);

	if (channel < 0 || m->channel[channel].done)
		return true;
	model_violate(m, MODEL_VIOLATION_BUSY_CHANNEL);
	return switch_value(m, SWITCH_BUSY_WRITE) == 0;
}

static void cntrl_effect(struct model *m, uint32_t before, uint32_t written)
{
	uint32_t after = reg_get(m, PLX_CNTRL);
	uint32_t risen = after & ~before;

	eeprom_pins(m, before, after);
	if ((before ^ after) & PLX_CNTRL_USERO)
		board_user_out(m, after & PLX_CNTRL_USERO);
	if (risen & PLX_CNTRL_RESET)
		reset_software(m);
	if (switch_value(m, SWITCH_RELOAD) == 0 ? risen & PLX_CNTRL_RELOAD :
						  written & PLX_CNTRL_RELOAD)
		reset_reload(m);
}

/* DMACSR0 and DMACSR1 are bytes: only those that are enabled are written. */
static void dmacsr_write(struct model *m, uint32_t enables, uint32_t value)
{
	if (enables & value &
	    (PLX_DMACSR_RESERVED | PLX_DMACSR_RESERVED << 8))
		model_violate(m, MODEL_VIOLATION_RESERVED_BITS);
	if (enables & 0xff)
		channel_control(m, 0, (uint8_t)value);
	if (enables & 0xff00)
		channel_control(m, 1, (uint8_t)(value >> 8));
}

static void doorbell_write(struct model *m, enum model_side side,
			   unsigned int offset, uint32_t bits)
{
	enum model_side sets = offset == PLX_P2LDBELL ? SIDE_PCI : SIDE_LOCAL;

	if (side == sets)
		m->reg[offset / 4] |= bits;
	else
		m->reg[offset / 4] &= ~bits;
}

/* What a write does beyond storing; most only store. */
static void registers_effect(struct model *m, enum model_side side,
			     unsigned int offset, uint32_t before,
			     uint32_t written)
{
	switch (offset) {
	case PLX_MBOX0:
	case PLX_MBOX1:
	case PLX_MBOX2:
	case PLX_MBOX3:
		mailbox_written(m, side, (offset - PLX_MBOX0) / 4);
		break;
	case PLX_MBOX0_ALIAS:
	case PLX_MBOX1_ALIAS:
		mailbox_written(m, side, (offset - PLX_MBOX0_ALIAS) / 4);
		break;
	case PLX_CNTRL:
		cntrl_effect(m, before, written);
		break;
	case PLX_IFHPR:
	case PLX_IFTPR:
	case PLX_IPHPR:
	case PLX_IPTPR:
	case PLX_OFHPR:
	case PLX_OFTPR:
	case PLX_OPHPR:
	case PLX_OPTPR:
		queue_pointer_written(m, offset, before);
		break;
	case PLX_INTCSR:
		interrupt_written(m, before);
		break;
	case PLX_DMAMODE0:
	case PLX_DMAMODE1:
		/* Routes an interrupt that is there. */
		if (!m->channel[channel_of(offset)].irq)
			return;
		break;
	case PLX_OPQIM:
	case PLX_MQCR:
	case PLX_QSR:
		break;
	default:
		return;
	}
	interrupt_update(m);
}

static void registers_store(struct model *m, enum model_side side,
			    const struct register_row *row, uint32_t enables,
			    uint32_t value)
{
	unsigned int at = home(row->offset) / 4;
	uint32_t mask = side == SIDE_PCI ? row->rw : row->local_rw;
	uint32_t before = m->reg[at];

	if (enables & value & ~(row->rw | row->local_rw | row->w1c | row->ro))
		model_violate(m, MODEL_VIOLATION_RESERVED_BITS);
	m->reg[at] = (before & ~(mask & enables)) | (value & mask & enables);
	m->reg[at] &= ~(row->w1c & value & enables);
	registers_effect(m, side, row->offset, before, value & enables);
}

static void registers_write_lword(struct model *m, enum model_side side,
				  unsigned int offset, uint32_t enables,
				  uint32_t value)
{
	const struct register_row *row = m->row[offset / 4];

	if (!row)
		return;
	if (offset == PLX_DMACSR0) {
		dmacsr_write(m, enables, value);
		return;
	}
	if (offset == PLX_P2LDBELL || offset == PLX_L2PDBELL) {
		doorbell_write(m, side, offset, value & enables);
		interrupt_update(m);
		return;
	}
	if (side == SIDE_PCI && queue_port(m, offset)) {
		queue_port_write(m, offset, value);
		interrupt_update(m);
		return;
	}
	if (registers_busy_write(m, offset))
		registers_store(m, side, row, enables, value);
}

static uint32_t width_mask(unsigned int width)
{
	return width >= 32 ? 0xffffffffu : (1u << width) - 1;
}

static bool regular(struct model *m, unsigned int offset, unsigned int width)
{
	if ((width == 8 || width == 16 || width == 32) &&
	    !(offset & (width / 8 - 1)))
		return true;
	model_violate(m, MODEL_VIOLATION_BAD_ACCESS);
	return false;
}

/* Held in reset the chip answers PCI only (chip ref. 5.3). */
static bool deaf(const struct model *m, enum model_side side)
{
	return side == SIDE_LOCAL && reg_get(m, PLX_CNTRL) & PLX_CNTRL_RESET;
}

/* A misaligned access reaches the bus as single bytes. */
uint32_t registers_read(struct model *m, enum model_side side,
			unsigned int offset, unsigned int width)
{
	unsigned int shift = offset % 4 * 8;
	uint32_t mask = width_mask(width), value = 0;

	if (deaf(m, side))
		return mask;
	if (!regular(m, offset, width)) {
		for (unsigned int i = 0; i < width / 8 && i < 4; i++)
			value |= registers_read(m, side, offset + i, 8)
				<< 8 * i;
		return value;
	}
	if (offset / 4 >= MODEL_REGISTERS || !m->row[offset / 4])
		return 0;
	value = registers_compose(m, side, offset & ~3u);
	return value >> shift & mask;
}

void registers_write(struct model *m, enum model_side side,
		     unsigned int offset, unsigned int width, uint32_t value)
{
	unsigned int shift = offset % 4 * 8;
	uint32_t mask = width_mask(width);

	if (deaf(m, side))
		return;
	if (!regular(m, offset, width)) {
		for (unsigned int i = 0; i < width / 8 && i < 4; i++)
			registers_write(m, side, offset + i, 8,
					value >> 8 * i & 0xff);
		return;
	}
	if (offset / 4 >= MODEL_REGISTERS)
		return;
	registers_write_lword(m, side, offset & ~3u, mask << shift,
			      (value & mask) << shift);
}
