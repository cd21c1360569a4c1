/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a channel talks to the local bus: an object, not ten flags on a call.
 *
 * A mode belongs to a board, not to a transfer: set it once on a channel.
 * The fields are those of DMAMODE (chip ref. 2.3) and of BIGEND.
 */
#ifndef PLXDMA_MODE_H
#define PLXDMA_MODE_H

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_mode;

/**
 * enum plxdma_mode_item - a field of a mode
 * @PLXDMA_MODE_WIDTH:		local bus width: 8, 16 or 32 bits (32)
 * @PLXDMA_MODE_WAIT_STATES:	0 to 15 (0)
 * @PLXDMA_MODE_READY:		READY# input: 0 or 1 (1)
 * @PLXDMA_MODE_BTERM:		BTERM# input, continuous bursts: 0 or 1 (1)
 * @PLXDMA_MODE_BURST:		local bursts: 0 or 1 (1)
 * @PLXDMA_MODE_CONSTANT:	hold the local address, a FIFO: 0 or 1 (0)
 * @PLXDMA_MODE_DEMAND:		DREQ# paces the transfer: 0 or 1 (0)
 * @PLXDMA_MODE_EOT:		EOT# may end it: 0 or 1 (0)
 * @PLXDMA_MODE_FAST_TERMINATE:	no extra Lword for BLAST#: 0 or 1 (0)
 * @PLXDMA_MODE_WRITE_INVALIDATE: memory write and invalidate: 0 or 1 (0)
 * @PLXDMA_MODE_BIG_ENDIAN:	byte order of the local side: 0 or 1 (0)
 */
enum plxdma_mode_item {
	PLXDMA_MODE_WIDTH = 0,
	PLXDMA_MODE_WAIT_STATES,
	PLXDMA_MODE_READY,
	PLXDMA_MODE_BTERM,
	PLXDMA_MODE_BURST,
	PLXDMA_MODE_CONSTANT,
	PLXDMA_MODE_DEMAND,
	PLXDMA_MODE_EOT,
	PLXDMA_MODE_FAST_TERMINATE,
	PLXDMA_MODE_WRITE_INVALIDATE,
	PLXDMA_MODE_BIG_ENDIAN,
};

/**
 * plxdma_mode_new - a mode with the defaults above
 *
 * Return: the mode, freed by plxdma_mode_free(); NULL without memory.
 */
struct plxdma_mode *plxdma_mode_new(void);

/**
 * plxdma_mode_free - free a mode
 * @mode: may be NULL; channels that it was set on keep their copy
 */
void plxdma_mode_free(struct plxdma_mode *mode);

/**
 * plxdma_mode_set - set a field
 * @mode: a mode
 * @item: the field
 * @value: see enum plxdma_mode_item
 *
 * Return: 0, or -EINVAL for a value that the field doesn't take.
 */
int plxdma_mode_set(struct plxdma_mode *mode, enum plxdma_mode_item item,
		    unsigned int value);

/**
 * plxdma_mode_get - read a field
 * @mode: a mode
 * @item: the field
 *
 * Return: the value, or -EINVAL for an unknown field.
 */
int plxdma_mode_get(const struct plxdma_mode *mode, enum plxdma_mode_item item);

#ifdef __cplusplus
}
#endif
#endif
