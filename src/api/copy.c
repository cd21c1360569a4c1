/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma_read() and plxdma_write(): local memory to and from any memory.
 *
 * Memory of the arena moves in place.  Any other goes through a bounce buffer
 * in pieces, two at a time: while the card moves one, the CPU copies the
 * other.  Inner cuts lie at multiples of 4 KiB of the *local* address: the
 * card reads whole Lwords there, and a cut inside one would read it twice.
 */
#include <plxdma/transfer.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include "api/deadline.h"
#include "api/failure.h"
#include "api/memory.h"
#include "mem/heap.h"

#define PIECE_MAX (UINT64_C(1) << 20)
#define PIECE_MIN (UINT64_C(1) << 12)
#define CUT	  UINT64_C(4096)
#define PIECES	  2
#define TURN_NS	  500000

struct copy {
	struct plxdma_channel *channel;
	struct front_memory *memory;
	enum plxdma_direction direction;
	uint32_t local;
	char *data;
	uint64_t size;
	uint64_t deadline;
	uint64_t bounce; /* offset of the first of two buffers */
	uint64_t piece;	 /* bytes of each */
	int stuck;	 /* the card may still write to the bounce */
	int begun;	 /* something was submitted */
	struct piece {
		struct plxdma_transfer *transfer;
		uint64_t from; /* offset in data */
		uint64_t length;
		int busy;
	} pieces[PIECES];
};

/*
 * A channel belongs to who opened it; both taken, somebody has to close one.
 * Channel 1 first: demand mode, and with it the board's own use, is channel
 * 0's (chip ref. 3.8).  Return: which one, or a negative errno.
 */
static int channel_get(struct plxdma_card *card, uint64_t deadline,
		       struct plxdma_channel **channel, struct error *error)
{
	const struct timespec pause = {.tv_nsec = TURN_NS};
	int result;

	for (;;) {
		int late = deadline_left(deadline) == 0;
		int index = 1;

		result = card->ops->channel_open(card, 1, channel, error);
		if (result == -EBUSY) {
			index = 0;
			result = card->ops->channel_open(card, 0, channel,
							 error);
		}
		if (result != -EBUSY)
			return result ? result : index;
		if (late)
			return error_set(error, -EBUSY,
					 "both channels are open: close one, "
					 "or use plxdma_transfer_once() on it");
		nanosleep(&pause, NULL);
	}
}

static void request_fill(const struct copy *copy, const struct piece *piece,
			 uint64_t offset, struct plxdma_request *request)
{
	*request = (struct plxdma_request){
		.size = sizeof(*request),
		.direction = copy->direction,
		.local = copy->local + (uint32_t)piece->from,
		.handle = copy->memory->tag + offset,
		.length = piece->length,
	};
}

static int piece_submit(struct copy *copy, struct piece *piece, uint64_t offset,
			struct error *error)
{
	struct plxdma_channel *channel = copy->channel;
	struct plxdma_request request;
	int result;

	request_fill(copy, piece, offset, &request);
	if (piece->transfer)
		result = channel->ops->transfer_change(piece->transfer,
						       &request, error);
	else
		result = channel->ops->transfer_new(channel, &request,
						    &piece->transfer, error);
	if (!result)
		result = channel->ops->submit(piece->transfer, error);
	piece->busy = !result;
	copy->begun |= !result;
	return result;
}

static uint64_t piece_offset(const struct copy *copy, const struct piece *piece)
{
	return copy->bounce + (uint64_t)(piece - copy->pieces) * copy->piece;
}

static uint64_t piece_length(const struct copy *copy, uint64_t from)
{
	uint64_t left = copy->size - from;
	uint64_t length = copy->piece - (copy->local + from) % CUT;

	return left <= copy->piece ? left : length;
}

static int piece_begin(struct copy *copy, struct piece *piece, uint64_t from,
		       struct error *error)
{
	uint64_t offset = piece_offset(copy, piece);

	piece->from = from;
	piece->length = piece_length(copy, from);
	if (copy->direction == PLXDMA_TO_CARD)
		memcpy(copy->memory->base + offset, copy->data + from,
		       piece->length);
	return piece_submit(copy, piece, offset, error);
}

static int piece_wait(struct copy *copy, struct piece *piece,
		      struct error *error)
{
	struct plxdma_result known = {.size = sizeof(known)};
	int result =
		transfer_finish(piece->transfer, copy->deadline, &known, error);

	piece->busy = 0;
	copy->stuck |= result == -ESHUTDOWN;
	return result;
}

static int piece_end(struct copy *copy, struct piece *piece,
		     struct error *error)
{
	int result = piece_wait(copy, piece, error);

	if (!result && copy->direction == PLXDMA_TO_HOST)
		memcpy(copy->data + piece->from,
		       copy->memory->base + piece_offset(copy, piece),
		       piece->length);
	return result;
}

/* After a failure: nothing of ours stays under way. */
static void pieces_end(struct copy *copy)
{
	struct plxdma_result known = {.size = sizeof(known)};
	unsigned int i;

	for (i = 0; i < PIECES; i++) {
		struct piece *piece = &copy->pieces[i];

		if (piece->busy &&
		    transfer_end(piece->transfer, PLXDMA_CANCELLED, &known,
				 NULL) == -ESHUTDOWN)
			copy->stuck = 1;
		if (piece->transfer)
			copy->channel->ops->transfer_free(piece->transfer);
		piece->transfer = NULL;
	}
}

