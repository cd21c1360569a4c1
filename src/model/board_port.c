/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board's FIFO port: Lwords on the bus, DREQ#, EOT#.
 */
#include <stdbool.h>
#include <string.h>

#include "model/board_default.h"

void port_drive_dreq(struct default_board *board, int active)
{
	board->host->dreq(board->host->card, 0, active);
	board->host->dreq(board->host->card, 1, active);
}

/*
 * Lwords went through the FIFO.  With DREQ# both channels may go on, but not
 * the one that found nothing to move; EOT# is pulsed behind the Lword that it
 * was set for.
 */
static void fifo_moved(struct default_board *board, size_t lwords,
		       const struct plxdma_board_access *access, bool dry)
{
	const struct plxdma_board_host *host = board->host;

	if (lwords && board->control & CONTROL_DREQ)
		port_drive_dreq(board, 1);
	if (dry && access->demand)
		host->dreq(host->card, (unsigned int)access->channel, 0);
	if (!lwords || !board->eot_after)
		return;
	board->eot_after -= (uint32_t)lwords;
	if (!board->eot_after)
		host->eot(host->card);
}

/* No access goes on behind an EOT#. */
static size_t fifo_portion(const struct default_board *board, size_t lwords)
{
	if (board->eot_after && board->eot_after < lwords)
		return board->eot_after;
	return lwords;
}

/* With DREQ# an empty FIFO holds the channel off; else its bus floats. */
static size_t fifo_read(struct default_board *board, uint8_t *to,
			size_t lwords,
			const struct plxdma_board_access *access)
{
	size_t n;

	lwords = fifo_portion(board, lwords);
	n = fifo_pop(&board->fifo, to, lwords);
	fifo_moved(board, n, access, n < lwords);
	if (access->demand)
		return n;
	memset(to + 4 * n, 0xff, 4 * (lwords - n));
	return lwords;
}

static size_t fifo_write(struct default_board *board, const uint8_t *from,
			 size_t lwords,
			 const struct plxdma_board_access *access)
{
	size_t n;

	lwords = fifo_portion(board, lwords);
	n = fifo_push(&board->fifo, from, lwords);
	fifo_moved(board, n, access, n < lwords);
	if (access->demand)
		return n;
	board->fifo.overflowed += (uint32_t)(lwords - n);
	return lwords;
}

/* A part of an Lword pops a whole one. */
size_t port_read(struct default_board *board, uint32_t address, uint8_t *to,
		 size_t size, const struct plxdma_board_access *access)
{
	size_t lead = address % 4, room = 4 - lead;
	uint8_t part[4];

	if (!lead && size >= 4)
		return 4 * fifo_read(board, to, size / 4, access);
	if (!fifo_read(board, part, 1, access))
		return 0;
	size = size < room ? size : room;
	memcpy(to, part + lead, size);
	return size;
}

/* A part pushes a whole Lword; lanes without their enable are 0. */
size_t port_write(struct default_board *board, uint32_t address,
		  const uint8_t *from, size_t size,
		  const struct plxdma_board_access *access)
{
	size_t lead = address % 4, room = 4 - lead;
	uint8_t part[4] = { 0 };

	if (!lead && size >= 4)
		return 4 * fifo_write(board, from, size / 4, access);
	size = size < room ? size : room;
	memcpy(part + lead, from, size);
	return fifo_write(board, part, 1, access) ? size : 0;
}
