/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One DMA channel driven by its registers, step by step as chip ref. 3.1 and
 * 3.3 tell, so that each step can be left out or put elsewhere by a test.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "card.h"

#define TO_HOST DPR_TO_HOST
#define TO_CARD 0u

/* Registers of the second channel lie 14h higher, its CSR 1, its DAC 4. */
uint32_t dma(struct card *card, int channel, unsigned int offset);
void dma_set(struct card *card, int channel, unsigned int offset,
	     uint32_t value);
uint8_t csr(struct card *card, int channel);
void csr_set(struct card *card, int channel, unsigned int value);

/* MODE, PADR, LADR, SIZ, DPR, DAC of a block transfer. */
void block_program(struct card *card, int channel, uint32_t mode, uint64_t bus,
		   uint32_t local, uint32_t size, uint32_t direction);
/* MODE and DPR: all that a chain needs. */
void chain_program(struct card *card, int channel, uint32_t mode,
		   uint32_t first);
/* Enable, then Enable and Start. */
void dma_start(struct card *card, int channel);
/* Waits for Done, a few seconds at most; whether it came. */
bool dma_done(struct card *card, int channel);
/* Whether Done stays 0 for some milliseconds. */
bool dma_hangs(struct card *card, int channel);
/* Waits for INTA#, some seconds at most; whether it came. */
bool inta_comes(struct card *card);
/* All of it: program, start, wait. */
bool block(struct card *card, int channel, uint32_t mode, uint64_t bus,
	   uint32_t local, uint32_t size, uint32_t direction);
/* The same steps with a mode for memory and no interrupt. */
bool block_memory(struct card *card, int channel, uint64_t bus, uint32_t local,
		  uint32_t size, uint32_t direction);
bool chain(struct card *card, int channel, uint32_t mode, uint32_t first);

/* A descriptor in host memory, at its bus address; next with its flags. */
void descriptor(struct card *card, uint32_t at, uint32_t pci, uint32_t local,
		uint32_t size, uint32_t next);
/* The same with a fifth Lword. */
void descriptor_dac(struct card *card, uint32_t at, uint64_t pci,
		    uint32_t local, uint32_t size, uint32_t next);
/* A descriptor in local memory. */
void descriptor_local(struct card *card, uint32_t at, uint32_t pci,
		      uint32_t local, uint32_t size, uint32_t next);

/* Real time, for waits and for lower bounds only. */
uint64_t now_ns(void);
void sleep_ms(unsigned int ms);

#endif
