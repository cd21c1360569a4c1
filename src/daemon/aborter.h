/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An abort that the loop doesn't wait for. A card may take until the driver's
 * deadline, 100 ms, to confirm one, and every transport waits for it in its
 * own way, the kernel's inside a system call: so another thread does. It has
 * the channel for itself until it is over; the other channel, and the other
 * cards, are the loop's as before.
 */
#ifndef DAEMON_ABORTER_H
#define DAEMON_ABORTER_H

#include <pthread.h>
#include <stdatomic.h>

#include "dma/dma.h"

struct aborter {
	int rings;			/* eventfd, at the end; not its own */
	struct dma_transfer *transfer;	/* NULL: nothing to do */
	enum plxdma_status status;
	int result;
	atomic_int over;
	pthread_t thread;
};

/* 0, or a negative errno: then there is no thread, and nothing is done. */
int aborter_start(struct aborter *aborter, struct dma_transfer *transfer,
		  enum plxdma_status status);
/* As dma_transfer_cancel(); -EINPROGRESS: it isn't over. */
int aborter_take(struct aborter *aborter);
/* Likewise, but waits. */
int aborter_wait(struct aborter *aborter);

#endif
