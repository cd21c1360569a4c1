/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way in and out of the card: BARs, the local side, INTx.
 *
 * Whoever leaves does the inline engine's work and tells the host about
 * INTx.  One thread at a time tells, in the order of the changes; a handler
 * that clears the interrupt from inside the callback only changes the level,
 * and the outer call tells that next.
 */
#include <string.h>

#include "model/card.h"

/* With the lock, which is let go during the callback. */
void model_tell(struct model *m)
{
	struct interrupts *irq = &m->irq;

	if (irq->telling)
		return;
	while (irq->told != irq->wanted) {
		model_intx_fn *fn = irq->fn;
		void *context = irq->context;
		bool level = irq->wanted;

		irq->told = level;
		if (level)
			timing_told(m);
		if (!fn)
			continue;
		irq->telling = true;
		irq->teller = pthread_self();
		model_unlock(m);
		fn(context, level);
		model_lock(m);
		irq->telling = false;
		engine_landed(m);
	}
}

void model_leave(struct model *m)
{
	if (m->pending && !m->threaded && !m->pumping) {
		engine_run(m, ENGINE_BUDGET_START);
		engine_arm(m);
		engine_landed(m);
	}
	if (m->irq.told != m->irq.wanted)
		model_tell(m);
	model_unlock(m);
}

/* Returns when the old callback is no longer running. */
void model_set_intx(struct model *m, model_intx_fn *fn, void *context)
{
	model_enter(m);
	while (m->irq.telling && !pthread_equal(m->irq.teller, pthread_self()))
		engine_await_landing(m);
	m->irq.fn = fn;
	m->irq.context = context;
	m->irq.told = false;
	model_leave(m);
}

int model_intx(struct model *m)
{
	int level;

	model_enter(m);
	interrupt_update(m);
	level = m->irq.wanted;
	model_leave(m);
	return level;
}

int model_linto(struct model *m)
{
	int level;

	model_enter(m);
	interrupt_update(m);
	level = m->irq.linto;
	model_leave(m);
	return level;
}

/* Whether the card claims a cycle, as far as Command has a say. */
static bool decoded(const struct model *m, const struct space *space)
{
	uint32_t command = config_get(m, PLX_CFG_COMMAND);

	if (m->gone || !config_powered(m))
		return false;
	if (!switch_value(m, SWITCH_COMMAND_DECODE))
		return true;
	return command & (space->io ? PLX_COMMAND_IO : PLX_COMMAND_MEMORY);
}

/* The local side answers after init and out of reset (chip ref. 2.3, 5.3). */
static bool local_answers(const struct model *m)
{
	if (reg_get(m, PLX_CNTRL) & PLX_CNTRL_RESET)
		return false;
	return m->chip->chip == CHIP_9080 ||
	       reg_get(m, PLX_BIGEND) >> 8 & PLX_LMISC_LOCAL_INIT;
}

/* The common case: a whole register through BAR0. */
static bool plain_register(const struct model *m, unsigned int bar,
			   uint64_t offset, unsigned int width)
{
	return bar == 0 && offset < PLX_REGS_SIZE &&
	       !((offset * 8) & (width - 1)) && !m->gone &&
	       config_powered(m) && !switch_value(m, SWITCH_COMMAND_DECODE);
}

/* What an access to a BAR means.  With queues BAR0 goes on as space 1. */
static bool resolve(const struct model *m, unsigned int bar, uint64_t offset,
		    unsigned int width, struct space *space)
{
	if (plain_register(m, bar, offset, width)) {
		space->registers = true;
		return true;
	}
	if (!space_find(m, bar, space) ||
	    offset + width / 8 > space->size || !decoded(m, space))
		return false;
	if (space->registers && offset >= m->chip->bar0_size)
		return space_queue(m, space) && local_answers(m);
	return space->registers || local_answers(m);
}

/* I/O cycles with impossible byte enables end as target aborts. */
static bool regular(struct model *m, unsigned int bar, uint64_t offset,
		    unsigned int width)
{
	bool known = width == 32 || width == 16 || width == 8;

	if (known && !(offset & (width / 8 - 1)))
		return true;
	model_violate(m, MODEL_VIOLATION_BAD_ACCESS);
	if (known && bar == 1) {
		config_set_status(m, PLX_STATUS_SIGNALED_TARGET_ABORT);
		interrupt_update(m);
	}
	return known && bar != 1;
}

