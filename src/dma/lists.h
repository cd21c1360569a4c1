/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other common case of a chain: a list of segments of which none needs a
 * cut, an error text or anything else that pieces.c is for.
 *
 * Such lists are thousands of scattered blocks, given anew for every transfer,
 * so each segment is looked at once: checked, translated, merged with its
 * neighbour or written.  What is written goes to memory of its own, for
 * whoever finds in the middle of the list that it isn't such a one leaves it
 * to the two passes of chain.c, and the old chain stands.
 */
#ifndef LISTS_H
#define LISTS_H

#include "chip/descriptor.h"
#include "dma/pieces.h"
#include "dma/runs.h"

struct pool_block;

struct list {
	struct survey survey;
	uint64_t total;			/* bytes */
	enum descriptor_format format;
	struct pool_block *block;	/* the descriptors, the caller's now */
};

/* @flags: of each descriptor.  1 and the list, all but its last pointer; or 0,
 * and nothing was done. */
int list_write(struct dma_channel *channel, const struct dma_request *request,
	       const struct plxdma_mode *mode, uint32_t flags,
	       struct list *list);

#endif
