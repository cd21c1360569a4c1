/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Appending: the list of a running chain is made to go on with the next
 * transfer's, so that the engine needs no CPU between the two.
 *
 * The race (chip ref. 3.3).  A 9054's descriptors have no bit that says whose
 * they are.  The end of a list is one Lword; the engine, when it loads the
 * list's last descriptor, finds there the end or what was put in its place, and
 * nobody is told which.  So a store there proves nothing, and all is judged at
 * the next look:
 *
 * - DMADPR holds the fourth Lword of the descriptor that was loaded last.  An
 *   end bears its own list's address beside the end bit, so each value names
 *   one place in one transfer.  The transfers before that one are over: an
 *   engine reads a descriptor when the bytes of the one before it have been
 *   written, and the read of DMADPR pushes those to memory.
 * - Done, with transfers behind the end that was loaded: the engine came too
 *   early and has missed them.  They are started as if submitted just now.
 *   Nobody waits in vain for that, for Done has its interrupt as ever.
 *
 * An engine that has to be stopped is stopped for all of the list: none of it is
 * begun again.  A list is written to again only when the engine has loaded a descriptor of a
 * later one, or is Done.
 */
#include "dma/card.h"

#include <errno.h>

/* Where ends are told of, nobody need look more often by himself; and when a
 * terminal count is told of before DMADPR has moved on, so soon again. */
#define PEEK_NS 50000u

static uint32_t stride_of(const struct dma_transfer *transfer)
{
	return descriptor_size((enum descriptor_format)transfer->program.format);
}

/* In one store, and behind all that it leads to. */
static void end_put(const struct dma_transfer *transfer, uint32_t next,
		    uint32_t flags)
{
	const uint32_t kept = PLX_DMADPR_PCI | PLX_DMADPR_TO_HOST;
	uint32_t *end = &chain_last(&transfer->program, transfer->block)->next;

	flags |= le32toh(*end) & kept;
	__atomic_store_n(end, htole32(next | flags), __ATOMIC_RELEASE);
}

void append_close(struct dma_transfer *transfer)
{
	if (!transfer->leads)
		return;
	transfer->leads = 0;
	if (transfer->block)
		end_put(transfer, transfer->block->bus, PLX_DMADPR_END);
}

static int silent(const struct dma_transfer *transfer)
{
	return transfer->quiet ||
	       transfer->channel->waiting == PLXDMA_WAIT_SPIN;
}

static void lead(struct dma_transfer *transfer, const struct dma_transfer *next)
{
	transfer->leads = 1;
	end_put(transfer, next->block->bus,
		silent(transfer) ? 0 : PLX_DMADPR_INTERRUPT);
}

static struct dma_transfer *last_of(const struct dma_channel *channel)
{
	struct dma_transfer *last = TAILQ_LAST(&channel->appended,
					       transfer_list);

	return last ? last : channel->running;
}

static struct dma_transfer *behind(const struct dma_channel *channel,
				   const struct dma_transfer *transfer)
{
	return transfer == channel->running ? TAILQ_FIRST(&channel->appended)
					    : TAILQ_NEXT(transfer, link);
}

static struct dma_transfer *before(const struct dma_channel *channel,
				   const struct dma_transfer *transfer)
{
	struct dma_transfer *at = TAILQ_PREV(transfer, transfer_list, link);

	return at ? at : channel->running;
}

/* MODE is the channel's and can't change between two. */
static int alike(const struct dma_transfer *a, const struct dma_transfer *b)
{
	return a->linked && b->linked && a->block && b->block &&
	       a->map == b->map && a->quiet == b->quiet &&
	       a->program.mode == b->program.mode &&
	       a->program.big_endian == b->program.big_endian;
}

int channel_append(struct dma_channel *channel, struct dma_transfer *transfer)
{
	struct dma_transfer *last;

	if (!channel->running || channel->after_start ||
	    channel_disturbed(channel))
		return 0;
	last = last_of(channel);
	if (!alike(last, transfer))
		return 0;
	TAILQ_INSERT_TAIL(&channel->appended, transfer, link);
	channel->appended_count++;
	transfer->state = TRANSFER_APPENDED;
	transfer->status = PLXDMA_RUNNING;
	lead(last, transfer);
	return 1;
}

static void appended_remove(struct dma_channel *channel,
			    struct dma_transfer *transfer)
{
	TAILQ_REMOVE(&channel->appended, transfer, link);
	channel->appended_count--;
}

/* How many descriptors of a transfer were loaded when DMADPR held this, -1: it
 * names none of it.  Its first is named before it is loaded: asked in their
 * order, the one before knows better. */
static int64_t loaded(const struct dma_channel *channel,
		      const struct dma_transfer *transfer, uint32_t dpr)
{
	const struct dma_transfer *next = behind(channel, transfer);
	const uint32_t address = dpr & PLX_DMADPR_NEXT_MASK;
	const uint32_t from = address - transfer->block->bus;

	if (dpr & PLX_DMADPR_END)
		return from ? -1 : (int64_t)transfer->program.count;
	if (next && address == next->block->bus)
		return transfer->program.count;
	if (from / stride_of(transfer) >= transfer->program.count)
		return -1;
	return from / stride_of(transfer);
}

