/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Software reset and EEPROM reload (chip ref. 5.3).
 *
 * The chip's documents disagree on what survives, so whatever any of them
 * calls lost is saved and put back: local configuration, DMA registers,
 * interrupt enables, BARs, Interrupt Line, power management and hot swap.
 * Mailboxes 0 and 1 are left as the EEPROM loads them: that is what they are
 * for (chip ref. 2.4).  DMA registers of a channel that doesn't come out of
 * the reset as Done are left alone: programming a busy channel is worse.
 */
#include "transport/reset.h"

#include <errno.h>
#include <time.h>

#include "transport/registers.h"

/* Boards in the field get by with 0.5 ms and 1 ms; an extra-long EEPROM takes
 * 0.66 ms to load (chip ref. 5.3). */
#define RESET_NS 1000000
#define RELOAD_NS 2000000

#define CNTRL_KEPT 0x000dffffu	/* command codes, USERo, pin functions */
#define CNTRL_RELOAD (1u << 29)
#define CNTRL_RESET (1u << 30)

static const uint8_t local_registers[] = {
	REG_LAS0RR, REG_LAS0BA, REG_MARBR,  REG_BIGEND, REG_EROMRR,
	REG_EROMBA, REG_LBRD0,	REG_DMRR,   REG_DMLBAM, REG_DMLBAI,
	REG_DMPBAM, REG_DMCFGA, REG_OPQIM,  REG_QSR,	REG_LAS1RR,
	REG_LAS1BA, REG_LBRD1,	REG_DMATHR,
};

/* Only where the chip has dual-address cycles. */
static const uint8_t dac_registers[] = { REG_DMADAC0, REG_DMADAC1, REG_DMDAC };

#define DMA_REGISTERS 5		/* MODE, PADR, LADR, SIZ, DPR */
#define CONFIG_BARS 6

struct saved {
	uint32_t local[sizeof(local_registers)];
	uint32_t dac[sizeof(dac_registers)];
	uint32_t dma[PLXDMA_CHANNELS][DMA_REGISTERS];
	uint32_t intcsr;
	uint32_t cntrl;
	uint32_t bars[CONFIG_BARS];
	uint32_t rom;
	uint32_t cache_latency;
	uint32_t interrupt_line;
	uint32_t command;
	uint32_t power;
	uint32_t hot_swap;
	int is_9080;		/* neither DAC nor capabilities */
};

static uint32_t get(struct transport *transport, unsigned int offset)
{
	return transport->ops->reg_read(transport, offset, 32);
}

static void put(struct transport *transport, unsigned int offset,
		uint32_t value)
{
	transport->ops->reg_write(transport, offset, 32, value);
}

static uint32_t config_get(struct transport *transport, unsigned int offset,
			   unsigned int width)
{
	return transport->ops->config_read(transport, offset, width);
}

static void config_put(struct transport *transport, unsigned int offset,
		       unsigned int width, uint32_t value)
{
	transport->ops->config_write(transport, offset, width, value);
}

static unsigned int dma_register(unsigned int channel, unsigned int n)
{
	return REG_DMAMODE0 + (REG_DMAMODE1 - REG_DMAMODE0) * channel + 4 * n;
}

static void local_save(struct transport *transport, struct saved *saved)
{
	unsigned int i, channel;

	for (i = 0; i < sizeof(local_registers); i++)
		saved->local[i] = get(transport, local_registers[i]);
	for (i = 0; !saved->is_9080 && i < sizeof(dac_registers); i++)
		saved->dac[i] = get(transport, dac_registers[i]);
	for (channel = 0; channel < PLXDMA_CHANNELS; channel++)
		for (i = 0; i < DMA_REGISTERS; i++)
			saved->dma[channel][i] =
				get(transport, dma_register(channel, i));
	saved->intcsr = get(transport, REG_INTCSR);
}

static void channel_restore(struct transport *transport,
			    const struct saved *saved, unsigned int channel)
{
	unsigned int i;

	if (!(transport->ops->reg_read(transport, REG_DMACSR0 + channel, 8) &
	      DMACSR_DONE))
		return;
	for (i = 0; i < DMA_REGISTERS; i++)
		put(transport, dma_register(channel, i),
		    saved->dma[channel][i]);
}