static int pieces_run(struct copy *copy, struct error *error)
{
	uint64_t from = 0;
	unsigned int n;
	int result;

	result = piece_begin(copy, &copy->pieces[0], 0, error);
	for (n = 0; !result; n++) {
		struct piece *piece = &copy->pieces[n % PIECES];

		from = piece->from + piece->length;
		if (from < copy->size)
			result = piece_begin(copy,
					     &copy->pieces[(n + 1) % PIECES],
					     from, error);
		if (!result)
			result = piece_end(copy, piece, error);
		if (from == copy->size)
			break;
	}
	pieces_end(copy);
	return result;
}

/* Large pieces if the arena has room for them, else smaller ones. */
static int bounce_take(struct copy *copy, struct error *error)
{
	copy->bounce = HEAP_NONE;
	for (copy->piece = PIECE_MAX; copy->piece >= PIECE_MIN;
	     copy->piece /= 4) {
		uint64_t needed = PIECES * copy->piece;

		if (copy->size <= copy->piece / 4 && copy->piece > PIECE_MIN)
			continue;
		if (copy->size <= copy->piece)
			needed = copy->piece;
		copy->bounce = heap_alloc(copy->memory->heap, needed);
		if (copy->bounce != HEAP_NONE)
			return 0;
	}
	return error_set(error, -ENOMEM,
			 "the arena has no room for a bounce buffer of 8 KiB: "
			 "free some of it, or open the card with a larger "
			 "arena=");
}

static int copy_bounced(struct copy *copy, struct error *error)
{
	int result;

	if (copy->memory->read_only && copy->direction == PLXDMA_TO_CARD)
		return error_set(error, -EACCES, "the card was opened with "
				 "observers=yes, so its memory can't be "
				 "written: open it again without");
	result = bounce_take(copy, error);
	if (result)
		return result;
	result = pieces_run(copy, error);
	/* Memory that an engine may still write to goes back to nobody. */
	if (!copy->stuck)
		heap_release(copy->memory->heap, copy->bounce);
	return result;
}

static int copy_in_place(struct copy *copy, uint64_t offset,
			 struct error *error)
{
	struct piece *piece = &copy->pieces[0];
	int result;

	piece->length = copy->size;
	result = piece_submit(copy, piece, offset, error);
	if (!result)
		result = piece_wait(copy, piece, error);
	pieces_end(copy);
	return result;
}

static int copy_on_channel(struct copy *copy, struct error *error)
{
	uint64_t offset = memory_offset(copy->memory, copy->data, copy->size);
	int result = offset == UINT64_MAX ? copy_bounced(copy, error)
					  : copy_in_place(copy, offset, error);

	copy->channel->ops->channel_close(copy->channel);
	return result;
}

/*
 * A channel that another program has claimed can be opened and takes nothing.
 * The other one may; but what was submitted is never begun again, for reading
 * local memory twice may not be the same as reading it once.
 */
static int copy_elsewhere(struct plxdma_card *card, struct copy *copy,
			  unsigned int refused, struct error *error)
{
	struct error why;

	failure_begin(&why);
	if (card->ops->channel_open(card, !refused, &copy->channel, &why))
		return -EBUSY;
	return copy_on_channel(copy, error);
}

static int copy_run(struct plxdma_card *card, struct copy *copy,
		    struct error *error)
{
	int result, index;

	if (copy->size > (UINT64_C(1) << 32) - copy->local)
		return error_set(error, -ERANGE,
				 "%llu bytes from local address %#x on run "
				 "past 4 GiB",
				 (unsigned long long)copy->size, copy->local);
	result = memory_make(card, &copy->memory, error);
	if (result)
		return result;
	index = channel_get(card, copy->deadline, &copy->channel, error);
	if (index < 0)
		return index;
	result = copy_on_channel(copy, error);
	if (result == -EBUSY && !copy->begun)
		result = copy_elsewhere(card, copy, (unsigned int)index,
					error);
	return result;
}

static int copy_any(struct plxdma_card *card, struct copy *copy,
		    int64_t timeout_ns, const char *function)
{
	struct error error;

	if (!card || (!copy->data && copy->size))
		return failure_argument(card, function,
					"needs a card and memory");
	if (!copy->size)
		return 0;
	copy->deadline = deadline_after(timeout_ns);
	failure_begin(&error);
	return failure_end(card, copy_run(card, copy, &error), &error,
			   function);
}

int plxdma_read(struct plxdma_card *card, uint32_t local, void *data,
		size_t size, int64_t timeout_ns)
{
	struct copy copy = {.direction = PLXDMA_TO_HOST,
			    .local = local,
			    .data = data,
			    .size = size};

	return copy_any(card, &copy, timeout_ns, __func__);
}

int plxdma_write(struct plxdma_card *card, uint32_t local, const void *data,
		 size_t size, int64_t timeout_ns)
{
	/* To the card: the data is only read. */
	struct copy copy = {.direction = PLXDMA_TO_CARD,
			    .local = local,
			    .data = (char *)(uintptr_t)data,
			    .size = size};

	return copy_any(card, &copy, timeout_ns, __func__);
}
