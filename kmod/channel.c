// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA channels: what may be done to them only with the interrupt handler kept
 * out, and bringing the whole card to rest.
 *
 * A channel that is Done is never aborted, as that would spoil its next
 * transfer, and one that doesn't get Done takes the card out of service: bus
 * mastering is one bit for both, so it goes off and stays off (chip ref. 3.5).
 */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "card.h"

#define DONE_MS		100
#define RESET_MS	100	/* chip ref. 5.3 */
#define RELOAD_MS	10
#define ALL_ONES	0xff

static u32 channel_enable(unsigned int channel)
{
	return BIT(18 + channel);
}

/* Enable off, and Abort if need be: 1 where Done is to be awaited. */
static int channel_halt(struct card *card, unsigned int channel)
{
	u8 csr;

	spin_lock_irq(&card->lock);
	card->held[channel] = true;
	intcsr_change(card, channel_enable(channel), 0);
	csr_write(card, channel, 0);
	csr = csr_read(card, channel);
	if (!(csr & CSR_DONE))
		csr_write(card, channel, CSR_ABORT);
	spin_unlock_irq(&card->lock);
	if (csr == ALL_ONES)
		return -ENODEV;
	return !(csr & CSR_DONE);
}

static int channel_await(struct card *card, unsigned int channel)
{
	ktime_t end = ktime_add_ms(ktime_get(), DONE_MS);
	bool late;
	u8 csr;

	do {
		late = ktime_after(ktime_get(), end);
		csr = csr_read(card, channel);
		if (csr == ALL_ONES)
			return -ENODEV;
		if (csr & CSR_DONE)
			return 0;
		usleep_range(10, 50);
	} while (!late);
	return -ETIMEDOUT;
}

/* Ends what the channel does.  It is left with Enable off and no interrupt. */
static int channel_stop(struct card *card, unsigned int channel)
{
	int rc = channel_halt(card, channel);

	if (rc > 0)
		rc = channel_await(card, channel);
	spin_lock_irq(&card->lock);
	card->stuck[channel] = rc == -ETIMEDOUT ||
			       (rc == -ENODEV &&
				pci_device_is_present(card->pdev));
	if (!rc) {
		csr_write(card, channel, CSR_CLEAR);
		card->held[channel] = false;
	}
	spin_unlock_irq(&card->lock);
	return rc;
}

static int channel_abort(struct card *card, unsigned int channel)
{
	int rc = channel_stop(card, channel);

	if (rc) {
		pci_clear_master(card->pdev);
		return rc;
	}
	spin_lock_irq(&card->lock);
	intcsr_change(card, 0, card->wanted & channel_enable(channel));
	spin_unlock_irq(&card->lock);
	return 0;
}

static void channel_write(struct card *card, unsigned int channel, bool held,
			  u8 value)
{
	u32 enable = channel_enable(channel);

	spin_lock_irq(&card->lock);
	intcsr_change(card, enable, 0);
	card->held[channel] = held;
	csr_write(card, channel, value);
	intcsr_change(card, 0, card->wanted & enable);
	spin_unlock_irq(&card->lock);
}

/* Only a paused channel is to go on: Enable alone never starts one. */
static void channel_resume(struct card *card, unsigned int channel)
{
	if (card->held[channel])
		channel_write(card, channel, false, CSR_ENABLE);
}

int owner_channel(struct card *card, void *data)
{
	struct plx9054_channel *arg = data;

	if (arg->channel >= PLX9054_CHANNELS || arg->reserved)
		return -EINVAL;
	if (csr_read(card, arg->channel) == ALL_ONES)
		return -ENODEV;
	switch (arg->operation) {
	case PLX9054_PAUSE:
		channel_write(card, arg->channel, true, 0);
		return 0;
	case PLX9054_RESUME:
		channel_resume(card, arg->channel);
		return 0;
	case PLX9054_ABORT_CHANNEL:
		return channel_abort(card, arg->channel);
	case PLX9054_CLEAR:
		channel_write(card, arg->channel, card->held[arg->channel],
			      CSR_CLEAR);
		return 0;
	default:
		return -EINVAL;
	}
}

/* A card that isn't there writes nothing; registers that answer all ones while
 * the card is there say nothing. */
