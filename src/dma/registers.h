/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One access to a register for a program: what may be, and doing it.
 *
 * Both halves of it, apart, because a batch and a recipe check all their steps
 * before the first is done.
 */
#ifndef DMA_REGISTERS_H
#define DMA_REGISTERS_H

#include <plxdma/registers.h>

#include "chip/plx9054.h"
#include "dma/dma.h"

/* Bits of BIGEND that belong to the channels' modes. */
#define BIGEND_CHANNELS (PLX_BIGEND_DMA0 | PLX_BIGEND_DMA1)

/* Whose accesses: a recipe's are checked long before they are done, so that
 * what others may do while the card is idle it never may. */
enum access_by { BY_PROGRAM, BY_RECIPE };

/* 0, -EINVAL, -ERANGE, -ENXIO, -EPERM, with a text; @step has an op, a space
 * and an offset of any value. */
int access_check(struct dma_card *card, const struct plxdma_step *step,
		 enum access_by by, struct error *error);

/* Does a step, once; @until is that of the poll under way, 0 at its first
 * look.  0; -EAGAIN: a poll that hasn't come true; -ETIMEDOUT: nor will;
 * -ENODEV: a poll of a card that reads all ones. */
int access_do(struct dma_card *card, struct plxdma_step *step,
	      uint64_t *until);

#endif
