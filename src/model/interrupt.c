/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts: INTCSR's gates, and INTA# and LINTo# as levels (chip ref. 4).
 *
 * Levels follow from state, so interrupt_update() is called after whatever
 * may have changed one.  It only notes the level; the host is told when the
 * lock is given back, see access.c.
 */
#include "model/card.h"

#define LATE_NS	 2000000 /* a late interrupt */
#define STORM_NS 1000000 /* a neighbour's */

#define STATUS_ABORTS 0x3800 /* PCI Status 13:11 */

static bool channel_pending(const struct model *m, unsigned int n)
{
	return m->channel[n].irq && reg_get(m, PLX_INTCSR) & 1u << (18 + n);
}

static bool channel_to_pci(const struct model *m, unsigned int n)
{
	return reg_get(m, n ? PLX_DMAMODE1 : PLX_DMAMODE0) & 1u << 17;
}

/* INTCSR as it reads: the latched bits, and those that show a source. */
uint32_t interrupt_status(const struct model *m)
{
	uint32_t value = reg_get(m, PLX_INTCSR) & ~0x00f0e000u;

	if (reg_get(m, PLX_L2PDBELL))
		value |= 1u << 13;
	if (config_status(m) & STATUS_ABORTS)
		value |= 1u << 14;
	if (m->irq.linti)
		value |= 1u << 15;
	if (reg_get(m, PLX_P2LDBELL))
		value |= 1u << 20;
	for (unsigned int n = 0; n < 2; n++)
		value |= channel_pending(m, n) ? 1u << (21 + n) : 0;
	if (m->config[0x0f] & 0x40)
		value |= 1u << 23;
	return value;
}

/* On the 9080 an unlisted source still pulls INTA# (chip ref. 7.2, DN3). */
static bool channel_asserts(const struct model *m, unsigned int n)
{
	if (!channel_to_pci(m, n))
		return false;
	if (channel_pending(m, n))
		return true;
	return switch_value(m, SWITCH_DN3_TRAP) && m->channel[n].irq;
}

static bool inta(const struct model *m)
{
	uint32_t intcsr = reg_get(m, PLX_INTCSR);

	if (!(intcsr & 1u << 8) || m->gone)
		return false;
	if (switch_value(m, SWITCH_INTX_DISABLE) &&
	    config_get(m, 0x04) & 1u << 10)
		return false;
	return (intcsr & 1u << 9 && reg_get(m, PLX_L2PDBELL)) ||
	       (intcsr & 1u << 10 && config_status(m) & STATUS_ABORTS) ||
	       (intcsr & 1u << 11 && m->irq.linti) || channel_asserts(m, 0) ||
	       channel_asserts(m, 1) ||
	       (!(reg_get(m, PLX_OPQIM) & 1u << 3) &&
		queue_outbound_post_pending(m));
}

static bool linto(const struct model *m)
{
	uint32_t intcsr = reg_get(m, PLX_INTCSR);

	if (!(intcsr & 1u << 16))
		return false;
	return (intcsr & 1u << 17 && reg_get(m, PLX_P2LDBELL)) ||
	       (intcsr & 1u << 3 && intcsr & 0xf0000000u) ||
	       (intcsr & 1u << 4 && intcsr & 1u << 5) ||
	       m->config[0x0f] & 0x40 ||
	       (channel_pending(m, 0) && !channel_to_pci(m, 0)) ||
	       (channel_pending(m, 1) && !channel_to_pci(m, 1)) ||
	       (!(reg_get(m, PLX_QSR) & 1u << 4) && queue_status(m) & 1u << 5);
}

/* A rising edge is where faults of interrupts strike. */
static void interrupt_rises(struct model *m)
{
	struct interrupts *irq = &m->irq;

	switch (fault_fires(m, FAULT_IRQ, 0)) {
	case FAULT_GONE:
		m->gone = true;
		break;
	case FAULT_RESET:
		reset_by_somebody(m);
		break;
	case FAULT_LOST_IRQ:
		irq->lost = true;
		break;
	case FAULT_LATE_IRQ:
		irq->late_until = timing_now(m) + LATE_NS;
		break;
	case FAULT_STORM:
		irq->storm_until = timing_now(m) + STORM_NS;
		break;
	default:
		break;
	}
}

static void interrupt_timers(struct model *m)
{
	struct interrupts *irq = &m->irq;
	uint64_t now;

	if (!irq->late_until && !irq->storm_until)
		return;
	now = timing_now(m);
	if (irq->late_until <= now)
		irq->late_until = 0;
	if (irq->storm_until <= now)
		irq->storm_until = 0;
}

void interrupt_update(struct model *m)
{
	struct interrupts *irq = &m->irq;
	bool before = irq->cause, cause = inta(m), level;

	irq->cause = cause;
	if (cause && !before && m->faults.count) {
		interrupt_rises(m);
		cause = inta(m);
		irq->cause = cause;
	}
	if (!cause) {
		irq->lost = false;
		irq->late_until = 0;
	}
	interrupt_timers(m);
	level = (cause && !irq->lost && !irq->late_until) || irq->storm_until;
	if (level && !irq->wanted)
		m->counters.interrupts++;
	irq->wanted = level;
	if (linto(m) && !irq->linto && m->chip->caps)
		m->reg[PLX_CNTRL / 4] |= PLX_CNTRL_LINTO_STATUS;
	irq->linto = linto(m);
}

/* The power state changed, which the local side may want to know. */
void interrupt_power(struct model *m)
{
	m->reg[PLX_INTCSR / 4] |= PLX_INTCSR_PM;
}

/* INTCSR was written: bit 2 going to 1 asserts SERR#. */
void interrupt_written(struct model *m, uint32_t before)
{
	uint32_t risen = reg_get(m, PLX_INTCSR) & ~before;

	if (risen & PLX_INTCSR_SERR && config_get(m, 0x04) & PLX_COMMAND_SERR)
		config_set_status(m, PLX_STATUS_SIGNALED_SERR);
}

/* When a late or a neighbour's interrupt changes the level by itself. */
uint64_t interrupt_next(const struct model *m)
{
	uint64_t next = MODEL_NEVER;

	if (m->irq.late_until)
		next = m->irq.late_until;
	if (m->irq.storm_until && m->irq.storm_until < next)
		next = m->irq.storm_until;
	return next;
}

/*
 * Bits 27:24 tell who was master at the last abort, and stay until the next
 * one (chip ref. 4.2, 5.1).
 */
void interrupt_abort(struct model *m, int channel, bool retries)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	*intcsr |= 0x0f000000;
	*intcsr &= ~(1u << (25 + channel));
	if (retries)
		*intcsr &= ~(1u << 27);
	if (*intcsr & PLX_INTCSR_LSERR_ABORT && m->chip->caps)
		m->reg[PLX_CNTRL / 4] |= PLX_CNTRL_LSERR_STATUS;
	interrupt_update(m);
}