bool channels_done(struct card *card)
{
	bool done = true;

	for (unsigned int i = 0; i < PLX9054_CHANNELS; i++) {
		u8 csr = csr_read(card, i);

		done = done && csr & CSR_DONE && csr != ALL_ONES;
	}
	return done || !pci_device_is_present(card->pdev);
}

/* Brings the card to rest: 0, or -ETIMEDOUT where it may still write. */
int card_quiesce(struct card *card)
{
	for (unsigned int i = 0; i < PLX9054_CHANNELS; i++)
		channel_stop(card, i);
	pci_clear_master(card->pdev);
	spin_lock_irq(&card->lock);
	intcsr_change(card, INTCSR_ENABLES | INTCSR_PCI, 0);
	spin_unlock_irq(&card->lock);
	return card_stuck(card) ? -ETIMEDOUT : 0;
}

/*
 * Rest for a card that nobody had: whatever it does, no memory is meant for it.
 * An abort may need the bus, which it gets only where an IOMMU lets nothing
 * through.
 */
int card_settle(struct card *card)
{
	int rc;

	pci_clear_master(card->pdev);
	rc = card_quiesce(card);
	if (rc && card->translated && list_empty(&card->kept)) {
		pci_set_master(card->pdev);
		rc = card_quiesce(card);
	}
	if (!rc)
		quarantine_release(card);
	return rc;
}

/* Back to service, if what was stuck got done meanwhile. */
int card_recover(struct card *card)
{
	for (unsigned int i = 0; i < PLX9054_CHANNELS; i++)
		if (card->stuck[i])
			channel_abort(card, i);
	if (card_stuck(card))
		return -EBUSY;
	quarantine_release(card);
	return 0;
}

/* What a software reset or a loss of power takes (chip ref. 5.3). */
static const u16 local[LOCAL_REGISTERS] = {
	0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c,
	0x34, 0x80, 0x94, 0xb0, 0xe8, 0xf0, 0xf4, 0xf8, 0x6c, 0xfc, 0xb4, 0xb8,
};

#define LOCAL_NEWER 3	/* the last, which the 9080 hasn't */

void local_save(struct card *card, u32 *saved)
{
	for (unsigned int i = 0; i < LOCAL_REGISTERS; i++)
		saved[i] = reg_read(card, local[i]);
}

void local_restore(struct card *card, const u32 *saved)
{
	unsigned int count = LOCAL_REGISTERS -
			     (card->hard_id == ID_9080 ? LOCAL_NEWER : 0);

	for (unsigned int i = 0; i < count; i++) {
		u32 value = saved[i];

		if (local[i] == CNTRL)
			value &= ~(CNTRL_W1C | CNTRL_RELOAD | CNTRL_RESET);
		else if (local[i] == QSR)
			value &= ~BIT(7);
		reg_write(card, local[i], value);
	}
}

static void cntrl_pulse(struct card *card, u32 bit, unsigned int ms)
{
	u32 cntrl = reg_read(card, CNTRL) & ~(CNTRL_W1C | bit);

	reg_write(card, CNTRL, cntrl | bit);
	reg_read(card, CNTRL);
	msleep(ms);
	reg_write(card, CNTRL, cntrl);
	reg_read(card, CNTRL);
}

int card_reset(struct card *card)
{
	u32 saved[LOCAL_REGISTERS], pmcsr, hotswap;

	if (csr_read(card, 0) == ALL_ONES)
		return -ENODEV;
	card_quiesce(card);
	local_save(card, saved);
	pci_save_state(card->pdev);
	pci_read_config_dword(card->pdev, 0x44, &pmcsr);
	pci_read_config_dword(card->pdev, 0x48, &hotswap);
	cntrl_pulse(card, CNTRL_RESET, RESET_MS);
	if (reg_read(card, CNTRL) & CNTRL_EEPROM)
		cntrl_pulse(card, CNTRL_RELOAD, RELOAD_MS);
	local_restore(card, saved);
	pci_restore_state(card->pdev);
	/* Hot swap's bits 17, 22 and 23 answer to ones, PMCSR's bit 15 too. */
	pci_write_config_dword(card->pdev, 0x48,
			       hotswap & ~(BIT(17) | BIT(22) | BIT(23)));
	pci_write_config_dword(card->pdev, 0x44, pmcsr & ~BIT(15));
	if (reg_read(card, PCIHIDR) != card->hard_id)
		return -EIO;
	if (card_quiesce(card))
		return -ETIMEDOUT;
	sources_resume(card);
	return 0;
}
