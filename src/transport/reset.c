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

#include "chip/plx9054.h"

/* Boards in the field get by with 0.5 ms and 1 ms; an extra-long EEPROM takes
 * 0.66 ms to load (chip ref. 5.3). */
#define RESET_NS  1000000
#define RELOAD_NS 2000000

#define CNTRL_KEPT                                                             \
	(PLX_CNTRL_COMMANDS_MASK | PLX_CNTRL_USERO | PLX_CNTRL_USERI_SELECT |  \
	 PLX_CNTRL_USERO_SELECT)

/* clang-format off */
static const uint8_t local_registers[] = {
	PLX_LAS0RR, PLX_LAS0BA, PLX_MARBR, PLX_BIGEND, PLX_EROMRR,
	PLX_EROMBA, PLX_LBRD0, PLX_DMRR, PLX_DMLBAM, PLX_DMLBAI, PLX_DMPBAM,
	PLX_DMCFGA, PLX_OPQIM, PLX_QSR, PLX_LAS1RR, PLX_LAS1BA, PLX_LBRD1,
	PLX_DMATHR,
};
/* clang-format on */

/* Only where the chip has dual-address cycles. */
static const uint8_t dac_registers[] = {PLX_DMADAC0, PLX_DMADAC1, PLX_DMDAC};

#define DMA_REGISTERS 5 /* MODE, PADR, LADR, SIZ, DPR */
#define CONFIG_BARS   6

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
	int is_9080; /* neither DAC nor capabilities */
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
	return PLX_DMAMODE(channel) + 4 * n;
}

static int channel_done(struct transport *transport, unsigned int channel)
{
	return (transport->ops->reg_read(transport, PLX_DMACSR(channel), 8) &
		PLX_DMACSR_DONE) != 0;
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
	saved->intcsr = get(transport, PLX_INTCSR);
}

static void channel_restore(struct transport *transport,
			    const struct saved *saved, unsigned int channel)
{
	unsigned int i;

	if (!channel_done(transport, channel))
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
		    local_registers[i] == PLX_QSR
			    ? saved->local[i] & PLX_QSR_WRITABLE
			    : saved->local[i]);
	for (i = 0; !saved->is_9080 && i < sizeof(dac_registers); i++)
		put(transport, dac_registers[i], saved->dac[i]);
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_restore(transport, saved, i);
	for (i = 1; i <= 2; i++)
		transport->ops->reg_write(
			transport, PLX_INTCSR + i, 8,
			(saved->intcsr & INTERRUPT_ENABLES) >> (8 * i) & 0xff);
}

static void config_save(struct transport *transport, struct saved *saved)
{
	unsigned int i;

	for (i = 0; i < CONFIG_BARS; i++)
		saved->bars[i] =
			config_get(transport, PLX_CFG_BAR0 + 4 * i, 32);
	saved->rom = config_get(transport, PLX_CFG_ROM, 32);
	saved->cache_latency = config_get(transport, PLX_CFG_CACHE_LINE, 16);
	saved->interrupt_line = config_get(transport, PLX_CFG_INT_LINE, 8);
	saved->command = config_get(transport, PLX_CFG_COMMAND, 16);
	if (saved->is_9080)
		return;
	saved->power = config_get(transport, PLX_CFG_PMCSR, 16);
	saved->hot_swap = config_get(transport, PLX_CFG_HOT_SWAP, 32);
}

/* The spaces must be enabled again before their BARs hold a value. */
static void config_restore(struct transport *transport,
			   const struct saved *saved)
{
	unsigned int i;

	for (i = 0; i < CONFIG_BARS; i++)
		config_put(transport, PLX_CFG_BAR0 + 4 * i, 32, saved->bars[i]);
	config_put(transport, PLX_CFG_ROM, 32, saved->rom);
	config_put(transport, PLX_CFG_CACHE_LINE, 16, saved->cache_latency);
	config_put(transport, PLX_CFG_INT_LINE, 8, saved->interrupt_line);
	if (!saved->is_9080) {
		config_put(transport, PLX_CFG_HOT_SWAP, 32,
			   saved->hot_swap & ~PLX_HOT_SWAP_WRITE_ONE);
		config_put(transport, PLX_CFG_PMCSR, 16,
			   saved->power & ~(uint32_t)PLX_PMCSR_PME_STATUS);
	}
	config_put(transport, PLX_CFG_COMMAND, 16, saved->command);
}

static void errors_clear(struct transport *transport)
{
	uint32_t set =
		config_get(transport, PLX_CFG_STATUS, 16) & PLX_STATUS_W1C;

	if (set)
		config_put(transport, PLX_CFG_STATUS, 16, set);
}

static void pulse(struct transport *transport, uint32_t kept, uint32_t bit,
		  long ns)
{
	const struct timespec pause = {.tv_nsec = ns};

	put(transport, PLX_CNTRL, kept | bit);
	nanosleep(&pause, NULL);
	put(transport, PLX_CNTRL, kept);
}

static void held_release(struct transport *transport,
			 struct interrupt *interrupt)
{
	unsigned int channel;

	for (channel = 0; channel < PLXDMA_CHANNELS; channel++)
		if (channel_done(transport, channel))
			interrupt->held &= ~(1u << channel);
}

int reset_card(struct transport *transport, struct interrupt *interrupt)
{
	struct saved saved = {0};
	int result = 0;

	interrupt_hold(interrupt);
	saved.cntrl = get(transport, PLX_CNTRL);
	if (saved.cntrl == UINT32_MAX) {
		result = -ENODEV;
		goto out_let_go;
	}
	saved.is_9080 = get(transport, PLX_PCIHIDR) == PLX_PCIHIDR_9080;
	errors_clear(transport);
	config_save(transport, &saved);
	local_save(transport, &saved);

	pulse(transport, saved.cntrl & CNTRL_KEPT, PLX_CNTRL_RESET, RESET_NS);
	pulse(transport, saved.cntrl & CNTRL_KEPT, PLX_CNTRL_RELOAD, RELOAD_NS);

	local_restore(transport, &saved);
	config_restore(transport, &saved);
	held_release(transport, interrupt);
out_let_go:
	interrupt_let_go(interrupt);
	return result;
}
