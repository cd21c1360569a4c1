/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a channel talks to the local bus, as a value.
 *
 * struct plxdma_mode of <plxdma/mode.h> is this; the public functions only
 * allocate it.  Whether a transfer asks for an interrupt and whether it is a
 * chain belongs to the transfer, so the bits for that come from mode_word()'s
 * caller.
 */
#ifndef MODE_H
#define MODE_H

#include <stdint.h>

#include <plxdma/mode.h>

#include "error/error.h"

struct family;

struct plxdma_mode {
	uint8_t width;
	uint8_t wait_states;
	uint8_t ready;
	uint8_t bterm;
	uint8_t burst;
	uint8_t constant;
	uint8_t demand;
	uint8_t eot;
	uint8_t fast_terminate;
	uint8_t write_invalidate;
	uint8_t big_endian;
};

#define MODE_ITEMS (PLXDMA_MODE_BIG_ENDIAN + 1)

void mode_init(struct plxdma_mode *mode);
/* 0, or -EINVAL: nothing is changed then. */
int mode_set(struct plxdma_mode *mode, enum plxdma_mode_item item,
	     unsigned int value);
/* The value, or -EINVAL. */
int mode_get(const struct plxdma_mode *mode, enum plxdma_mode_item item);
int mode_equal(const struct plxdma_mode *a, const struct plxdma_mode *b);

/* DMAMODE for block transfers without an interrupt; PLX_DMAMODE_CHAIN and the
 * like are to be or'ed in. */
uint32_t mode_word(const struct plxdma_mode *mode);

/* Does this channel of this chip have what the mode asks for?  0, or -EINVAL
 * with a text. */
int mode_check(const struct plxdma_mode *mode, const struct family *family,
	       unsigned int channel, struct error *error);

#endif
