/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A DMA channel: what DMACSR does to it, how it starts, ends and crashes
 * (chip ref. 3.1, 3.5, 5.1).
 *
 * Done = 0 with Enable = 1 is running or hung, with Enable = 0 paused.  When
 * a write that takes Enable away, or aborts, has returned, nothing moves any
 * more: the piece on its way was waited for.
 */
#include "model/card.h"

static uint32_t channel_reg(const struct model *m, const struct channel *ch,
			    unsigned int offset)
{
	return reg_get(m, offset + PLX_DMA_STRIDE * ch->index);
}

uint8_t channel_status(const struct model *m, unsigned int index)
{
	const struct channel *ch = &m->channel[index];

	return (uint8_t)((ch->enable ? PLX_DMACSR_ENABLE : 0) |
			 (ch->done ? PLX_DMACSR_DONE : 0));
}

/*
 * DMACSR for those who poll it while the engine's thread works: they need
 * not take its lock.  What a read has to do besides reading hides it.
 */
void channel_show(struct model *m)
{
	uint32_t value = 0;

	if (!m->rate && !m->posted.on && !m->gone && config_powered(m) &&
	    !trace_on(&m->trace) &&
	    !switch_value(m, SWITCH_COMMAND_DECODE))
		value = CSR_SHOWN | channel_status(m, 0) |
			(uint32_t)channel_status(m, 1) << 8;
	if (value == m->csr_shown)
		return;
	m->csr_shown = value;
	atomic_store_explicit(&m->csr, value, memory_order_release);
}

/* Power-on, or software reset: even a stuck engine is idle then. */
void channel_reset(struct model *m, unsigned int index)
{
	struct channel *ch = &m->channel[index];
	bool dreq = ch->dreq;

	ch->enable = false;
	engine_await_channel(m, ch);
	*ch = (struct channel){ .index = index, .done = true, .dreq = dreq };
	timing_settle(m);
}

/* Done, and its interrupt if the mode register asks for it. */
static void channel_stop(struct model *m, struct channel *ch)
{
	ch->state = CHANNEL_IDLE;
	ch->done = true;
	ch->retried = false;
	ch->held = 0;
	if (!(ch->mode & PLX_DMAMODE_DONE_INTERRUPT))
		return;
	ch->irq = true;
	timing_ended(m, ch);
	interrupt_update(m);
}

void channel_end(struct model *m, struct channel *ch)
{
	trace_end(m, ch, MODEL_TRACE_END);
	channel_stop(m, ch);
}

/* Ends before the count did: abort, EOT#. */
void channel_early_end(struct model *m, struct channel *ch)
{
	trace_end(m, ch, MODEL_TRACE_EARLY);
	if (switch_value(m, SWITCH_SIZ_RESIDUE))
		m->reg[PLX_DMASIZ(ch->index) / 4] = ch->left;
	if (switch_value(m, SWITCH_STALE_FIFO) && ch->to_host)
		ch->stale_size = ch->index ? 64 : 128;
	channel_stop(m, ch);
}

static void channel_abort_seen(struct model *m, struct channel *ch,
			       uint16_t status, uint64_t bus, bool retries)
{
	if (m->row[PLX_PABTADR / 4])
		m->reg[PLX_PABTADR / 4] = (uint32_t)bus;
	ch->state = CHANNEL_CRASHED;
	config_set_status(m, status);
	interrupt_abort(m, ch->index, retries);
}

static void channel_target_abort(struct model *m, struct channel *ch,
				 uint64_t bus, bool retries)
{
	m->counters.target_aborts++;
	channel_abort_seen(m, ch, PLX_STATUS_RECEIVED_TARGET_ABORT, bus,
			   retries);
}

/* The target retries for ever; INTCSR[12] ends that after 256 times. */
static void channel_retried(struct model *m, struct channel *ch, uint64_t bus)
{
	ch->state = CHANNEL_CRASHED;
	ch->retried = true;
	ch->retry_bus = bus;
	if (reg_get(m, PLX_INTCSR) & PLX_INTCSR_RETRY_ABORT)
		channel_give_up(m, ch);
}

/* INTCSR[12] is set: 256 retries are a target abort (chip ref. 5.1). */
void channel_give_up(struct model *m, struct channel *ch)
{
	if (ch->done || !ch->retried)
		return;
	ch->retried = false;
	channel_target_abort(m, ch, ch->retry_bus, true);
}

