/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See transfer.h. */
#include "plxapi/transfer.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "plxapi/device.h"

#define PIECE (UINT64_C(64) << 10)
/* Inner cuts: the chip reads whole Lwords on the local side, and bursts end at
 * such boundaries anyhow. */
#define CUT UINT64_C(4096)

#define MS_NS UINT64_C(1000000)
#define SECOND_NS (1000 * MS_NS)
#define FOREVER UINT64_MAX
#define NOBODY_WAITS 0
/* How soon a thread that waits sees that it shall abort. */
#define NAP_NS ((int64_t)(5 * MS_NS))
/* An aborted transfer has ended already; it only is to be taken. */
#define TAKE_NS ((int64_t)SECOND_NS)

/* Both channels' command and status (chip ref. 2.3); how soon a daemon starts
 * a transfer. */
#define DMACSR 0xa8
#define START_NS SECOND_NS

/* A call's transfer while it goes on. */
struct job {
	struct channel *channel;
	enum plxdma_direction direction;
	uint32_t local;
	char *user;
	size_t size;
	plxdma_handle handle; /* of the user's memory if it is the card's */
	uint64_t deadline;
	int whole; /* in one piece */
	int lent;  /* the card is a daemon's */
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * SECOND_NS + (uint64_t)time.tv_nsec;
}

static uint64_t deadline_of(U64 timeout_ms)
{
	if (!timeout_ms)
		return NOBODY_WAITS;
	if (timeout_ms >= (U64)PLX_TIMEOUT_INFINITE / MS_NS)
		return FOREVER;
	return now() + timeout_ms * MS_NS;
}

void transfer_forget(struct channel *channel)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++) {
		plxdma_transfer_free(channel->pieces[i].transfer);
		channel->pieces[i] = (struct piece){ 0 };
	}
}

void transfer_drop_bounce(struct channel *channel)
{
	plxdma_free_coherent(channel->card, channel->bounce_size,
			     channel->bounce, channel->handle);
	channel->bounce = NULL;
	channel->bounce_size = 0;
}

static int bounce_make(struct channel *channel, size_t size)
{
	if (channel->bounce_size >= size)
		return 0;
	transfer_forget(channel);
	transfer_drop_bounce(channel);
	channel->bounce = plxdma_alloc_coherent(channel->card, size,
						&channel->handle);
	if (!channel->bounce)
		return errno ? -errno : -ENOMEM;
	channel->bounce_size = size;
	return 0;
}

/*
 * Stuck: the engine may write to the bounce buffer for ever.  It is given up,
 * and stays pinned until the card is closed.
 */
static void bounce_lose(struct channel *channel)
{
	channel->bounce = NULL;
	channel->bounce_size = 0;
}

/* --- pieces ----------------------------------------------------------- */

static size_t piece_bounce(const struct channel *channel,
			   const struct piece *piece)
{
	return (size_t)(piece - channel->pieces) * PIECE;
}

/* The one that is prepared for just this is submitted as it is. */
static int piece_prepare(struct channel *channel, struct piece *piece,
			 const struct plxdma_request *request)
{
	int result;

	if (!piece->transfer)
		result = plxdma_transfer_new(channel->channel, request,
					     &piece->transfer);
	else if (memcmp(&piece->request, request, sizeof(*request)))
		result = plxdma_transfer_change(piece->transfer, request);
	else
		return 0;
	if (!result)
		piece->request = *request;
	return result;
}

/*
 * Where EOT# may end a transfer early, what lies beyond its end has to stay
 * as it was: the bounce buffer starts as a copy of the program's.
 */
static int piece_begin(const struct job *job, struct piece *piece,
		       size_t from, size_t length)
{
	struct channel *channel = job->channel;
	struct plxdma_request request;
	int result;

	memset(&request, 0, sizeof(request));
	request.size = sizeof(request);
	request.direction = job->direction;
	request.local = job->local;
	if (!channel->properties.ConstAddrLocal)
		request.local += (uint32_t)from;
	request.length = length;
	request.handle = job->handle
				 ? job->handle + from
				 : channel->handle + piece_bounce(channel, piece);
	piece->user = job->user ? job->user + from : NULL;
	piece->length = length;
	if (!job->handle && (job->direction == PLXDMA_TO_CARD ||
			     channel->properties.EnableEOT))
		memcpy(channel->bounce + piece_bounce(channel, piece),
		       piece->user, length);
	result = piece_prepare(channel, piece, &request);
	if (!result)
		result = plxdma_submit(piece->transfer);
	piece->busy = !result;
	return result;
}

/* The engine has let go: what came through the bounce goes to its owner. */
static void piece_deliver(const struct channel *channel,
			  const struct piece *piece)
{
	size_t bounce = piece_bounce(channel, piece);

	if (piece->request.direction == PLXDMA_TO_HOST &&
	    piece->request.handle == channel->handle + bounce)
		memcpy(piece->user, channel->bounce + bounce, piece->length);
}

/* It was taken; in one way or another the engine is done with it. */
static int piece_taken(struct channel *channel, struct piece *piece, int result)
{
	piece->busy = 0;
	if (result == -ESHUTDOWN)
		bounce_lose(channel);
	else if (!result)
		piece_deliver(channel, piece);
	return result;
}

/* Ends it, confirmed.  0 if it was done before it could be. */
static int piece_end(struct channel *channel, struct piece *piece)
{
	int result;

	plxdma_cancel(piece->transfer);
	result = plxdma_wait(piece->transfer, TAKE_NS, NULL);
	return piece_taken(channel, piece,
			   result == -ETIMEDOUT ? -ESHUTDOWN : result);
}

static int64_t nap_until(uint64_t deadline)
{
	uint64_t time;

	if (deadline == FOREVER)
		return NAP_NS;
	time = now();
	if (time >= deadline)
		return 0;
	return deadline - time < (uint64_t)NAP_NS ? (int64_t)(deadline - time)
						  : NAP_NS;
}

/*
 * A signal doesn't end a wait that ends by itself: a transfer cut short in a
 * FIFO has lost its data.  One that waits for ever has to be got out of.
 */
static int piece_wait(const struct job *job, struct piece *piece)
{
	struct channel *channel = job->channel;
	int result, because = 0, ended;

	while (!because) {
		int64_t nap = nap_until(job->deadline);

		result = plxdma_wait(piece->transfer, nap, NULL);
		if (result != -ETIMEDOUT && result != -EINTR)
			return piece_taken(channel, piece, result);
		if (atomic_load(&channel->abort))
			because = -ECANCELED;
		else if (result == -EINTR && job->deadline == FOREVER)
			because = -EINTR;
		else if (!nap)
			because = -ETIMEDOUT;
	}
	ended = piece_end(channel, piece);
	return ended == -ECANCELED ? because : ended;
}

/* --- jobs ------------------------------------------------------------- */

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
static int job_run(const struct job *job)
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

static void job_fill(struct job *job, const PLX_DMA_PARAMS *parameters)
{
	job->direction = parameters->Direction == PLX_DMA_LOC_TO_PCI
				 ? PLXDMA_TO_HOST
				 : PLXDMA_TO_CARD;
	job->local = parameters->LocalAddr;
	job->size = parameters->ByteCount;
}

/* Any memory of the program's. */
static PLX_STATUS job_of_user(struct job *job, const PLX_DMA_PARAMS *parameters)
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
static PLX_STATUS job_of_buffer(struct job *job, struct device *device,
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
	uint64_t deadline = now() + START_NS;
	uint32_t dmacsr;

	while (channel_progress(job->channel) == PLX_STATUS_IN_PROGRESS &&
	       now() < deadline) {
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
