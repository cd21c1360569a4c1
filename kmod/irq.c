// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: who raised INTA#, what takes it back, and who is told.
 *
 * The line is shared, so only a status bit whose enable is set counts, and the
 * handler answers for nothing else.  What the chip can take back is taken back
 * here (a channel's interrupt, doorbells, the abort bits of PCI Status); what
 * only the board can is masked.  INTCSR is written by bytes: its lowest holds
 * bits that a one written back would clear (chip ref. 2.3).
 */
#include <linux/eventfd.h>
#include <linux/ktime.h>

#include "card.h"

/* Of INTCSR, by source: enable and status. */
static const struct {
	u32 enable;
	u32 status;
} bits[PLX9054_SOURCES] = {
	[PLX9054_DMA0]	   = { BIT(18), BIT(21) },
	[PLX9054_DMA1]	   = { BIT(19), BIT(22) },
	[PLX9054_DOORBELL] = { BIT(9), BIT(13) },
	[PLX9054_LINT]	   = { BIT(11), BIT(15) },
	[PLX9054_ABORT]	   = { BIT(10), BIT(14) },
};

/* Under the lock. */
void intcsr_change(struct card *card, u32 off, u32 on)
{
	u32 before = reg_read(card, INTCSR);
	u32 after = (before & ~off) | on;
	u32 different = before ^ after;

	if (before == ~0u)
		return;
	if (different & 0xff00)
		iowrite8(after >> 8, card->regs + INTCSR + 1);
	if (different & 0xff0000)
		iowrite8(after >> 16, card->regs + INTCSR + 2);
}

static void mask(struct card *card, u32 enable)
{
	intcsr_change(card, enable, 0);
	card->masked |= enable;
}

/* Takes the abort bits out of PCI Status; under the lock. */
static u32 status_clear(struct card *card)
{
	u16 status = 0;

	if (pci_read_config_word(card->pdev, PCI_STATUS, &status) ||
	    status == 0xffff)
		return 0;
	status &= STATUS_ABORTS;
	if (status)
		pci_write_config_word(card->pdev, PCI_STATUS, status);
	card->status |= status;
	return status;
}

/* A channel may interrupt the board's own processor instead (chip ref. 4.1). */
static bool channel_handle(struct card *card, unsigned int channel)
{
	if (!(reg_read(card, DMAMODE(channel)) & MODE_ROUTE_PCI))
		return false;
	csr_write(card, channel,
		  CSR_CLEAR | (card->held[channel] ? 0 : CSR_ENABLE));
	return true;
}

static bool source_handle(struct card *card, unsigned int source, u32 *found)
{
	switch (source) {
	case PLX9054_DMA0:
	case PLX9054_DMA1:
		return channel_handle(card, source - PLX9054_DMA0);
	case PLX9054_DOORBELL:
		*found = reg_read(card, L2PDBELL);
		reg_write(card, L2PDBELL, *found);
		return true;
	case PLX9054_ABORT:
		*found = status_clear(card);
		if (!*found)
			mask(card, bits[source].enable);
		return true;
	default:
		mask(card, bits[source].enable);
		return true;
	}
}

/* The outbound queue, which only register users have (chip ref. 4.1). */
static bool queue_handle(struct card *card)
{
	if (atomic_read(&card->face) != FACE_UIO ||
	    !(reg_read(card, OPQIS) & OPQ_BIT) ||
	    reg_read(card, OPQIM) & OPQ_BIT)
		return false;
	intcsr_change(card, INTCSR_PCI, 0);
	return true;
}

static unsigned int sources_handle(struct card *card, u32 intcsr)
{
	unsigned int handled = 0;

	for (unsigned int i = 0; i < PLX9054_SOURCES; i++) {
		struct source *source = &card->sources[i];
		u32 found = 0;

		if (!(intcsr & bits[i].status) || !(intcsr & bits[i].enable) ||
		    !source_handle(card, i, &found))
			continue;
		handled |= BIT(i);
		source->bits |= found;
		source->count++;
		source->time_ns = ktime_get_ns();
	}
	return handled;
}

irqreturn_t card_interrupt(int irq, void *data)
{
	struct card *card = data;
	unsigned int handled = 0;
	u32 intcsr;

	spin_lock(&card->lock);
	intcsr = reg_read(card, INTCSR);
	if (intcsr != ~0u && intcsr & INTCSR_PCI) {
		handled = sources_handle(card, intcsr);
		if (!handled && queue_handle(card))
			handled = BIT(PLX9054_SOURCES);
	}
	if (!handled) {
		card->strangers++;
		spin_unlock(&card->lock);
		return IRQ_NONE;
	}
	card->interrupts++;
	/* What was written reaches the chip before the line is looked at again,
	 * and what the card wrote reaches memory. */
	reg_read(card, INTCSR);
	for (unsigned int i = 0; i < PLX9054_SOURCES; i++)
		if (handled & BIT(i) && card->sources[i].eventfd)
			compat_eventfd_signal(card->sources[i].eventfd);
	if (!card->gone && card->uio.uio_dev)
		uio_event_notify(&card->uio);
	spin_unlock(&card->lock);
	return IRQ_HANDLED;
}

int owner_clear_status(struct card *card, void *data)
{
	struct plx9054_value *arg = data;

	spin_lock_irq(&card->lock);
	status_clear(card);
	arg->value = card->status;
	card->status = 0;
	if (card->masked & bits[PLX9054_ABORT].enable) {
		card->masked &= ~bits[PLX9054_ABORT].enable;
		intcsr_change(card, 0, bits[PLX9054_ABORT].enable);
	}
	spin_unlock_irq(&card->lock);
	return 0;
}

/* For a new owner: nothing that happened before him. */
void sources_begin(struct card *card)
{
	spin_lock_irq(&card->lock);
	status_clear(card);
	card->status = 0;
	memset(card->sources, 0, sizeof(card->sources));
	card->masked = 0;
	card->wanted = bits[PLX9054_DMA0].enable | bits[PLX9054_DMA1].enable |
		       bits[PLX9054_ABORT].enable;
	intcsr_change(card, INTCSR_ENABLES, card->wanted | INTCSR_PCI);
	spin_unlock_irq(&card->lock);
}

/* As its owner had it; nobody else has wanted anything. */
void sources_resume(struct card *card)
{
	if (!card->owned)
		return;
	spin_lock_irq(&card->lock);
	card->masked = 0;
	intcsr_change(card, 0, card->wanted | INTCSR_PCI);
	spin_unlock_irq(&card->lock);
}

void sources_end(struct card *card)
{
	for (unsigned int i = 0; i < PLX9054_SOURCES; i++) {
		struct plx9054_eventfd none = { .source = i, .fd = -1 };

		owner_eventfd(card, &none);
	}
}

int owner_eventfd(struct card *card, void *data)
{
	struct plx9054_eventfd *arg = data;
	struct eventfd_ctx *ctx = NULL;

	if (arg->source >= PLX9054_SOURCES || arg->reserved)
		return -EINVAL;
	if (arg->fd >= 0)
		ctx = eventfd_ctx_fdget(arg->fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	spin_lock_irq(&card->lock);
	swap(card->sources[arg->source].eventfd, ctx);
	spin_unlock_irq(&card->lock);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

int owner_enable(struct card *card, void *data)
{
	struct plx9054_enable *arg = data;
	u32 enable;

	if (arg->source >= PLX9054_SOURCES || arg->on > 1 || arg->reserved)
		return -EINVAL;
	enable = bits[arg->source].enable;
	spin_lock_irq(&card->lock);
	card->masked &= ~enable;
	if (arg->on) {
		card->wanted |= enable;
		intcsr_change(card, 0, enable | INTCSR_PCI);
	} else {
		card->wanted &= ~enable;
		intcsr_change(card, enable, 0);
	}
	spin_unlock_irq(&card->lock);
	return 0;
}

int owner_event(struct card *card, void *data)
{
	struct plx9054_event *arg = data;
	struct source *source;

	if (arg->source >= PLX9054_SOURCES || arg->reserved)
		return -EINVAL;
	source = &card->sources[arg->source];
	spin_lock_irq(&card->lock);
	arg->bits = source->bits;
	arg->count = source->count;
	arg->time_ns = source->time_ns;
	source->bits = 0;
	spin_unlock_irq(&card->lock);
	return 0;
}
