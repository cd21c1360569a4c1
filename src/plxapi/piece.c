/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pieces of a transfer, each prepared once and submitted again and again, and
 * the bounce buffer that has a half for each.
 */
#include "plxapi/job.h"

#include <errno.h>
#include <string.h>

/* How soon a thread that waits sees that it shall abort. */
#define NAP_NS ((int64_t)(5 * MS_NS))
/* An aborted transfer has ended already; it only is to be taken. */
#define TAKE_NS ((int64_t)SECOND_NS)

void pieces_forget(struct channel *channel)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++) {
		plxdma_transfer_free(channel->pieces[i].transfer);
		channel->pieces[i] = (struct piece){ 0 };
	}
}

void bounce_drop(struct channel *channel)
{
	plxdma_free_coherent(channel->card, channel->bounce_size,
			     channel->bounce, channel->handle);
	channel->bounce = NULL;
	channel->bounce_size = 0;
}

int bounce_make(struct channel *channel, size_t size)
{
	if (channel->bounce_size >= size)
		return 0;
	pieces_forget(channel);
	bounce_drop(channel);
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
int piece_begin(const struct job *job, struct piece *piece, size_t from,
		size_t length)
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
int piece_taken(struct channel *channel, struct piece *piece, int result)
{
	piece->busy = 0;
	if (result == -ESHUTDOWN)
		bounce_lose(channel);
	else if (!result)
		piece_deliver(channel, piece);
	return result;
}

/* Ends it, confirmed.  0 if it was done before it could be. */
int piece_end(struct channel *channel, struct piece *piece)
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
	time = job_clock();
	if (time >= deadline)
		return 0;
	return deadline - time < (uint64_t)NAP_NS ? (int64_t)(deadline - time)
						  : NAP_NS;
}

/*
 * A signal doesn't end a wait that ends by itself: a transfer cut short in a
 * FIFO has lost its data.  One that waits for ever has to be got out of.
 */
int piece_wait(const struct job *job, struct piece *piece)
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
