/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PCI configuration space (chip ref. 1.3, 1.4).
 *
 * Kept as bytes with a mask of writable bits and one of bits that ones clear.
 * BARs take their size from the range registers at the time of the access.
 */
#include <string.h>

#include "model/card.h"

static uint32_t load(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

uint32_t config_get(const struct model *m, unsigned int offset)
{
	return load(&m->config[offset & 0xfc]);
}

void config_put(struct model *m, unsigned int offset, uint32_t value)
{
	uint8_t *to = &m->config[offset & 0xfc];

	for (unsigned int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

bool config_master(const struct model *m)
{
	return m->config[PLX_CFG_COMMAND] & PLX_COMMAND_MASTER &&
	       config_powered(m);
}

uint16_t config_status(const struct model *m)
{
	return (uint16_t)(config_get(m, PLX_CFG_COMMAND) >> 16);
}

void config_set_status(struct model *m, uint16_t bits)
{
	config_put(m, PLX_CFG_COMMAND,
		   config_get(m, PLX_CFG_COMMAND) | (uint32_t)bits << 16);
}

void config_reset(struct model *m)
{
	memset(m->config, 0, sizeof(m->config));
	config_put(m, PLX_CFG_ID, (m->chip->hidr & 0xffff0000) | PLX_VENDOR);
	config_put(m, PLX_CFG_COMMAND, (uint32_t)m->chip->status << 16);
	config_put(m, PLX_CFG_REVISION, 0x06800000u | m->chip->revision);
	config_put(m, PLX_CFG_SUBSYSTEM,
		   (m->chip->hidr & 0xffff0000) | PLX_VENDOR);
	config_put(m, PLX_CFG_INT_LINE, 0x00000100);
	if (!m->chip->caps)
		return;
	config_put(m, PLX_CFG_CAPABILITIES, PLX_CFG_PM);
	config_put(m, PLX_CFG_PM, 0x00014801);
	config_put(m, PLX_CFG_HOT_SWAP, 0x00004c06);
	config_put(m, PLX_CFG_VPD, 0x00000003);
}

static uint32_t bar_mask(const struct model *m, unsigned int bar)
{
	struct space space;

	if (!space_find(m, bar, &space))
		return 0;
	return (uint32_t)~(space.size - 1) & (space.io ? ~3u : ~15u);
}

/* Bits that a write from PCI stores. */
static uint32_t writable(const struct model *m, unsigned int offset)
{
	uint32_t intx = switch_value(m, SWITCH_INTX_DISABLE) ? PLX_BIT(10) : 0;

	switch (offset) {
	case PLX_CFG_COMMAND:
		return PLX_COMMAND_WRITABLE | intx;
	case PLX_CFG_CACHE_LINE:
		return 0x4000ffff;
	case PLX_CFG_BAR0:
	case PLX_CFG_BAR1:
	case PLX_CFG_BAR2:
	case PLX_CFG_BAR3:
		return bar_mask(m, (offset - PLX_CFG_BAR0) / 4);
	case PLX_CFG_ROM:
		return 0xfffff801;
	case PLX_CFG_INT_LINE:
		return 0x000000ff;
	case PLX_CFG_PMCSR:
		return m->chip->caps ? 0x00007f03 : 0;
	case PLX_CFG_HOT_SWAP:
		return m->chip->caps ? 0x000a0000 : 0;
	case PLX_CFG_VPD:
		return m->chip->caps ? 0xffff0000 : 0;
	case PLX_CFG_VPD_DATA:
		return m->chip->caps ? 0xffffffff : 0;
	default:
		return 0;
	}
}

/* Bits that ones clear. */
static uint32_t w1c(const struct model *m, unsigned int offset)
{
	switch (offset) {
	case PLX_CFG_COMMAND:
		return (uint32_t)PLX_STATUS_W1C << 16;
	case PLX_CFG_PMCSR:
		return m->chip->caps ? 0x00008000 : 0;
	case PLX_CFG_HOT_SWAP:
		return m->chip->caps ? 0x00c00000 : 0;
	default:
		return 0;
	}
}

static uint32_t bar_read(const struct model *m, unsigned int bar)
{
	struct space space;

	if (!space_find(m, bar, &space))
		return 0;
	return (config_get(m, PLX_CFG_BAR0 + 4 * bar) & bar_mask(m, bar)) |
	       space.flags;
}

static uint32_t config_compose(const struct model *m, unsigned int offset)
{
	uint32_t value = config_get(m, offset);

	switch (offset) {
	case PLX_CFG_ID:
		if (reg_get(m, PLX_MARBR) & PLX_MARBR_SUBSYSTEM_IDS)
			return config_get(m, PLX_CFG_SUBSYSTEM);
		break;
	case PLX_CFG_COMMAND:
		if (switch_value(m, SWITCH_INTX_DISABLE) && m->irq.cause)
			value |= PLX_BIT(19); /* Status bit 3 */
		break;
	case PLX_CFG_BAR0:
	case PLX_CFG_BAR1:
	case PLX_CFG_BAR2:
	case PLX_CFG_BAR3:
		return bar_read(m, (offset - PLX_CFG_BAR0) / 4);
	default:
		break;
	}
	return value;
}

/* A channel that had to wait for bus mastering goes on; where it is taken
 * away, no burst is under way any more when the write is done. */
static void command_written(struct model *m, uint32_t before, uint32_t after)
{
	if (before & ~after & PLX_COMMAND_MASTER) {
		engine_await_channel(m, &m->channel[0]);
		engine_await_channel(m, &m->channel[1]);
	}
	if (!(~before & after & PLX_COMMAND_MASTER)) {
		timing_settle(m);
		return;
	}
	engine_unstall(m, &m->channel[0]);
	engine_unstall(m, &m->channel[1]);
}

static void config_write_lword(struct model *m, unsigned int offset,
			       uint32_t enables, uint32_t value)
{
	uint32_t mask = writable(m, offset) & enables;
	uint32_t before = config_get(m, offset), after;

	after = (before & ~mask) | (value & mask);
	after &= ~(w1c(m, offset) & value & enables);
	config_put(m, offset, after);
	/* An access to the VPD address starts it (chip ref. 6.4). */
	if (offset == PLX_CFG_VPD && m->chip->caps && enables & 0x80000000u)
		vpd_access(m);
	if (offset == PLX_CFG_COMMAND)
		command_written(m, before, after);
	if (offset == PLX_CFG_PMCSR && (before ^ after) & PLX_PMCSR_POWER_STATE)
		interrupt_power(m);
	interrupt_update(m);
}

static bool regular(struct model *m, unsigned int offset, unsigned int width)
{
	if ((width == 8 || width == 16 || width == 32) &&
	    !(offset & (width / 8 - 1)) && offset < MODEL_CONFIG_SIZE)
		return true;
	model_violate(m, MODEL_VIOLATION_BAD_ACCESS);
	return false;
}

uint32_t model_config_read(struct model *m, unsigned int offset,
			   unsigned int width)
{
	uint32_t mask = width >= 32 ? 0xffffffffu : (1u << width) - 1;
	uint32_t value = mask;

	model_enter(m);
	m->counters.config_reads++;
	memory_drain(m);
	if (regular(m, offset, width) && !m->gone)
		value = config_compose(m, offset & ~3u) >> offset % 4 * 8 &
			mask;
	trace_access(m, MODEL_TRACE_READ, MODEL_TRACE_CONFIG, offset, width,
		     value);
	model_leave(m);
	return value;
}

void model_config_write(struct model *m, unsigned int offset,
			unsigned int width, uint32_t value)
{
	uint32_t mask = width >= 32 ? 0xffffffffu : (1u << width) - 1;
	unsigned int shift = offset % 4 * 8;

	model_enter(m);
	m->counters.config_writes++;
	trace_access(m, MODEL_TRACE_WRITE, MODEL_TRACE_CONFIG, offset, width,
		     value & mask);
	if (regular(m, offset, width) && !m->gone)
		config_write_lword(m, offset & ~3u, mask << shift,
				   (value & mask) << shift);
	model_leave(m);
}
