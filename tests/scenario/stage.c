/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board's memory is an unlinked file; whoever loads the board, this
 * process or a daemon, opens it through /proc.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stage.h"

struct shared_board *stage_board_new(char *options, size_t room)
{
	struct shared_board *board;
	int fd;

	fd = memfd_create("shared-board", MFD_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (ftruncate(fd, sizeof(*board)) != 0) {
		close(fd);
		return NULL;
	}
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (board == MAP_FAILED) {
		close(fd);
		return NULL;
	}
	board->magic = SHARED_BOARD_MAGIC;
	/* The descriptor stays open: the path below leads through it. */
	snprintf(options, room, "board=%s,board.memory=/proc/%d/fd/%d",
		 SHARED_BOARD_FILE, (int)getpid(), fd);
	return board;
}

void stage_board_free(struct shared_board *board)
{
	munmap(board, sizeof(*board));
}

/* All of the card's memory, or nearly. */
static int take_memory(struct stage *stage, size_t size)
{
	for (int i = 0; i < 8 && !stage->host; i++) {
		stage->host_size = size - (size_t)i * 4096;
		stage->host = plxdma_alloc_coherent(stage->card,
						    stage->host_size,
						    &stage->handle);
	}
	return stage->host ? 0 : -errno;
}

static int make_modes(struct stage *stage)
{
	stage->memory_mode = plxdma_mode_new();
	stage->fifo_mode = plxdma_mode_new();
	if (!stage->memory_mode || !stage->fifo_mode)
		return -ENOMEM;
	return plxdma_mode_set(stage->fifo_mode, PLXDMA_MODE_CONSTANT, 1);
}

int stage_open(struct stage *stage, const char *spec, size_t size,
	       struct shared_board *board, char *text, size_t room)
{
	int error;

	memset(stage, 0, sizeof(*stage));
	stage->board = board;
	error = plxdma_open(spec, &stage->card);
	if (error) {
		snprintf(text, room, "%s", plxdma_error(NULL));
		return error;
	}
	/* What has a constant local address needs it. */
	error = plxdma_claim(stage->card, PLXDMA_CLAIM_CARD, 0, 60000000000);
	if (error == 0)
		error = make_modes(stage);
	if (error == 0)
		error = take_memory(stage, size);
	for (unsigned int i = 0; i < PLXDMA_CHANNELS && error == 0; i++)
		error = plxdma_channel_open(stage->card, i,
					    &stage->channels[i]);
	if (error) {
		snprintf(text, room, "%s", plxdma_error(stage->card));
		stage_close(stage);
	}
	return error;
}

void stage_close(struct stage *stage)
{
	plxdma_mode_free(stage->memory_mode);
	plxdma_mode_free(stage->fifo_mode);
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		plxdma_channel_close(stage->channels[i]);
	plxdma_free_coherent(stage->card, stage->host_size, stage->host,
			     stage->handle);
	plxdma_close(stage->card);
	stage->card = NULL;
}

static int descriptors_of(struct stage *stage, uint64_t offset, uint64_t size,
			  uint64_t *count)
{
	struct plxdma_counters before = { .size = sizeof(before) };
	struct plxdma_counters after = { .size = sizeof(after) };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_CARD,
		.form = PLXDMA_FORM_CHAIN,
		.local = SHARED_BOARD_SRAM,
		.handle = stage->handle + offset,
		.length = size,
	};
	int error;

	error = plxdma_card_counters(stage->card, &before);
	if (error == 0)
		error = plxdma_transfer_once(stage->channels[0], &request,
					     60000000000, NULL);
	if (error == 0)
		error = plxdma_card_counters(stage->card, &after);
	*count = after.descriptors - before.descriptors;
	return error;
}

int stage_find_seam(struct stage *stage)
{
	const uint64_t window = 4u << 20;
	uint64_t low = 0, high, count = 1;
	int error = 0;

	/* Windows overlap by one page: a seam on an edge is inside one. */
	for (; low + window <= stage->host_size; low += window - 4096) {
		error = descriptors_of(stage, low, window, &count);
		if (error || count > 1)
			break;
	}
	if (error)
		return error;
	if (count < 2)
		return -ENODATA;
	/* [low, high) holds the seam; bus addresses change at pages only. */
	high = low + window;
	while (high - low > 8192) {
		uint64_t middle = (low + (high - low) / 2) & ~UINT64_C(4095);

		error = descriptors_of(stage, low, middle + 1 - low, &count);
		if (error)
			return error;
		if (count > 1)
			high = middle + 1;
		else
			low = middle;
	}
	stage->seam = low + 4096;
	return 0;
}

uint64_t stage_violations(struct stage *stage)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	if (plxdma_card_counters(stage->card, &counters) != 0)
		return UINT64_MAX;
	return counters.violations;
}