/* Nothing holds it back any more: an abort takes effect. */
void channel_release(struct model *m, struct channel *ch)
{
	if (ch->done || ch->state != CHANNEL_DRAGS)
		return;
	ch->state = CHANNEL_CRASHED;
	if (ch->aborting)
		channel_early_end(m, ch);
}

/* Something went wrong at @bus: Done stays 0 (chip ref. 5.1). */
void channel_crash(struct model *m, struct channel *ch, enum fault_kind kind,
		   uint64_t bus)
{
	switch (kind) {
	case FAULT_MASTER_ABORT:
		m->counters.master_aborts++;
		channel_abort_seen(m, ch, PLX_STATUS_RECEIVED_MASTER_ABORT,
				   bus, false);
		break;
	case FAULT_TARGET_ABORT:
		channel_target_abort(m, ch, bus, false);
		transfer_garbage(m, ch);
		break;
	case FAULT_STUCK:
		ch->state = CHANNEL_STUCK;
		break;
	case FAULT_DRAG:
		ch->state = CHANNEL_DRAGS;
		ch->aborting = false;
		break;
	case FAULT_RETRY:
		channel_retried(m, ch, bus);
		break;
	case FAULT_HANG:
		/* INTCSR[12]: 256 retries count as a target abort. */
		if (reg_get(m, PLX_INTCSR) & PLX_INTCSR_RETRY_ABORT)
			channel_target_abort(m, ch, bus, true);
		else
			ch->state = CHANNEL_CRASHED;
		break;
	case FAULT_PARITY:
		config_set_status(m, PLX_STATUS_PARITY);
		if (config_get(m, PLX_CFG_COMMAND) & PLX_COMMAND_PARITY)
			config_set_status(m, PLX_STATUS_MASTER_PARITY);
		break;
	case FAULT_GONE:
		m->gone = true;
		interrupt_update(m);
		break;
	case FAULT_RESET:
		reset_by_somebody(m);
		break;
	default:
		break;
	}
	if (ch->state >= CHANNEL_CRASHED)
		trace_end(m, ch, MODEL_TRACE_CRASH);
}

static void channel_load(struct model *m, struct channel *ch)
{
	ch->mode = channel_reg(m, ch, PLX_DMAMODE0);
	ch->chained = ch->mode & PLX_DMAMODE_CHAIN;
	ch->next = channel_reg(m, ch, PLX_DMADPR0);
	ch->to_host = ch->next & PLX_DMADPR_TO_HOST;
	ch->local = channel_reg(m, ch, PLX_DMALADR0);
	ch->left = channel_reg(m, ch, PLX_DMASIZ0) & PLX_DMASIZ_COUNT_MASK;
	ch->pci = channel_reg(m, ch, PLX_DMAPADR0);
	if (m->chip->dac)
		ch->pci |= (uint64_t)reg_get(m, PLX_DMADAC(ch->index)) << 32;
	ch->moved = 0;
	ch->total = 0;
	ch->data_seen = 0;
	ch->fetches = 0;
	ch->empty_run = 0;
	ch->held = 0;
	ch->stalled = false;
	ch->eot = false;
	ch->bursting = false;
	ch->retried = false;
	ch->fetching = false;
	ch->fault_at = MODEL_NEVER;
	ch->stale_first = ch->chained &&
			  switch_value(m, SWITCH_STALE_CHAIN) &&
			  (channel_reg(m, ch, PLX_DMAPADR0) ||
			   channel_reg(m, ch, PLX_DMALADR0) ||
			   channel_reg(m, ch, PLX_DMASIZ0));
}

static void channel_go(struct model *m, struct channel *ch)
{
	m->counters.starts++;
	ch->done = false;
	channel_load(m, ch);
	trace_start(m, ch);
	if (ch->poisoned) {
		ch->poisoned = false;
		channel_end(m, ch);
		return;
	}
	ch->state = ch->chained ? CHANNEL_FETCH : CHANNEL_DATA;
	if (ch->needs_reset) {
		ch->state = CHANNEL_CRASHED;
		trace_end(m, ch, MODEL_TRACE_CRASH);
		return;
	}
	timing_request(m, ch);
	if (m->faults.count) {
		if (!ch->chained)
			fault_draw(m, ch);
		channel_crash(m, ch, fault_fires(m, FAULT_START, 0), ch->pci);
	}
	engine_kick(m);
}

