/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board that lets a test pull every pin and see how the chip accesses it:
 * 64 KiB at local address 0, which delivers one Lword a call, and registers
 * at 100000h for the host.
 */
#include <plxdma/board.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 0x10000, REGISTERS = 0x100000, COUNT = 16 };

/* Registers, by Lword. */
enum {
	DREQ0, /* level of the pin */
	DREQ1,
	LINTI,
	USERI,
	EOT_AFTER,  /* pulse EOT# with the Lword that counts it to 0 */
	DROP_AFTER, /* drop both DREQ# likewise */
	LWORDS,	    /* moved by DMA */
	WIDTH,	    /* of the last DMA access */
	CONSTANT,
	DEMAND,
	PARTIAL_READS, /* DMA reads that are not whole Lwords */
	RESETS,
	USERO,
	REG_OFFSET, /* writing it reads a chip register into REG_VALUE */
	REG_VALUE
};

struct probe {
	const struct plxdma_board_host *host;
	uint32_t reg[COUNT];
	uint8_t memory[MEMORY];
};

static int probe_open(const struct plxdma_board_host *host,
		      const char *const *options, void **board, char *why,
		      size_t why_size)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	(void)options;
	(void)why;
	(void)why_size;
	if (!probe)
		return -ENOMEM;
	probe->host = host;
	*board = probe;
	return 0;
}

static void probe_close(void *board)
{
	free(board);
}

static void probe_reset(void *board)
{
	struct probe *probe = board;

	probe->reg[RESETS]++;
}

static void probe_user(void *board, int level)
{
	struct probe *probe = board;

	probe->reg[USERO] = (uint32_t)level;
}

/* What a register does when the host writes it. */
static void register_written(struct probe *probe, unsigned int index)
{
	const struct plxdma_board_host *host = probe->host;
	uint32_t value = probe->reg[index];

	switch (index) {
	case DREQ0:
	case DREQ1:
		host->dreq(host->card, index - DREQ0, (int)value);
		break;
	case LINTI:
		host->linti(host->card, (int)value);
		break;
	case USERI:
		host->user(host->card, (int)value);
		break;
	case REG_OFFSET:
		probe->reg[REG_VALUE] = host->reg_read(host->card, value);
		break;
	default:
		break;
	}
}

static void lword_moved(struct probe *probe,
			const struct plxdma_board_access *access)
{
	const struct plxdma_board_host *host = probe->host;

	probe->reg[LWORDS]++;
	probe->reg[WIDTH] = access->width;
	probe->reg[CONSTANT] = (uint32_t)access->constant;
	probe->reg[DEMAND] = (uint32_t)access->demand;
	if (probe->reg[EOT_AFTER] && --probe->reg[EOT_AFTER] == 0)
		host->eot(host->card);
	if (probe->reg[DROP_AFTER] && --probe->reg[DROP_AFTER] == 0) {
		host->dreq(host->card, 0, 0);
		host->dreq(host->card, 1, 0);
	}
}

/* The rest of the Lword at most, so that pins can change between Lwords. */
static size_t one_lword(uint32_t address, size_t size)
{
	size_t rest = 4 - address % 4;

	return size < rest ? size : rest;
}

static size_t probe_read(void *board, uint32_t address, void *data, size_t size,
			 const struct plxdma_board_access *access)
{
	struct probe *probe = board;
	uint8_t *from = (uint8_t *)probe->reg + (address - REGISTERS);

	if (access->channel == PLXDMA_BOARD_HOST) {
		if (address < MEMORY)
			from = probe->memory + address;
		memcpy(data, from, size);
		return size;
	}
	if (address % 4 || size % 4)
		probe->reg[PARTIAL_READS]++;
	size = one_lword(address, size);
	memcpy(data, probe->memory + address % MEMORY, size);
	lword_moved(probe, access);
	return size;
}

static size_t probe_write(void *board, uint32_t address, const void *data,
			  size_t size, const struct plxdma_board_access *access)
{
	struct probe *probe = board;

	if (access->channel == PLXDMA_BOARD_HOST && address >= REGISTERS) {
		memcpy((uint8_t *)probe->reg + (address - REGISTERS), data,
		       size);
		register_written(probe, (address - REGISTERS) / 4);
		return size;
	}
	if (access->channel != PLXDMA_BOARD_HOST)
		size = one_lword(address, size);
	memcpy(probe->memory + address % MEMORY, data, size);
	if (access->channel != PLXDMA_BOARD_HOST)
		lword_moved(probe, access);
	return size;
}

const struct plxdma_board_ops *plxdma_board(void)
{
	static const struct plxdma_board_ops ops = {
		.version = PLXDMA_BOARD_VERSION,
		.name = "probe",
		.open = probe_open,
		.close = probe_close,
		.reset = probe_reset,
		.read = probe_read,
		.write = probe_write,
		.user = probe_user,
	};

	return &ops;
}
