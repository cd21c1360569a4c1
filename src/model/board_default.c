/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board that is there when no other is asked for: SRAM, a FIFO, a pattern
 * source, a checker, and registers, at the addresses that model.h gives.
 *
 * It uses nothing but <plxdma/board.h>, so it also shows how to write one.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "model/board_default.h"

#define SRAM_BASE    0x20000000u
#define SRAM_MAX     0x10000000u
#define FIFO_BASE    0x30000000u
#define FIFO_SIZE    0x00010000u
#define PATTERN_BASE 0x40000000u
#define PATTERN_SIZE 0x04000000u
#define CHECKER_BASE 0x48000000u
#define REGS_BASE    0x60000000u
#define REGS_SIZE    0x00001000u

static uint32_t pattern(uint32_t offset)
{
	return offset / 4 * 2654435761u;
}

static uint8_t pattern_byte(uint32_t offset)
{
	return (uint8_t)(pattern(offset & ~3u) >> offset % 4 * 8);
}

static bool parse_size(const char *text, double low, double high, size_t *size)
{
	char *end;
	double value = strtod(text, &end);

	if (*end == 'K')
		value *= 1024;
	else if (*end == 'M')
		value *= 1024 * 1024;
	else if (*end == 'G')
		value *= 1024 * 1024 * 1024.0;
	end += *end == 'K' || *end == 'M' || *end == 'G';
	if (end == text || *end || !(value >= low && value <= high))
		return false;
	*size = (size_t)value;
	return true;
}

static int parse_options(const char *const *options, size_t *sram,
			 size_t *fifo, char *why, size_t why_size)
{
	for (; *options; options++) {
		const char *text = *options;
		bool good;

		if (!strncmp(text, "sram=", 5))
			good = parse_size(text + 5, 4096, SRAM_MAX, sram);
		else if (!strncmp(text, "fifo=", 5))
			good = parse_size(text + 5, 1, 1 << 26, fifo);
		else
			good = false;
		if (good)
			continue;
		snprintf(why, why_size,
			 "%s: sram= takes 4K to 256M, fifo= 1 to 64M Lwords",
			 text);
		return -EINVAL;
	}
	return 0;
}

static uint8_t *sram_open(size_t size)
{
	void *sram = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (sram == MAP_FAILED)
		return NULL;
	madvise(sram, size, MADV_HUGEPAGE);
	madvise(sram, size, MADV_DONTDUMP);
	return sram;
}

static int default_open(const struct plxdma_board_host *host,
			const char *const *options, void **self, char *why,
			size_t why_size)
{
	size_t sram = 1 << 20, fifo = 131072;
	struct default_board *board;
	int ret = parse_options(options, &sram, &fifo, why, why_size);

	if (ret)
		return ret;
	board = calloc(1, sizeof(*board));
	if (!board)
		return -ENOMEM;
	board->host = host;
	board->sram_size = (sram + 4095) & ~(size_t)4095;
	board->sram = sram_open(board->sram_size);
	if (!board->sram) {
		ret = -ENOMEM;
		goto out_free;
	}
	ret = fifo_open(&board->fifo, (uint32_t)fifo);
	if (ret)
		goto out_unmap;
	*self = board;
	return 0;

out_unmap:
	munmap(board->sram, board->sram_size);
out_free:
	free(board);
	return ret;
}

static void default_close(void *self)
{
	struct default_board *board = self;

	fifo_close(&board->fifo);
	munmap(board->sram, board->sram_size);
	free(board);
}

/* LRESETo#: everything but the SRAM's content. */
static void default_reset(void *self)
{
	struct default_board *board = self;
	struct fifo *fifo = &board->fifo;

	fifo_empty(fifo);
	fifo->refills = false;
	fifo->next = fifo->popped = fifo->pushed = fifo->overflowed = 0;
	board->control = board->errors = board->bits = 0;
	board->eot_after = board->scratch = 0;
	board->host->linti(board->host->card, 0);
	board->host->dreq(board->host->card, 0, 0);
	board->host->dreq(board->host->card, 1, 0);
}

