/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An armed-FIFO digitizer in the manner of XIA's Pixie-16, written from what
 * that module's public software does to it.  plxdma-boards(7) has the table of
 * registers; names here are that table's.
 */
#ifndef BOARDS_DIGITIZER_H
#define BOARDS_DIGITIZER_H

#include <stdbool.h>
#include <stdint.h>

#include <plxdma/board.h>

#include "boards/digitizer_fifo.h"
#include "boards/digitizer_line.h"
#include "boards/digitizer_memory.h"

/* Local addresses: what BAR2 shows from offset 0 on. */
#define DIGITIZER_REGISTERS 0x000000u
#define DIGITIZER_FIFO_PORT 0x200000u
#define DIGITIZER_DSP_PORT  0x300000u
#define DIGITIZER_MEMORY    0x400000u
#define DIGITIZER_PORT_SIZE 0x010000u /* all of it is the same port */

enum digitizer_register {
	DIGITIZER_CONFIG_DATA = 0x00,
	DIGITIZER_CONFIG_CONTROL = 0x04,
	DIGITIZER_CONFIG_STATUS = 0x08,
	DIGITIZER_VERSION = 0x0c,
	DIGITIZER_LINE = 0x10,
	DIGITIZER_CONFIG_CLOCKS = 0x14,
	DIGITIZER_DAC = 0x18,
	DIGITIZER_CSR = 0x48,
	DIGITIZER_BUS_REQUEST = 0x80,
	DIGITIZER_BUS_DONE = 0x84,
	DIGITIZER_MEMORY_ADDRESS = 0xc0,
	DIGITIZER_DSP_ADDRESS = 0xc4,
	DIGITIZER_DSP_DATA = 0xc8,
	DIGITIZER_ARM = 0xcc,
	DIGITIZER_DSP_DMA_CONTROL = 0xd0,
	DIGITIZER_DSP_DMA_INDEX = 0xd4,
	DIGITIZER_MEMORY_CLEAR = 0xd8,
	DIGITIZER_DSP_DMA_COUNT = 0xdc,
	DIGITIZER_DSP_DMA_STRIDE = 0xe0,
	DIGITIZER_DSP_DMA_OUTSIDE = 0xe4,
	DIGITIZER_LEVEL = 0xe8, /* written: the watermark */
	DIGITIZER_MEMORY_READ = 0xec,
	DIGITIZER_DSP_READ = 0xf0,
	DIGITIZER_FIFO_CLEAR = 0xf4,
	/* Not on the module they are after. */
	DIGITIZER_SNAPSHOT = 0x100,
	DIGITIZER_PRODUCED = 0x104,
	DIGITIZER_DELIVERED = 0x10c,
	DIGITIZER_OVERFLOWED = 0x114,
	DIGITIZER_SNAPSHOT_LEVEL = 0x11c,
	DIGITIZER_ARMED = 0x120,
	DIGITIZER_INTERRUPT_LEVEL = 0x124,
	DIGITIZER_UNARMED = 0x128,
	DIGITIZER_UNDERFLOWS = 0x12c,
	DIGITIZER_CARD = 0x130,
	DIGITIZER_SERIAL = 0x134,
	DIGITIZER_FIRMWARE = 0x138,
	DIGITIZER_SCRATCH = 0x13c,
	DIGITIZER_RATE = 0x140,
	DIGITIZER_DEPTH = 0x144,
	DIGITIZER_MISSED_EDGES = 0x148,
	DIGITIZER_REGISTERS_SIZE = 0x1000,
};

#define CSR_RUN		 0x0001u
#define CSR_DOWNLOAD	 0x0002u
#define CSR_PCI_ACTIVE	 0x0004u
#define CSR_PULL_UP	 0x0008u
#define CSR_DSP_RESET	 0x0010u
#define CSR_WATERMARK	 0x0040u
#define CSR_RUN_ACTIVE	 0x2000u
#define CSR_CLEARING	 0x8000u
#define CSR_WRITABLE	 0x5f3fu

/* Of CONFIG_STATUS, when all of the board's logic is loaded. */
#define CONFIG_LOADED 0xaa3u

#define DSP_DMA_GO 0x905u

struct digitizer_settings {
	uint64_t depth, word_rate, memory, card, crate, serial, revision;
	uint64_t firmware, linti, arm, boot, seed, reads;
};

struct digitizer {
	const struct plxdma_board_host *host;
	struct digitizer_settings set;
	struct fifo fifo;
	struct memory external, dsp;
	struct line line;
	uint32_t csr, config, config_control, watermark, scratch;
	uint32_t armed;		 /* words that the port may still deliver */
	uint32_t wanted;	 /* words that a held access waits for */
	uint32_t interrupt_level;
	uint32_t unarmed, underflows;
	uint32_t snapshots;
	struct fifo_counts snapshot;
	uint64_t clearing_until;
	uint32_t dsp_control, dsp_index, dsp_count, dsp_left;
	uint32_t dsp_stride, dsp_outside, dsp_loaded;
	bool dsp_ready;
	bool linti;
	uint64_t alarm;
};

/* digitizer_registers.c */
uint32_t digitizer_get(void *board, uint32_t offset);
void digitizer_set(void *board, uint32_t offset, uint32_t value);
void dsp_reset(struct digitizer *d);
/* digitizer_ports.c */
bool port_is(uint32_t address);
size_t port_read(struct digitizer *d, uint32_t address, uint8_t *to,
		 size_t size, const struct plxdma_board_access *access);
void port_write(struct digitizer *d, uint32_t address, const uint8_t *from,
		size_t size);
/* digitizer.c */
uint64_t digitizer_now(const struct digitizer *d);
/* The chip's and the clock's doings until now; then what follows from them. */
void digitizer_advance(struct digitizer *d);
void digitizer_settle(struct digitizer *d);
void digitizer_reset(void *board);

#endif
