/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deadlines of calls that wait more than once.
 *
 * A signal doesn't end such a call: a transfer cut short in the middle of a
 * FIFO has lost its data, and the deadline bounds the call anyway.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdint.h>

#include "api/front.h"

#define DEADLINE_NEVER UINT64_MAX

/* On CLOCK_MONOTONIC; a negative timeout never ends. */
uint64_t deadline_after(int64_t timeout_ns);
/* Nanoseconds left, 0 if it has passed, negative for ever. */
int64_t deadline_left(uint64_t deadline);

/*
 * Waits until a submitted transfer has ended, and takes it.  At the deadline
 * it is aborted and the abort confirmed.  Return: as plxdma_transfer_once().
 */
int transfer_finish(struct plxdma_transfer *transfer, uint64_t deadline,
		    struct plxdma_result *result, struct error *error);
/* Ends a transfer as @status unless it was done, and takes it. */
int transfer_end(struct plxdma_transfer *transfer, enum plxdma_status status,
		 struct plxdma_result *result, struct error *error);

#endif