static bool within(uint32_t address, uint32_t base, uint32_t size)
{
	return address - base < size;
}

static size_t clip(size_t size, uint64_t end, uint32_t address)
{
	uint64_t left = end - address;

	return size < left ? size : (size_t)left;
}

static void *default_direct(void *self, uint32_t address, size_t *size)
{
	struct default_board *board = self;
	uint32_t offset = address - SRAM_BASE;

	if (address < SRAM_BASE || offset >= board->sram_size)
		return NULL;
	*size = board->sram_size - offset;
	return board->sram + offset;
}

/* What isn't the FIFO. */
static size_t memory_out(struct default_board *board, uint32_t address,
			 uint8_t *to, size_t size)
{
	size_t plain;
	void *sram;

	sram = default_direct(board, address, &plain);
	if (sram) {
		memcpy(to, sram, size < plain ? size : plain);
		return size < plain ? size : plain;
	}
	if (within(address, PATTERN_BASE, PATTERN_SIZE)) {
		for (size_t i = 0; i < size; i++)
			to[i] = pattern_byte(address - PATTERN_BASE +
					     (uint32_t)i);
		return size;
	}
	if (within(address, REGS_BASE, REGS_SIZE)) {
		size = clip(size, REGS_BASE + (uint64_t)REGS_SIZE, address);
		control_read(board, address - REGS_BASE, to, size);
		return size;
	}
	/* Nobody drives the bus here. */
	memset(to, 0xff, size);
	return size;
}

/* Bytes up to the end of the Lword, which is as far as a held address goes. */
static size_t lword_part(uint32_t address, size_t size)
{
	size_t room = 4 - address % 4;

	return size < room ? size : room;
}

static size_t default_read(void *self, uint32_t address, void *data,
			   size_t size,
			   const struct plxdma_board_access *access)
{
	struct default_board *board = self;
	uint8_t *to = data;
	size_t done = 0;

	if (within(address, FIFO_BASE, FIFO_SIZE))
		return port_read(board, address, to, size, access);
	if (!access->constant)
		return memory_out(board, address, to, size);
	while (done < size) {
		size_t n = lword_part(address, size - done);

		memory_out(board, address, to + done, n);
		done += n;
		address &= ~3u;
	}
	return size;
}

static void check(struct default_board *board, uint32_t offset,
		  const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		board->errors += from[i] !=
				 pattern_byte(offset + (uint32_t)i);
}

static size_t memory_in(struct default_board *board, uint32_t address,
			const uint8_t *from, size_t size)
{
	size_t plain;
	void *sram;

	sram = default_direct(board, address, &plain);
	if (sram) {
		memcpy(sram, from, size < plain ? size : plain);
		return size < plain ? size : plain;
	}
	if (within(address, CHECKER_BASE, PATTERN_SIZE)) {
		check(board, address - CHECKER_BASE, from, size);
		return size;
	}
	if (within(address, REGS_BASE, REGS_SIZE)) {
		size = clip(size, REGS_BASE + (uint64_t)REGS_SIZE, address);
		control_write(board, address - REGS_BASE, from, size);
	}
	return size;
}

static size_t default_write(void *self, uint32_t address, const void *data,
			    size_t size,
			    const struct plxdma_board_access *access)
{
	struct default_board *board = self;
	const uint8_t *from = data;
	size_t done = 0;

	if (within(address, FIFO_BASE, FIFO_SIZE))
		return port_write(board, address, from, size, access);
	if (!access->constant)
		return memory_in(board, address, from, size);
	while (done < size) {
		size_t n = lword_part(address, size - done);

		memory_in(board, address, from + done, n);
		done += n;
		address &= ~3u;
	}
	return size;
}

const struct plxdma_board_ops board_default_ops = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "default",
	.open = default_open,
	.close = default_close,
	.reset = default_reset,
	.read = default_read,
	.write = default_write,
	.direct = default_direct,
};