static void count_register(uint64_t *counters, uint64_t offset)
{
	if (offset / 4 < MODEL_REGISTERS)
		counters[offset / 4]++;
}

/* DMACSR, if the engine's thread shows it; see channel_show(). */
static bool shown_csr(struct model *m, unsigned int bar, uint64_t offset,
		      unsigned int width, uint32_t *value)
{
	if (!m->threaded || bar != 0 || (offset & ~3ull) != PLX_DMACSR0 ||
	    width % 8 || width > 32 || (offset * 8) & (width - 1))
		return false;
	*value = atomic_load_explicit(&m->csr, memory_order_acquire);
	if (!(*value & CSR_SHOWN))
		return false;
	atomic_fetch_add_explicit(&m->csr_reads, 1, memory_order_relaxed);
	*value = (*value & ~CSR_SHOWN) >> offset % 4 * 8 & width_ones(width);
	return true;
}

uint32_t model_bar_read(struct model *m, unsigned int bar, uint64_t offset,
			unsigned int width)
{
	struct space space;
	uint32_t value;

	if (shown_csr(m, bar, offset, width, &value))
		return value;
	value = width_ones(width);
	model_enter(m);
	if (m->posted.size)
		memory_drain(m);
	if (!regular(m, bar, offset, width) || m->gone)
		goto out_leave;
	if (!resolve(m, bar, offset, width, &space))
		goto out_leave;
	if (space.registers) {
		count_register(m->counters.reg_reads, offset);
		engine_catch_up(m);
		value = registers_read(m, SIDE_PCI, (unsigned int)offset,
				       width);
		trace_access(m, MODEL_TRACE_READ, (int)bar,
			     (unsigned int)offset, width, value);
	} else {
		value = local_space_read(m, &space, bar, (uint32_t)offset,
					 width);
	}
	/* The engine's last writes are pushed by this very read. */
	if (m->posted.size)
		memory_drain(m);
out_leave:
	model_leave(m);
	return value;
}

void model_bar_write(struct model *m, unsigned int bar, uint64_t offset,
		     unsigned int width, uint32_t value)
{
	struct space space;

	model_enter(m);
	if (!regular(m, bar, offset, width) || m->gone)
		goto out_leave;
	if (!resolve(m, bar, offset, width, &space))
		goto out_leave;
	if (space.registers) {
		count_register(m->counters.reg_writes, offset);
		trace_access(m, MODEL_TRACE_WRITE, (int)bar,
			     (unsigned int)offset, width, value);
		registers_write(m, SIDE_PCI, (unsigned int)offset, width,
				value);
	} else {
		local_space_write(m, &space, bar, (uint32_t)offset, width,
				  value);
	}
out_leave:
	model_leave(m);
}

uint64_t model_bar_size(struct model *m, unsigned int bar, uint32_t *flags)
{
	struct space space = { 0 };

	model_enter(m);
	if (!space_find(m, bar, &space))
		space = (struct space){ 0 };
	model_leave(m);
	if (flags)
		*flags = space.flags;
	return space.size;
}

void *model_bar_direct(struct model *m, unsigned int bar, uint64_t *size)
{
	struct space space = { 0 };
	void *memory = NULL;

	model_enter(m);
	if (resolve(m, bar, 0, 8, &space) && !space.registers)
		memory = local_space_direct(m, &space);
	model_leave(m);
	if (memory && size)
		*size = space.size;
	return memory;
}

uint32_t model_local_reg_read(struct model *m, unsigned int offset,
			      unsigned int width)
{
	uint32_t value;

	model_enter(m);
	engine_catch_up(m);
	value = registers_read(m, SIDE_LOCAL, offset, width);
	trace_access(m, MODEL_TRACE_READ, MODEL_TRACE_LOCAL, offset, width,
		     value);
	model_leave(m);
	return value;
}

void model_local_reg_write(struct model *m, unsigned int offset,
			   unsigned int width, uint32_t value)
{
	model_enter(m);
	trace_access(m, MODEL_TRACE_WRITE, MODEL_TRACE_LOCAL, offset, width,
		     value);
	registers_write(m, SIDE_LOCAL, offset, width, value);
	model_leave(m);
}
