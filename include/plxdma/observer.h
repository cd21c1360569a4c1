/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Observers: others who read a stream's blocks beside its owner.
 *
 * The owner opens the card through plxdmad with observers=yes: then nobody but
 * the card can write the memory that its blocks lie in, the owner included.
 * Whoever may use the channel, and isn't refused by observe= in plxdmad.conf,
 * can read along:
 *
 *	plxdma_observer_open(card, 0, 1, &observer);
 *	while (!plxdma_observer_take(observer, -1, &block)) {
 *		look_at(block.data, block.bytes);
 *		if (plxdma_observer_give(observer))
 *			forget_it();
 *	}
 *
 * An observer has a position of its own, and nobody waits for it: the owner
 * gives blocks back as if there were no observers, and the card writes to them
 * again.  So a block may be written over while it is read, which
 * plxdma_observer_give() tells, or before, which makes a gap.  Both are counted:
 *
 *	arrived since it was opened = whole + missed + ready
 *
 * where arrived counts all blocks that the board has filled, those that the
 * owner's policy drops as well.
 *
 * Threads: an observer belongs to one thread at a time.
 */
#ifndef PLXDMA_OBSERVER_H
#define PLXDMA_OBSERVER_H

#include <stdint.h>

#include <plxdma/card.h>
#include <plxdma/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_observer;

/**
 * struct plxdma_observer_stats - account of an observer
 * @size:	sizeof(struct plxdma_observer_stats), set by the caller
 * @status:	enum plxdma_status: PLXDMA_RUNNING, PLXDMA_DONE where no run is
 *		under way, PLXDMA_GONE where the stream was closed
 * @run:	the run's number
 * @whole:	blocks that were taken, and there until they were given
 * @whole_bytes: their bytes
 * @missed:	blocks that were written over before they were taken, or before
 *		they were given
 * @ready:	blocks that are there, not yet taken
 * @tai_offset_ns: as struct plxdma_stream_stats
 */
struct plxdma_observer_stats {
	uint32_t size;
	uint32_t status;
	uint64_t run;
	uint64_t whole;
	uint64_t whole_bytes;
	uint64_t missed;
	uint64_t ready;
	int64_t tai_offset_ns;
};

/**
 * plxdma_observer_open - read along
 * @card: an open card of plxdmad's; it needs no memory and no claim of its own.
 *	  It must stay open until the observer is closed, and takes one observer
 *	  a channel
 * @channel: 0 or 1
 * @watermark: blocks that have to be ready before a sleeper is woken; 0 is 1
 * @observer: receives the observer; it begins with the next block that arrives
 *
 * Return: 0; -ENOENT if nobody runs a stream there that may be observed, which
 * a stream may be from its first plxdma_stream_start() on; -EACCES by policy;
 * -EBUSY if the card has one for the channel; -EUSERS if the stream has as many
 * as it may; -ENOTSUP for a card that this process has opened itself.
 */
int plxdma_observer_open(struct plxdma_card *card, unsigned int channel,
			 unsigned int watermark,
			 struct plxdma_observer **observer);

/**
 * plxdma_observer_close - stop reading along
 * @observer: may be NULL; the data of a block that was taken is gone with it
 */
void plxdma_observer_close(struct plxdma_observer *observer);

/**
 * plxdma_observer_take - the next block
 * @observer: an observer
 * @timeout_ns: 0: don't wait, negative: for ever
 * @block: filled in; its dropped member counts the blocks that were missed
 *	   right before it, and its handle is 0
 *
 * Gives the one before, if that wasn't done.  The end of a run is no end: the
 * next run's blocks come when it begins.  Who has missed blocks goes on with
 * one that will not be written over at once.
 *
 * Return: 0; -EAGAIN (timeout 0) or -ETIMEDOUT; -EINTR; -ENODATA when the
 * stream was closed and everything was taken; -ENODEV if plxdmad is gone.
 */
int plxdma_observer_take(struct plxdma_observer *observer, int64_t timeout_ns,
			 struct plxdma_block *block);

/**
 * plxdma_observer_give - done with the block that was taken last
 * @observer: an observer
 *
 * Return: 0: all that was read of it was what the board had sent; -ESTALE: it
 * has been written over meanwhile, so forget what was read, and it counts as
 * missed; -EINVAL if none is taken.
 */
int plxdma_observer_give(struct plxdma_observer *observer);

/**
 * plxdma_observer_fd - descriptor for the caller's own poll loop
 * @observer: an observer
 *
 * When readable, take until -EAGAIN.  It may be readable when nothing is ready.
 * It tells nothing of the end of plxdmad: take every so often.
 *
 * Return: the descriptor, the library's, or a negative errno.
 */
int plxdma_observer_fd(struct plxdma_observer *observer);

/**
 * plxdma_observer_stats - the account
 * @observer: an observer
 * @stats: filled in
 *
 * Return: 0 or -EINVAL.
 */
int plxdma_observer_stats(struct plxdma_observer *observer,
			  struct plxdma_observer_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
