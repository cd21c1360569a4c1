/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The register steps of DMA.  Waits poll CSR, which is also what lets an
 * inline engine with a rate move on.
 */
#include <string.h>
#include <time.h>

#include "channel.h"

uint32_t dma(struct card *card, int channel, unsigned int offset)
{
	return reg(card, offset + (channel ? 0x14 : 0));
}

void dma_set(struct card *card, int channel, unsigned int offset,
	     uint32_t value)
{
	reg_set(card, offset + (channel ? 0x14 : 0), value);
}

uint8_t csr(struct card *card, int channel)
{
	return reg8(card, DMACSR + (unsigned int)channel);
}

void csr_set(struct card *card, int channel, unsigned int value)
{
	reg8_set(card, DMACSR + (unsigned int)channel, value);
}

void block_program(struct card *card, int channel, uint32_t mode, uint64_t bus,
		   uint32_t local, uint32_t size, uint32_t direction)
{
	uint32_t high = (uint32_t)(bus >> 32);

	dma_set(card, channel, DMAMODE, mode);
	dma_set(card, channel, DMAPADR, (uint32_t)bus);
	dma_set(card, channel, DMALADR, local);
	dma_set(card, channel, DMASIZ, size);
	dma_set(card, channel, DMADPR, direction);
	if (high)
		reg_set(card, DMADAC + (channel ? 4 : 0), high);
}

void chain_program(struct card *card, int channel, uint32_t mode,
		   uint32_t first)
{
	dma_set(card, channel, DMAMODE, mode | MODE_CHAIN);
	dma_set(card, channel, DMADPR, first);
}

void dma_start(struct card *card, int channel)
{
	csr_set(card, channel, CSR_ENABLE);
	csr_set(card, channel, CSR_ENABLE | CSR_START);
}

bool dma_done(struct card *card, int channel)
{
	uint64_t end = now_ns() + 60000000000u;

	while (!(csr(card, channel) & CSR_DONE)) {
		if (now_ns() > end)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
	}
	return true;
}

bool dma_hangs(struct card *card, int channel)
{
	int i;

	for (i = 0; i < 10; i++) {
		if (csr(card, channel) & CSR_DONE)
			return false;
		sleep_ms(1);
	}
	/* Orders what the engine's thread wrote before what we read. */
	(void)model_config_read(card->model, 0x06, 16);
	return true;
}

bool inta_comes(struct card *card)
{
	uint64_t end = now_ns() + 60000000000u;

	while (!model_intx(card->model) && now_ns() < end) {
		model_service(card->model);
		sleep_ms(1);
	}
	return model_intx(card->model);
}

bool block(struct card *card, int channel, uint32_t mode, uint64_t bus,
	   uint32_t local, uint32_t size, uint32_t direction)
{
	block_program(card, channel, mode, bus, local, size, direction);
	dma_start(card, channel);
	return dma_done(card, channel);
}

bool block_memory(struct card *card, int channel, uint64_t bus, uint32_t local,
		  uint32_t size, uint32_t direction)
{
	return block(card, channel, MODE_MEMORY, bus, local, size, direction);
}

bool chain(struct card *card, int channel, uint32_t mode, uint32_t first)
{
	chain_program(card, channel, mode, first);
	dma_start(card, channel);
	return dma_done(card, channel);
}

void descriptor(struct card *card, uint32_t at, uint32_t pci, uint32_t local,
		uint32_t size, uint32_t next)
{
	host32_set(card, at - HOST, pci);
	host32_set(card, at - HOST + 4, local);
	host32_set(card, at - HOST + 8, size);
	host32_set(card, at - HOST + 12, next);
}

void descriptor_dac(struct card *card, uint32_t at, uint64_t pci,
		    uint32_t local, uint32_t size, uint32_t next)
{
	descriptor(card, at, (uint32_t)pci, local, size, next);
	host32_set(card, at - HOST + 16, (uint32_t)(pci >> 32));
}

void descriptor_local(struct card *card, uint32_t at, uint32_t pci,
		      uint32_t local, uint32_t size, uint32_t next)
{
	local32_set(card, at, pci);
	local32_set(card, at + 4, local);
	local32_set(card, at + 8, size);
	local32_set(card, at + 12, next);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void sleep_ms(unsigned int ms)
{
	struct timespec time = {.tv_sec = ms / 1000,
				.tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&time, NULL);
}
