/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board, as a plug-in that needs no file.
 */
#ifndef MODEL_BOARD_DEFAULT_H
#define MODEL_BOARD_DEFAULT_H

#include <plxdma/board.h>

#include "model/fifo.h"

#define CONTROL_REFILL 0x01u
#define CONTROL_EMPTY  0x02u
#define CONTROL_LINTI  0x04u
#define CONTROL_DREQ   0x08u
#define CONTROL_RING   0x10u

struct default_board {
	const struct plxdma_board_host *host;
	uint8_t *sram;
	size_t sram_size;
	struct fifo fifo;
	uint32_t control, errors, bits, eot_after, scratch;
};

extern const struct plxdma_board_ops board_default_ops;

/* board_port.c: the FIFO as the local bus sees it. */
size_t port_read(struct default_board *board, uint32_t address, uint8_t *to,
		 size_t size, const struct plxdma_board_access *access);
size_t port_write(struct default_board *board, uint32_t address,
		  const uint8_t *from, size_t size,
		  const struct plxdma_board_access *access);
void port_drive_dreq(struct default_board *board, int active);

/* board_control.c: registers. */
void control_read(struct default_board *board, uint32_t offset, uint8_t *to,
		  size_t size);
void control_write(struct default_board *board, uint32_t offset,
		   const uint8_t *from, size_t size);

#endif
