/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client of a soak that sends numbered blocks to the card's memory and has
 * them back, several at a time, in block mode and as chains of pieces. What
 * failed, and said so, is sent again; what is said to be there, must be.
 */
#include "soak-account.h"

#include <errno.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "soak-block.h"

#define LOCAL 0x20100000u	/* behind what BAR2 shows */
#define WINDOW 4u		/* blocks under way; there are more slots */
#define PIECES 3u
#define WAIT_NS INT64_C(2000000000)	/* a card that hangs is noticed */
#define ARENA_SPEC "daemon:a,arena=2M"

struct passage {
	uint64_t sequence;
	uint32_t length;
	int done;
	char *out, *in;
	struct plxdma_transfer *to_card, *to_host;
};

struct mover {
	struct soak *soak;
	unsigned int number;
	struct soak_client *own;
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct passage window[WINDOW];
};

static _Noreturn void fail(struct mover *mover, const char *what)
{
	soak_give_up(mover->soak, mover->number, what,
		     plxdma_error(mover->card));
}

static unsigned int slot_of(uint64_t sequence)
{
	return (unsigned int)(sequence % SOAK_SLOTS);
}

/* The same for all blocks of a slot: what stands there in place of another is
 * known for what it is. */
static uint32_t length_of(const struct mover *mover, uint64_t sequence)
{
	return (2 * BLOCK_LEAST << slot_of(sequence)) - 4 * mover->number;
}

static uint32_t local_of(const struct mover *mover, uint64_t sequence)
{
	return LOCAL + (mover->number * SOAK_SLOTS + slot_of(sequence)) *
	       BLOCK_MOST;
}

/* In one piece, or in several that follow each other. */
static struct plxdma_request request_of(const struct mover *mover,
					const void *memory, uint32_t length,
					uint64_t sequence,
					enum plxdma_direction direction,
					struct plxdma_segment *pieces)
{
	plxdma_handle handle = plxdma_handle_of(mover->card, memory);
	uint32_t local = local_of(mover, sequence);
	uint32_t piece = length / PIECES & ~3u;

	if (sequence & 1)
		return (struct plxdma_request){
			.size = sizeof(struct plxdma_request),
			.direction = direction, .form = PLXDMA_FORM_AUTO,
			.local = local, .length = length, .handle = handle,
		};
	for (uint32_t i = 0; i < PIECES; i++)
		pieces[i] = (struct plxdma_segment){
			.handle = handle + i * piece,
			.local = local + i * piece,
			.length = i < PIECES - 1 ? piece :
						   length - i * piece,
		};
	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request), .direction = direction,
		.form = PLXDMA_FORM_CHAIN, .segments = pieces,
		.segment_count = PIECES,
	};
}

static int prepare(struct mover *mover, struct plxdma_transfer **transfer,
		   const void *memory, uint32_t length, uint64_t sequence,
		   enum plxdma_direction direction)
{
	struct plxdma_segment pieces[PIECES];
	struct plxdma_request request = request_of(mover, memory, length,
						   sequence, direction,
						   pieces);

	if (*transfer)
		return plxdma_transfer_change(*transfer, &request);
	return plxdma_transfer_new(mover->channel, &request, transfer);
}

/* Waits for its end, whatever that is; what hangs is cancelled. */
static int ended(struct plxdma_transfer *transfer)
{
	int err = plxdma_wait(transfer, WAIT_NS, NULL);

	for (int i = 0; err == -ETIMEDOUT && i < SOAK_PATIENCE_S / 2; i++) {
		plxdma_cancel(transfer);
		err = plxdma_wait(transfer, WAIT_NS, NULL);
	}
	return err;
}

/* Every hundredth block or so, if it is to be. */
static int planted(const struct mover *mover, enum soak_plant plant,
		   uint64_t sequence)
{
	return mover->soak->plant == plant && sequence % 101 == 50;
}

static void block_begin(struct mover *mover, struct passage *passage)
{
	uint64_t sequence = passage->sequence;
	int twice = planted(mover, PLANT_DOUBLE, sequence);

	passage->length = length_of(mover, sequence);
	passage->done = 0;
	block_make(passage->out, passage->length, mover->number,
		   sequence - (twice ? 1 : 0));
	if (planted(mover, PLANT_CORRUPT, sequence))
		passage->out[passage->length / 2] ^= 1;
	atomic_store(&mover->own->begun[slot_of(sequence)], sequence);
	if (prepare(mover, &passage->to_card, passage->out, passage->length,
		    sequence, PLXDMA_TO_CARD) ||
	    prepare(mover, &passage->to_host, passage->in, passage->length,
		    sequence, PLXDMA_TO_HOST))
		fail(mover, "transfer");
}

