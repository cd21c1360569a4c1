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

/* Bits of INTCSR that show what is elsewhere. */
#define SHOWN                                                          \
	(PLX_INTCSR_DOORBELL | PLX_INTCSR_ABORT | PLX_INTCSR_LINT |    \
	 PLX_INTCSR_LOCAL_DOORBELL | PLX_INTCSR_DMA0 | PLX_INTCSR_DMA1 | \
	 PLX_INTCSR_BIST)

static bool bist(const struct model *m)
{
	return m->config[PLX_CFG_BIST] & 0x40;
}

static bool gated(uint32_t intcsr, uint32_t enable, uint32_t status)
{
	return intcsr & enable && intcsr & status;
}

static bool channel_pending(const struct model *m, unsigned int n)
{
	return m->channel[n].irq &&
	       reg_get(m, PLX_INTCSR) & PLX_INTCSR_DMA_ENABLE(n);
}

static bool channel_to_pci(const struct model *m, unsigned int n)
{
	return reg_get(m, PLX_DMAMODE(n)) & PLX_DMAMODE_PCI_INTERRUPT;
}

/* INTCSR as it reads: the latched bits, and those that show a source. */
uint32_t interrupt_status(const struct model *m)
{
	uint32_t value = reg_get(m, PLX_INTCSR) & ~SHOWN;

	if (reg_get(m, PLX_L2PDBELL))
		value |= PLX_INTCSR_DOORBELL;
	if (config_status(m) & PLX_STATUS_ABORTS)
		value |= PLX_INTCSR_ABORT;
	if (m->irq.linti)
		value |= PLX_INTCSR_LINT;
	if (reg_get(m, PLX_P2LDBELL))
		value |= PLX_INTCSR_LOCAL_DOORBELL;
	for (unsigned int n = 0; n < 2; n++)
		value |= channel_pending(m, n) ? PLX_INTCSR_DMA(n) : 0;
	if (bist(m))
		value |= PLX_INTCSR_BIST;
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

static bool inta(const struct model *m, uint32_t intcsr)
{
	if (!(intcsr & PLX_INTCSR_PCI_ENABLE) || m->gone)
		return false;
	if (switch_value(m, SWITCH_INTX_DISABLE) &&
	    config_get(m, PLX_CFG_COMMAND) & PLX_BIT(10))
		return false;
	return gated(intcsr, PLX_INTCSR_DOORBELL_ENABLE, PLX_INTCSR_DOORBELL) ||
	       gated(intcsr, PLX_INTCSR_ABORT_ENABLE, PLX_INTCSR_ABORT) ||
	       gated(intcsr, PLX_INTCSR_LINT_ENABLE, PLX_INTCSR_LINT) ||
	       channel_asserts(m, 0) || channel_asserts(m, 1) ||
	       (!(reg_get(m, PLX_OPQIM) & PLX_OPQIM_MASK) &&
		queue_outbound_post_pending(m));
}

static bool linto(const struct model *m, uint32_t intcsr)
{
	if (!(intcsr & PLX_INTCSR_LOCAL_ENABLE))
		return false;
	return gated(intcsr, PLX_INTCSR_LOCAL_DOORBELL_ENABLE,
		     PLX_INTCSR_LOCAL_DOORBELL) ||
	       gated(intcsr, PLX_INTCSR_MAILBOX_ENABLE,
		     PLX_INTCSR_MAILBOX_MASK) ||
	       gated(intcsr, PLX_INTCSR_PM_ENABLE, PLX_INTCSR_PM) ||
	       intcsr & PLX_INTCSR_BIST ||
	       (channel_pending(m, 0) && !channel_to_pci(m, 0)) ||
	       (channel_pending(m, 1) && !channel_to_pci(m, 1)) ||
	       (!(reg_get(m, PLX_QSR) & PLX_QSR_INBOUND_MASK) &&
		queue_status(m) & PLX_QSR_INBOUND_NOT_EMPTY);
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
	uint32_t intcsr = interrupt_status(m);
	bool before = irq->cause, cause = inta(m, intcsr), level;

	irq->cause = cause;
	if (cause && !before && m->faults.count) {
		interrupt_rises(m);
		intcsr = interrupt_status(m);
		cause = inta(m, intcsr);
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
	if (level != irq->wanted)
		trace_level(m, MODEL_TRACE_INTX, level);
	irq->wanted = level;
	level = linto(m, intcsr);
	if (level && !irq->linto && m->chip->caps)
		m->reg[PLX_CNTRL / 4] |= PLX_CNTRL_LINTO_STATUS;
	if (level != irq->linto)
		trace_level(m, MODEL_TRACE_LINTO, level);
	irq->linto = level;
}

/* The power state changed, which the local side may want to know. */
void interrupt_power(struct model *m)
{
	m->reg[PLX_INTCSR / 4] |= PLX_INTCSR_PM;
}

/* INTCSR was written: bit 2 going to 1 asserts SERR#, bit 12 ends retries. */
void interrupt_written(struct model *m, uint32_t before)
{
	uint32_t risen = reg_get(m, PLX_INTCSR) & ~before;

	if (risen & PLX_INTCSR_SERR &&
	    config_get(m, PLX_CFG_COMMAND) & PLX_COMMAND_SERR)
		config_set_status(m, PLX_STATUS_SIGNALED_SERR);
	for (unsigned int n = 0; n < 2 && risen & PLX_INTCSR_RETRY_ABORT; n++)
		channel_give_up(m, &m->channel[n]);
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
void interrupt_abort(struct model *m, unsigned int channel, bool retries)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	*intcsr |= PLX_INTCSR_NOT_DIRECT_MASTER | PLX_INTCSR_NOT_DMA0 |
		   PLX_INTCSR_NOT_DMA1 | PLX_INTCSR_NOT_RETRY;
	*intcsr &= ~PLX_INTCSR_NOT_DMA(channel);
	if (retries)
		*intcsr &= ~PLX_INTCSR_NOT_RETRY;
	if (*intcsr & PLX_INTCSR_LSERR_ABORT && m->chip->caps)
		m->reg[PLX_CNTRL / 4] |= PLX_CNTRL_LSERR_STATUS;
	interrupt_update(m);
}