/* The transfer that the engine works on, NULL: on none of ours. */
static struct dma_transfer *find(const struct dma_channel *channel,
				 uint32_t dpr)
{
	struct dma_transfer *at = channel->running;

	while (at && loaded(channel, at, dpr) < 0)
		at = behind(channel, at);
	return at;
}

/* The engine has loaded of @at: what is before that is over. */
static void pass(struct dma_channel *channel, struct dma_transfer *at)
{
	struct outcome outcome = { PLXDMA_DONE, 0, 1 };
	struct dma_transfer *over;
	uint64_t now;

	if (at == channel->running)
		return;
	now = clock_ns();
	while (channel->running != at) {
		struct dma_transfer *next = TAILQ_FIRST(&channel->appended);

		over = channel->running;
		appended_remove(channel, next);
		channel_set_running(channel, next, now);
		outcome.bytes = over->length;
		channel_conclude(channel, over, &outcome);
	}
}

void append_settle(struct dma_channel *channel)
{
	struct dma_transfer *at;

	if (TAILQ_EMPTY(&channel->appended))
		return;
	at = find(channel, channel_get(channel, PLX_DMADPR(channel->index)));
	if (at)
		pass(channel, at);
}

void append_again(struct dma_channel *channel)
{
	struct dma_transfer *transfer;

	while ((transfer = TAILQ_LAST(&channel->appended, transfer_list))) {
		appended_remove(channel, transfer);
		append_close(transfer);
		transfer->state = TRANSFER_QUEUED;
		TAILQ_INSERT_HEAD(&channel->queue, transfer, link);
		channel->queued++;
	}
}

void append_end(struct dma_channel *channel, enum plxdma_status status)
{
	struct outcome outcome = { .exact = 1 };
	struct dma_transfer *transfer;

	while ((transfer = TAILQ_FIRST(&channel->appended))) {
		appended_remove(channel, transfer);
		outcome.status = transfer->ends_as
				? (enum plxdma_status)transfer->ends_as
				: status;
		channel_conclude(channel, transfer, &outcome);
	}
}

void append_abandon(struct dma_channel *channel)
{
	const struct outcome stuck = { PLXDMA_STUCK, 0, 0 };
	struct dma_transfer *transfer;

	while ((transfer = TAILQ_FIRST(&channel->appended))) {
		appended_remove(channel, transfer);
		pool_abandon(&channel->card->pool, transfer->block);
		transfer->block = NULL;
		channel_conclude(channel, transfer, &stuck);
	}
}

/* DMADPR holds nothing of ours: a reset, or all ones. */
static void lost(struct dma_channel *channel)
{
	uint32_t both = channel_get(channel, PLX_DMACSR0);

	if (csr_of_gone(channel->card, both)) {
		channel_gone(channel);
		return;
	}
	card_reset_noticed(channel->card);
	channel_was_reset(channel);
}

/* Is there anything to see yet? */
static int too_early(const struct dma_channel *channel, uint64_t now)
{
	if (silent(channel->running) || atomic_load(&channel->told) ||
	    now >= channel->look)
		return 0;
	return now - channel->peeked < PEEK_NS;
}

int append_look(struct dma_channel *channel)
{
	const uint64_t now = clock_ns();
	struct dma_transfer *at;
	uint32_t dpr;
	bool told;

	if (too_early(channel, now))
		return 1;
	channel->peeked = now;
	told = atomic_exchange(&channel->told, false);
	dpr = channel_get(channel, PLX_DMADPR(channel->index));
	at = find(channel, dpr);
	if (!at) {
		lost(channel);
		return 1;
	}
	if (at == channel->running && told && channel->look > now + PEEK_NS)
		channel->look = now + PEEK_NS;
	pass(channel, at);
	/* At an end it may be Done; else only a fault keeps it. */
	return !(dpr & PLX_DMADPR_END) && now < channel->look;
}

/* May the engine, with DMADPR so, still find the end before @transfer, which
 * was put there before DMADPR was read?  A descriptor that is being loaded
 * shows only when all of it is there, so one more has to be to come. */
static int ends_before(const struct dma_channel *channel,
		       const struct dma_transfer *transfer, uint32_t dpr)
{
	const struct dma_transfer *at = find(channel, dpr);
	const struct dma_transfer *last = before(channel, transfer);
	int64_t left;

	if (!at)
		return 0;
	if (at == last && dpr & PLX_DMADPR_END)
		return 1;
	left = -loaded(channel, at, dpr);
	for (; at && at != transfer; at = behind(channel, at)) {
		left += at->program.count;
		if (at == last)
			return left > 1;
	}
	return 0;
}

int append_withdraw(struct dma_channel *channel, struct dma_transfer *transfer,
		    enum plxdma_status status)
{
	const struct outcome outcome = { status, 0, 1 };
	struct dma_transfer *last = before(channel, transfer);
	struct dma_transfer *next = behind(channel, transfer);
	int result = 0;

	append_close(last);
	/* The store is to be seen before DMADPR is read. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!ends_before(channel, transfer,
			 channel_get(channel, PLX_DMADPR(channel->index))))
		result = -EBUSY;
	if (result)
		next = transfer;
	else
		appended_remove(channel, transfer);
	if (next)
		lead(last, next);
	if (!result) {
		append_close(transfer);
		channel_conclude(channel, transfer, &outcome);
	}
	return result;
}
