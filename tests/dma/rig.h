/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A card of paper, opened, with memory attached: where most tests begin. */
#ifndef RIG_H
#define RIG_H

#include "fake_card.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define C9054 0x905410b5u
#define C9080 0x908010b5u
#define C9056 0x905610b5u

/* What the default mode is without and with an interrupt. */
#define BLOCK_QUIET 0x000001c3u
#define BLOCK_EVENT 0x000205c3u
#define CHAIN_QUIET 0x000003c3u
#define CHAIN_EVENT 0x000207c3u
#define DAC_QUIET 0x000403c3u

/* Where the first page of the arena lies unless a table says otherwise. */
#define RIG_BUS 0x10000000u

struct rig {
	struct fake *fake;
	struct dma_card *card;
	struct arena *arena;
	struct dma_map *map;
	struct dma_channel *channel;	/* number 0 */
	struct dma_request request;	/* 256 bytes to host, quiet */
};

/* @bus: a bus address per page, or NULL. */
void rig_make(struct rig *rig, uint32_t hidr, const char *options,
	      const uint64_t *bus, size_t pages);
void rig_break(struct rig *rig);

struct dma_transfer *rig_transfer(struct rig *rig);
struct dma_transfer *rig_transfer_on(struct rig *rig, unsigned int channel);
/* dma_transfer_new() with the rig's request; checks code and text. */
void rig_refuses(struct rig *rig, int code, const char *text);
/* Submits it; the closer look then comes by rig_late() only. */
void rig_submit(struct dma_transfer *transfer);
/* Submits it, looks once, checks the status, takes it. */
void rig_runs(struct rig *rig, struct dma_transfer *transfer,
	      enum plxdma_status status);
struct plxdma_result rig_result(const struct dma_transfer *transfer);
/* A step of BAR2, 32 bits. */
struct plxdma_step rig_write(uint32_t offset, uint32_t value);
struct plxdma_step rig_read(uint32_t offset);
struct plxdma_step rig_poll(uint32_t offset, uint32_t mask, uint32_t want,
			    uint32_t timeout_us);
/* The closer look is due. */
void rig_late(struct dma_channel *channel);
/* The driver's time stands still until rig_break(): for what must not take long
 * on a machine that may be slow. Not for what waits. */
void rig_clock_stop(void);

#endif