static void local_restore(struct transport *transport,
			  const struct saved *saved)
{
	unsigned int i;

	for (i = 0; i < sizeof(local_registers); i++)
		put(transport, local_registers[i],
		    local_registers[i] == REG_QSR ? saved->local[i] & QSR_KEPT
						  : saved->local[i]);
	for (i = 0; !saved->is_9080 && i < sizeof(dac_registers); i++)
		put(transport, dac_registers[i], saved->dac[i]);
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_restore(transport, saved, i);
	for (i = 1; i <= 2; i++)
		transport->ops->reg_write(transport, REG_INTCSR + i, 8,
					  (saved->intcsr & INTCSR_PCI_ENABLES)
						  >> (8 * i) & 0xff);
}

static void config_save(struct transport *transport, struct saved *saved)
{
	unsigned int i;

	for (i = 0; i < CONFIG_BARS; i++)
		saved->bars[i] = config_get(transport, CONFIG_BAR0 + 4 * i, 32);
	saved->rom = config_get(transport, CONFIG_ROM, 32);
	saved->cache_latency = config_get(transport, CONFIG_CACHE_LINE, 16);
	saved->interrupt_line = config_get(transport, CONFIG_INT_LINE, 8);
	saved->command = config_get(transport, CONFIG_COMMAND, 16);
	if (saved->is_9080)
		return;
	saved->power = config_get(transport, CONFIG_PMCSR, 16);
	saved->hot_swap = config_get(transport, CONFIG_HOT_SWAP, 32);
}

/* The spaces must be enabled again before their BARs hold a value. */
static void config_restore(struct transport *transport,
			   const struct saved *saved)
{
	unsigned int i;

	for (i = 0; i < CONFIG_BARS; i++)
		config_put(transport, CONFIG_BAR0 + 4 * i, 32, saved->bars[i]);
	config_put(transport, CONFIG_ROM, 32, saved->rom);
	config_put(transport, CONFIG_CACHE_LINE, 16, saved->cache_latency);
	config_put(transport, CONFIG_INT_LINE, 8, saved->interrupt_line);
	if (!saved->is_9080) {
		config_put(transport, CONFIG_HOT_SWAP, 32,
			   saved->hot_swap & ~HOT_SWAP_W1);
		config_put(transport, CONFIG_PMCSR, 16,
			   saved->power & ~PMCSR_STATUS);
	}
	config_put(transport, CONFIG_COMMAND, 16, saved->command);
}

static void errors_clear(struct transport *transport)
{
	uint32_t set = config_get(transport, CONFIG_STATUS, 16) & STATUS_ERRORS;

	if (set)
		config_put(transport, CONFIG_STATUS, 16, set);
}

static void pulse(struct transport *transport, uint32_t kept, uint32_t bit,
		  long ns)
{
	const struct timespec pause = { .tv_nsec = ns };

	put(transport, REG_CNTRL, kept | bit);
	nanosleep(&pause, NULL);
	put(transport, REG_CNTRL, kept);
}

static void held_release(struct transport *transport,
			 struct interrupt *interrupt)
{
	unsigned int channel;

	for (channel = 0; channel < PLXDMA_CHANNELS; channel++)
		if (transport->ops->reg_read(transport, REG_DMACSR0 + channel,
					     8) & DMACSR_DONE)
			interrupt->held &= ~(1u << channel);
}

int reset_card(struct transport *transport, struct interrupt *interrupt)
{
	struct saved saved = { 0 };
	int result = 0;

	interrupt_hold(interrupt);
	saved.cntrl = get(transport, REG_CNTRL);
	if (saved.cntrl == UINT32_MAX) {
		result = -ENODEV;
		goto out_let_go;
	}
	saved.is_9080 = get(transport, REG_PCIHIDR) == PCIHIDR_9080;
	errors_clear(transport);
	config_save(transport, &saved);
	local_save(transport, &saved);

	pulse(transport, saved.cntrl & CNTRL_KEPT, CNTRL_RESET, RESET_NS);
	pulse(transport, saved.cntrl & CNTRL_KEPT, CNTRL_RELOAD, RELOAD_NS);

	local_restore(transport, &saved);
	config_restore(transport, &saved);
	held_release(transport, interrupt);
out_let_go:
	interrupt_let_go(interrupt);
	return result;
}
