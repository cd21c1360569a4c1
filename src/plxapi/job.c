/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A job's memory and its way through the pieces: the program's pages by the
 * bounce buffer, the card's own memory in place.
 */
#include "plxapi/job.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plxapi/device.h"

/* Inner cuts: the chip reads whole Lwords on the local side, and bursts end at
 * such boundaries anyhow. */
#define CUT UINT64_C(4096)

static size_t piece_length(const struct job *job, size_t from)
{
	size_t left = job->size - from;

	if (job->handle || job->whole || left <= PIECE)
		return left;
	if (job->channel->properties.ConstAddrLocal)
		return PIECE;
	return PIECE - (job->local + from) % CUT;
}

/* Two at a time: the second is on its way while the first is copied. */
int job_run(const struct job *job)
{
	struct piece *pieces = job->channel->pieces;
	size_t begun = 0;
	unsigned int n;
	int result = 0;

	for (n = 0; !result; n++) {
		struct piece *piece = &pieces[n % PIECES];

		while (!result && begun < job->size) {
			struct piece *next = pieces[0].busy ? &pieces[1]
							    : &pieces[0];
			size_t length = piece_length(job, begun);

			if (next->busy)
				break;
			result = piece_begin(job, next, begun, length);
			begun += length;
		}
		if (!piece->busy)
			break;
		if (!result)
			result = piece_wait(job, piece);
	}
	for (n = 0; n < PIECES; n++) {
		if (pieces[n].busy &&
		    piece_end(job->channel, &pieces[n]) == -ESHUTDOWN)
			result = -ESHUTDOWN;
	}
	return result;
}

/*
 * The pages behind the pointer are there and writable, as the SDK's driver
 * found out when it locked them: an error, not a crash in the middle.
 */
static PLX_STATUS pages_check(const struct job *job)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = (uintptr_t)job->user & ~(page - 1);
	uintptr_t to = ((uintptr_t)job->user + job->size + page - 1) &
		       ~(page - 1);
	int advice = job->direction == PLXDMA_TO_HOST ? MADV_POPULATE_WRITE
						      : MADV_POPULATE_READ;

	if (to < from)
		return PLX_STATUS_PAGE_GET_ERROR;
	if (!madvise((void *)from, to - from, advice))
		return PLX_STATUS_OK;
	switch (errno) {
	case ENOMEM:
		return status_refuse("DmaTransferUserBuffer",
				     PLX_STATUS_PAGE_GET_ERROR,
				     "part of the buffer isn't mapped");
	case EINVAL:
		/* Kernels before 5.14 know no such advice. */
		if (madvise((void *)from, 0, advice))
			return PLX_STATUS_OK;
		return status_refuse("DmaTransferUserBuffer",
				     PLX_STATUS_PAGE_LOCK_ERROR,
				     "the buffer can't be %s",
				     advice == MADV_POPULATE_WRITE ? "written"
								   : "read");
	default:
		return status_refuse("DmaTransferUserBuffer",
				     PLX_STATUS_PAGE_LOCK_ERROR,
				     "pages of the buffer: %s",
				     strerror(errno));
	}
}

/* The card's own memory needs no bounce. */
static plxdma_handle job_in_place(const struct job *job)
{
	plxdma_handle first = plxdma_handle_of(job->channel->card, job->user);
	plxdma_handle last = plxdma_handle_of(job->channel->card,
					      job->user + job->size - 1);

	return first && last == first + job->size - 1 ? first : 0;
}

/*
 * One piece where the end may come early or the board paces it: a second one
 * would be started behind the first's end.  And where nobody waits.
 */
static int job_is_whole(const struct job *job)
{
	const PLX_DMA_PROP *properties = &job->channel->properties;

	return job->deadline == NOBODY_WAITS || properties->EnableEOT ||
	       properties->DemandMode;
}

/* Any memory of the program's. */
PLX_STATUS job_of_user(struct job *job, const PLX_DMA_PARAMS *parameters)
{
	PLX_STATUS status;

	job->user = PLX_INT_TO_PTR(parameters->UserVa);
	job->handle = job_in_place(job);
	if (job->handle)
		return PLX_STATUS_OK;
	status = pages_check(job);
	if (status != PLX_STATUS_OK)
		return status;
	job->whole = job_is_whole(job);
	return status_failed("DmaTransferUserBuffer", job->channel->card,
			     bounce_make(job->channel,
					 job->whole && job->size > 2 * PIECE
						 ? job->size
						 : 2 * PIECE));
}

/*
 * A buffer of the card's memory.  This is where the SDK believes any number;
 * here a number that names no buffer, or goes past its end, is refused.
 */
PLX_STATUS job_of_buffer(struct job *job, struct device *device,
			 const PLX_DMA_PARAMS *parameters)
{
	if (!memory_holds(&device->card->memory, parameters->PciAddr,
			  job->size))
		return status_refuse("DmaTransferBlock",
				     PLX_STATUS_INVALID_ADDR,
				     "%u bytes at PCI address %#llx don't lie "
				     "in a buffer of this card: give "
				     "PhysicalAddr of PhysicalMemoryAllocate() "
				     "or CommonBufferProperties()",
				     parameters->ByteCount,
				     (unsigned long long)parameters->PciAddr);
	job->handle = parameters->PciAddr;
	job->channel->quiet = parameters->bIgnoreBlockInt &&
			      job->deadline == NOBODY_WAITS;
	return PLX_STATUS_OK;
}
