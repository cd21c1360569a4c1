/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread for each abort: aborts are rare, and a thread that waits for the
 * next one would be one more thing to end.
 */
#include "aborter.h"

#include <errno.h>
#include <sys/eventfd.h>

static void *run(void *argument)
{
	struct aborter *aborter = argument;

	aborter->result = dma_transfer_cancel(aborter->transfer,
					      aborter->status);
	atomic_store(&aborter->over, 1);
	eventfd_write(aborter->rings, 1);
	return NULL;
}

int aborter_start(struct aborter *aborter, struct dma_transfer *transfer,
		  enum plxdma_status status)
{
	int err;

	aborter->transfer = transfer;
	aborter->status = status;
	atomic_store(&aborter->over, 0);
	err = pthread_create(&aborter->thread, NULL, run, aborter);
	if (err)
		aborter->transfer = NULL;
	return -err;
}

int aborter_wait(struct aborter *aborter)
{
	pthread_join(aborter->thread, NULL);
	aborter->transfer = NULL;
	return aborter->result;
}

int aborter_take(struct aborter *aborter)
{
	return atomic_load(&aborter->over) ? aborter_wait(aborter) :
					     -EINPROGRESS;
}
