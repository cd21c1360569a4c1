/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board whose memory is a file that the test maps as well: see the header.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <plxdma/board.h>

#include "shared-board.h"

/* What answers where nothing is. */
#define NOTHING 0xdeadbeefu

static const char *option(const char *const *options, const char *name)
{
	size_t length = strlen(name);

	for (; *options; options++)
		if (strncmp(*options, name, length) == 0 &&
		    (*options)[length] == '=')
			return *options + length + 1;
	return NULL;
}

static int board_open(const struct plxdma_board_host *host,
		      const char *const *options, void **result, char *why,
		      size_t why_size)
{
	const char *path = option(options, "memory");
	struct shared_board *board;
	int fd;

	(void)host;
	fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd < 0) {
		snprintf(why, why_size, "shared board: board.memory=%s: %s",
			 path ? path : "", strerror(errno));
		return -ENOENT;
	}
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, 0);
	close(fd);
	if (board == MAP_FAILED)
		return -errno;
	if (board->magic != SHARED_BOARD_MAGIC) {
		munmap(board, sizeof(*board));
		snprintf(why, why_size, "shared board: %s is something else",
			 path);
		return -EINVAL;
	}
	*result = board;
	return 0;
}

static void board_close(void *board)
{
	munmap(board, sizeof(struct shared_board));
}

static void fifo_pop(struct shared_board *board, uint8_t *to, size_t size)
{
	for (; size >= 4; size -= 4, to += 4) {
		size_t at = (size_t)board->popped++ * 4;
		uint32_t word = NOTHING;

		if (at + 4 <= sizeof(board->queue))
			memcpy(&word, board->queue + at, 4);
		memcpy(to, &word, 4);
	}
	if (size) {
		board->narrow++;
		memset(to, 0, size);
	}
}

static void fifo_push(struct shared_board *board, const uint8_t *from,
		      size_t size)
{
	for (; size >= 4; size -= 4, from += 4) {
		size_t at = (size_t)board->pushed++ * 4;

		if (at + 4 <= sizeof(board->queue))
			memcpy(board->queue + at, from, 4);
	}
	if (size)
		board->narrow++;
}

/* Bytes of an access that are the FIFO's: without a held address only its
 * first Lword is. */
static size_t fifo_bytes(uint32_t address, size_t size,
			 const struct plxdma_board_access *access)
{
	if (address != SHARED_BOARD_FIFO)
		return 0;
	return access->constant || size < 4 ? size : 4;
}

static size_t board_read(void *context, uint32_t address, void *data,
			 size_t size, const struct plxdma_board_access *access)
{
	struct shared_board *board = context;
	size_t fifo = fifo_bytes(address, size, access);
	const uint32_t nothing = NOTHING;

	fifo_pop(board, data, fifo);
	for (size_t i = fifo; i < size; i++) {
		((uint8_t *)data)[i] = ((const uint8_t *)&nothing)[i % 4];
		board->strays += i % 4 == 0;
	}
	return size;
}

static size_t board_write(void *context, uint32_t address, const void *data,
			  size_t size,
			  const struct plxdma_board_access *access)
{
	struct shared_board *board = context;
	size_t fifo = fifo_bytes(address, size, access);

	fifo_push(board, data, fifo);
	board->strays += (uint32_t)((size - fifo + 3) / 4);
	return size;
}

static void *board_direct(void *context, uint32_t address, size_t *size)
{
	struct shared_board *board = context;
	uint32_t offset = address - SHARED_BOARD_SRAM;

	if (address < SHARED_BOARD_SRAM || offset >= sizeof(board->sram))
		return NULL;
	*size = sizeof(board->sram) - offset;
	return board->sram + offset;
}

static const struct plxdma_board_ops shared_board = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "memory shared with a test",
	.open = board_open,
	.close = board_close,
	.read = board_read,
	.write = board_write,
	.direct = board_direct,
};

const struct plxdma_board_ops *plxdma_board(void)
{
	return &shared_board;
}
