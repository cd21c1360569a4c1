/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors: fetched one by one, finished, followed (chip ref. 3.3, 3.4).
 *
 * A descriptor's flags concern itself, while its address and location bit
 * name the next one.  Registers show what was loaded last; the engine works
 * on copies.
 */
#include <errno.h>
#include <string.h>

#include "model/card.h"

#define RETRY_NS 20000 /* until a descriptor that isn't valid is read again */
#define ENDLESS	 65536 /* descriptors in a row that move nothing */

static uint32_t lword(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static struct plxdma_board_access local_access(const struct channel *ch)
{
	return (struct plxdma_board_access){
		.channel = (int)ch->index,
		.width = 32,
	};
}

/* The upper Lword is fetched only in the longer format. */
static size_t descriptor_size(const struct model *m, const struct channel *ch)
{
	return m->chip->dac && ch->mode & PLX_DMAMODE_DAC_CHAIN ? 20 : 16;
}

static uint32_t descriptor_address(struct model *m, const struct channel *ch)
{
	uint32_t address = ch->next & PLX_DMADPR_NEXT_MASK;

	if (descriptor_size(m, ch) == 16 ||
	    switch_value(m, SWITCH_DAC_ALIGN) != 0)
		return address;
	if (address & 16)
		model_violate(m, MODEL_VIOLATION_BAD_DESCRIPTOR);
	return address & PLX_DMADPR_NEXT_MASK_DAC;
}

/* Return: 0, or the reason to crash was dealt with. */
static int descriptor_read(struct model *m, struct channel *ch, uint8_t *data,
			   size_t size)
{
	struct plxdma_board_access access = local_access(ch);
	int ret;

	if (!ch->here_pci) {
		size_t got = board_read(m, ch->here, data, size, &access);

		memset(data + got, 0xff, size - got);
		return ch->state == CHANNEL_FETCH ? 0 : -1;
	}
	timing_spend(m, ch, size);
	ret = memory_read(m, ch, ch->here, data, size);
	if (!ret)
		return 0;
	if (ret == -ENXIO || ret == -EACCES)
		model_violate(m, MODEL_VIOLATION_WILD_ADDRESS);
	channel_crash(m, ch,
		      ret == -ENXIO ? FAULT_MASTER_ABORT : FAULT_TARGET_ABORT,
		      ch->here);
	return ret;
}

static void descriptor_load(struct model *m, struct channel *ch,
			    const uint8_t *data, size_t size)
{
	uint32_t *regs = &m->reg[PLX_DMAPADR(ch->index) / 4];
	uint32_t *dac = &m->reg[PLX_DMADAC(ch->index) / 4];
	uint32_t stale[3] = { regs[0], regs[1], regs[2] };

	regs[0] = lword(data);
	regs[1] = lword(data + 4);
	regs[2] = lword(data + 8) & m->row[PLX_DMASIZ0 / 4]->rw;
	regs[3] = lword(data + 12);
	if (size == 20)
		*dac = lword(data + 16);
	if (lword(data + 8) & ~m->row[PLX_DMASIZ0 / 4]->rw)
		model_violate(m, MODEL_VIOLATION_RESERVED_BITS);
	ch->pci = regs[0];
	ch->local = regs[1];
	ch->left = regs[2] & PLX_DMASIZ_COUNT_MASK;
	ch->next = regs[3];
	ch->to_host = ch->next & PLX_DMADPR_TO_HOST;
	if (m->chip->dac)
		ch->pci |= (uint64_t)*dac << 32;
	if (ch->stale_first) {
		ch->stale_first = false;
		ch->pci = stale[0] ? stale[0] : ch->pci;
		ch->local = stale[1] ? stale[1] : ch->local;
		if (stale[2])
			ch->left = stale[2] & PLX_DMASIZ_COUNT_MASK;
	}
}

/* 9056 and later: a descriptor that isn't valid is read again, or ends it. */
static bool descriptor_waits(struct model *m, struct channel *ch)
{
	uint32_t siz = reg_get(m, PLX_DMASIZ(ch->index));

	if (!m->chip->is_9056 || !(ch->mode & PLX_DMAMODE_VALID_MODE) ||
	    siz & PLX_DMASIZ_VALID)
		return false;
	ch->next = ch->here | (ch->here_pci ? PLX_DMADPR_PCI : 0);
	if (ch->mode & PLX_DMAMODE_VALID_STOP)
		channel_end(m, ch);
	else
		ch->retry_at = timing_now(m) + RETRY_NS;
	return true;
}

static bool descriptor_endless(struct model *m, struct channel *ch)
{
	if (ch->left || ch->next & PLX_DMADPR_INTERRUPT) {
		ch->empty_run = 0;
		return false;
	}
	if (++ch->empty_run != ENDLESS)
		return false;
	model_violate(m, MODEL_VIOLATION_BAD_DESCRIPTOR);
	return true;
}

void descriptor_fetch(struct model *m, struct channel *ch)
{
	uint8_t data[20];
	size_t size = descriptor_size(m, ch);
	enum fault_kind fault;

	ch->retry_at = 0;
	ch->fetching = true;
	ch->here_pci = ch->next & PLX_DMADPR_PCI;
	ch->here = descriptor_address(m, ch);
	if (m->faults.count) {
		fault = fault_fires(m, FAULT_DESCRIPTOR, ch->fetches);
		channel_crash(m, ch, fault, ch->here);
		if (ch->state != CHANNEL_FETCH || m->gone)
			return;
	}
	if (descriptor_read(m, ch, data, size))
		return;
	ch->fetching = false;
	ch->fetches++;
	m->counters.descriptors++;
	descriptor_load(m, ch, data, size);
	trace_fetch(m, ch);
	if (descriptor_waits(m, ch))
		return;
	ch->moved = 0;
	ch->held = 0;
	ch->bursting = false;
	ch->state = CHANNEL_DATA;
	descriptor_endless(m, ch);
	if (!ch->left && switch_value(m, SWITCH_ZERO_IN_CHAIN))
		ch->next |= PLX_DMADPR_END;
	if (m->faults.count)
		fault_draw(m, ch);
}

/* Clear-count: the descriptor in memory says that it is done. */
static void descriptor_clear(struct model *m, struct channel *ch)
{
	struct plxdma_board_access access = local_access(ch);
	static const uint8_t zero[4];

	if (!(ch->mode & PLX_DMAMODE_CLEAR_COUNT) || !ch->chained)
		return;
	if (!ch->here_pci)
		board_write(m, ch->here + 8, zero, 4, &access);
	else if (switch_value(m, SWITCH_CLEARCOUNT_WRITEBACK))
		memory_write(m, ch, (uint64_t)ch->here + 8, zero, 4);
}

/*
 * The interrupt at terminal count. Drivers take what DMADPR holds then for what
 * the engine works at, so it comes when the next descriptor is loaded.
 */
void descriptor_tell(struct model *m, struct channel *ch)
{
	if (!ch->terminal)
		return;
	ch->terminal = false;
	ch->irq = true;
	interrupt_update(m);
}

/* All bytes of the descriptor are over: on to the next, or Done. */
void descriptor_finish(struct model *m, struct channel *ch)
{
	descriptor_clear(m, ch);
	/* Clearing one on the board let go of the lock. */
	if (ch->state != CHANNEL_FINISH)
		return;
	ch->terminal = ch->next & PLX_DMADPR_INTERRUPT;
	if (ch->chained && !(ch->next & PLX_DMADPR_END)) {
		ch->state = CHANNEL_FETCH;
		return;
	}
	descriptor_tell(m, ch);
	channel_end(m, ch);
}