/* Out, and in right behind it. */
static int passage_submit(struct mover *mover, struct passage *passage)
{
	int err = 0;

	block_blank(passage->in, passage->length);
	if (!planted(mover, PLANT_LOSS, passage->sequence))
		err = plxdma_submit(passage->to_card);
	if (err)
		return err;
	err = plxdma_submit(passage->to_host);
	if (!err)
		return 0;
	if (!planted(mover, PLANT_LOSS, passage->sequence)) {
		plxdma_cancel(passage->to_card);
		ended(passage->to_card);
	}
	return err;
}

static int passage_end(struct mover *mover, struct passage *passage)
{
	int out = 0, in;

	if (!planted(mover, PLANT_LOSS, passage->sequence))
		out = ended(passage->to_card);
	in = ended(passage->to_host);
	return out ? out : in;
}

static void passage_done(struct mover *mover, struct passage *passage)
{
	uint64_t sequence = passage->sequence;

	passage->done = 1;
	atomic_fetch_add(&mover->own->blocks, 1);
	if (soak_receive(mover->soak, mover->number, passage->in,
			 passage->length, sequence))
		atomic_store(&mover->own->certain[slot_of(sequence)],
			     sequence);
}

/* Tries all that isn't done yet; how much of it that still is. */
static unsigned int attempt(struct mover *mover)
{
	struct passage *passage;
	unsigned int left = 0;
	int errs[WINDOW] = { 0 };

	for (unsigned int i = 0; i < WINDOW; i++) {
		passage = &mover->window[i];
		if (!passage->done)
			errs[i] = passage_submit(mover, passage);
	}
	for (unsigned int i = 0; i < WINDOW; i++) {
		passage = &mover->window[i];
		if (!passage->done && !errs[i])
			errs[i] = passage_end(mover, passage);
		if (errs[i] && !soak_may_retry(errs[i]))
			fail(mover, "block");
		if (!passage->done && !errs[i])
			passage_done(mover, passage);
		left += !passage->done;
	}
	return left;
}

static void window_move(struct mover *mover)
{
	const uint64_t limit = soak_now() + SOAK_PATIENCE_S * 1000000000ull;
	uint64_t next = atomic_load(&mover->own->next);
	unsigned int left;

	for (unsigned int i = 0; i < WINDOW; i++) {
		mover->window[i].sequence = next + i;
		block_begin(mover, &mover->window[i]);
	}
	while ((left = attempt(mover))) {
		atomic_fetch_add(&mover->own->again, left);
		if (soak_now() > limit)
			fail(mover, "blocks don't get through");
		settle(1);
	}
	atomic_store(&mover->own->next, next + WINDOW);
}

static void open_card(struct mover *mover)
{
	const size_t size = 2 * WINDOW * BLOCK_MOST;
	char *memory;

	if (plxdma_open(ARENA_SPEC, &mover->card))
		fail(mover, "open");
	memory = plxdma_alloc_coherent(mover->card, size, NULL);
	if (!memory || plxdma_channel_open(mover->card, mover->number & 1,
					   &mover->channel))
		fail(mover, "memory and channel");
	for (unsigned int i = 0; i < WINDOW; i++) {
		mover->window[i].out = memory + 2 * i * BLOCK_MOST;
		mover->window[i].in = memory + (2 * i + 1) * BLOCK_MOST;
	}
}

/* What a predecessor, killed at whatever moment, had there for certain and
 * hadn't begun to replace is there. */
static void inherit(struct mover *mover)
{
	struct passage *passage = &mover->window[0];
	uint64_t certain;
	int err;

	for (unsigned int i = 0; i < SOAK_SLOTS; i++) {
		certain = atomic_load(&mover->own->certain[i]);
		if (!certain || certain != atomic_load(&mover->own->begun[i]))
			continue;
		passage->length = length_of(mover, certain);
		if (prepare(mover, &passage->to_host, passage->in,
			    passage->length, certain, PLXDMA_TO_HOST))
			fail(mover, "inheritance");
		do {
			block_blank(passage->in, passage->length);
			err = plxdma_submit(passage->to_host);
			if (!err)
				err = ended(passage->to_host);
			if (err)
				settle(1);
		} while (soak_may_retry(err));
		if (err)
			fail(mover, "inheritance");
		soak_receive(mover->soak, mover->number, passage->in,
			     passage->length, certain);
	}
}

_Noreturn void soak_mover_run(struct soak *soak, unsigned int client)
{
	struct mover mover = {
		.soak = soak, .number = client, .own = &soak->clients[client],
	};

	open_card(&mover);
	inherit(&mover);
	while (soak_goes_on(soak, client))
		window_move(&mover);
	plxdma_close(mover.card);
	_exit(0);
}