static void channel_start(struct model *m, struct channel *ch, bool enabled)
{
	if (!ch->enable || reg_get(m, PLX_CNTRL) & PLX_CNTRL_RESET)
		return;
	if (!ch->done) {
		model_violate(m, MODEL_VIOLATION_BUSY_CHANNEL);
		return;
	}
	if (!config_master(m))
		model_violate(m, MODEL_VIOLATION_NO_MASTER);
	if (!enabled) {
		model_violate(m, MODEL_VIOLATION_ONE_STEP_START);
		if (switch_value(m, SWITCH_START_RACE)) {
			channel_load(m, ch);
			ch->done = false;
			ch->state = CHANNEL_CRASHED;
			trace_start(m, ch);
			trace_end(m, ch, MODEL_TRACE_CRASH);
			return;
		}
	}
	channel_go(m, ch);
}

/* It waits for a descriptor, or crashed over one, or one takes its time. */
static bool channel_fetches(struct model *m, const struct channel *ch)
{
	if (ch->state == CHANNEL_FETCH || ch->fetching)
		return true;
	return m->rate && ch->chained && !ch->moved &&
	       timing_when(m, ch, 0) > timing_now(m);
}

static void channel_abort(struct model *m, struct channel *ch)
{
	static const unsigned int tails[] = { 8, 4, 0 };
	bool enable = ch->enable;

	if (ch->done) {
		model_violate(m, MODEL_VIOLATION_IDLE_ABORT);
		ch->poisoned =
			switch_value(m, SWITCH_IDLE_ABORT_POISONS) == 0;
		return;
	}
	ch->enable = false;
	engine_await_channel(m, ch);
	if (switch_value(m, SWITCH_ABORT_FETCH) && channel_fetches(m, ch))
		ch->state = CHANNEL_STUCK;
	if (ch->state == CHANNEL_DATA && !m->gone && config_master(m))
		transfer_tail(m, ch, tails[switch_value(m,
							SWITCH_ABORT_TAIL)]);
	ch->enable = enable;
	if (ch->state == CHANNEL_DRAGS)
		ch->aborting = true;
	if (ch->done || ch->state >= CHANNEL_STUCK)
		return;
	ch->needs_reset = ch->chained &&
			  switch_value(m, SWITCH_CHAIN_ABORT_NEEDS_RESET);
	channel_early_end(m, ch);
}

/* A byte is written to DMACSRn. */
void channel_control(struct model *m, unsigned int index, uint8_t value)
{
	struct channel *ch = &m->channel[index];
	bool enabled = ch->enable;

	if (value & PLX_DMACSR_CLEAR)
		ch->irq = false;
	ch->enable = value & PLX_DMACSR_ENABLE;
	if (enabled && !ch->enable) {
		engine_await_channel(m, ch);
		descriptor_tell(m, ch);
	}
	if (value & PLX_DMACSR_ABORT)
		channel_abort(m, ch);
	if (value & PLX_DMACSR_START)
		channel_start(m, ch, enabled);
	else if (ch->enable && !enabled && !ch->done)
		engine_unstall(m, ch);
	timing_settle(m);
	if (value & PLX_DMACSR_CLEAR)
		interrupt_update(m);
}

bool channel_runs(const struct model *m, const struct channel *ch)
{
	return !ch->done && ch->enable && !ch->stalled &&
	       ch->state >= CHANNEL_FETCH && ch->state <= CHANNEL_FINISH &&
	       !m->gone && config_master(m) &&
	       !(reg_get(m, PLX_CNTRL) & PLX_CNTRL_RESET);
}

/* One step: a descriptor fetched, a piece moved, or an end. */
void channel_step(struct model *m, struct channel *ch)
{
	ch->stepping = true;
	switch (ch->state) {
	case CHANNEL_FETCH:
		descriptor_fetch(m, ch);
		descriptor_tell(m, ch);
		break;
	case CHANNEL_DATA:
		transfer_step(m, ch);
		/* With a rate the end has to wait for its time. */
		if (ch->state == CHANNEL_FINISH && !m->rate)
			descriptor_finish(m, ch);
		break;
	case CHANNEL_FINISH:
		descriptor_finish(m, ch);
		break;
	default:
		break;
	}
	ch->stepping = false;
	timing_settle(m);
	engine_landed(m);
}
