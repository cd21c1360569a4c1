/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See transfer.h. */
#include "plxapi/transfer.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "plxapi/device.h"
#include "plxapi/job.h"

/* Both channels' command and status (chip ref. 2.3); how soon a daemon starts
 * a transfer. */
#define DMACSR 0xa8
#define START_NS SECOND_NS

static uint64_t deadline_of(U64 timeout_ms)
{
	if (!timeout_ms)
		return NOBODY_WAITS;
	if (timeout_ms >= (U64)PLX_TIMEOUT_INFINITE / MS_NS)
		return FOREVER;
	return job_clock() + timeout_ms * MS_NS;
}

static void job_fill(struct job *job, const PLX_DMA_PARAMS *parameters)
{
	job->direction = parameters->Direction == PLX_DMA_LOC_TO_PCI
				 ? PLXDMA_TO_HOST
				 : PLXDMA_TO_CARD;
	job->local = parameters->LocalAddr;
	job->size = parameters->ByteCount;
}

/* Which codes a transfer's end has: signals and aborts count as failures. */
static PLX_STATUS ended_status(const struct channel *channel, int result)
{
	PLX_STATUS status = status_failed("DmaTransfer", channel->card, result);

	switch (result) {
	case -ECANCELED:
	case -EINTR:
	case -ENODEV:
		return PLX_STATUS_FAILED;
	default:
		return status;
	}
}

static PLX_STATUS job_wait(struct job *job)
{
	struct channel *channel = job->channel;
	int result;

	channel->state = CHANNEL_WAITING;
	atomic_store(&channel->abort, 0);
	pthread_mutex_unlock(&channel->lock);
	result = job_run(job);
	pthread_mutex_lock(&channel->lock);
	channel_ended(channel);
	return ended_status(channel, result);
}

/*
 * Programs write the board's trigger when this call has returned, so by then
 * the engine has to be running.  A daemon is only on its way to start it, and
 * register accesses overtake it there.
 */
static void job_running(const struct job *job)
{
	const uint32_t done = UINT32_C(0x10) << 8 * job->channel->index;
	uint64_t deadline = job_clock() + START_NS;
	uint32_t dmacsr;

	while (channel_progress(job->channel) == PLX_STATUS_IN_PROGRESS &&
	       job_clock() < deadline) {
		if (plxdma_reg_read(job->channel->card, DMACSR, 32, &dmacsr) ||
		    !(dmacsr & done))
			return;
		sched_yield();
	}
}

static PLX_STATUS job_start(struct job *job)
{
	struct channel *channel = job->channel;
	int result = piece_begin(job, &channel->pieces[0], 0, job->size);

	if (result) {
		channel->in_place_size = 0;
		return status_failed("DmaTransfer", channel->card, result);
	}
	channel->state = CHANNEL_STARTED;
	if (job->lent)
		job_running(job);
	return PLX_STATUS_OK;
}

int transfer_ended(struct channel *channel)
{
	struct piece *piece = &channel->pieces[0];
	int result = plxdma_poll(piece->transfer, NULL);

	if (result == -EAGAIN)
		return 0;
	piece_taken(channel, piece, result);
	return 1;
}

void transfer_cancel(struct channel *channel)
{
	piece_end(channel, &channel->pieces[0]);
}

/* --- the two calls ---------------------------------------------------- */

static PLX_STATUS job_go(struct job *job)
{
	struct channel *channel = job->channel;

	channel->in_place = job->handle;
	channel->in_place_size = job->handle ? job->size : 0;
	return job->deadline == NOBODY_WAITS ? job_start(job) : job_wait(job);
}

static PLX_STATUS channel_ready(struct channel *channel,
				const struct device *device)
{
	PLX_STATUS status = channel_owned(channel, device);

	if (status == PLX_STATUS_OK &&
	    channel_progress(channel) == PLX_STATUS_IN_PROGRESS)
		return PLX_STATUS_IN_PROGRESS;
	return status;
}

static PLX_STATUS transfer(const char *call, const PLX_DEVICE_OBJECT *object,
			   U8 number, const PLX_DMA_PARAMS *parameters,
			   U64 timeout_ms, int block)
{
	struct job job = { .deadline = deadline_of(timeout_ms) };
	struct device *device;
	PLX_STATUS status;

	if (!parameters)
		return PLX_STATUS_NULL_PARAM;
	status = channel_of(call, object, number, &device, &job.channel);
	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&job.channel->lock);
	status = channel_ready(job.channel, device);
	job_fill(&job, parameters);
	job.lent = !strcmp(device->card->info.transport, "daemon");
	if (status != PLX_STATUS_OK || !job.size)
		goto out_unlock;
	status = block ? job_of_buffer(&job, device, parameters)
		       : job_of_user(&job, parameters);
	if (status == PLX_STATUS_OK)
		status = job_go(&job);

out_unlock:
	pthread_mutex_unlock(&job.channel->lock);
	return status;
}

PLX_STATUS PlxPci_DmaTransferUserBuffer(PLX_DEVICE_OBJECT *pDevice, U8 number,
					PLX_DMA_PARAMS *pDmaParams,
					U64 Timeout_ms)
{
	return transfer("DmaTransferUserBuffer", pDevice, number, pDmaParams,
			Timeout_ms, 0);
}

PLX_STATUS PlxPci_DmaTransferBlock(PLX_DEVICE_OBJECT *pDevice, U8 number,
				   PLX_DMA_PARAMS *pDmaParams, U64 Timeout_ms)
{
	return transfer("DmaTransferBlock", pDevice, number, pDmaParams,
			Timeout_ms, 1);
}
