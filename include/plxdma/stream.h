/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Streams: blocks without end, from a board's FIFO to a program.
 *
 * A stream owns a channel and a set of blocks in the card's memory.  Free
 * blocks stand in the channel's queue, so that the next one begins when one is
 * full, whether the program looks or not; full ones wait to be taken, in order;
 * a taken block is the program's until it is given back.
 *
 *	plxdma_stream_open(channel, &setup, &stream);
 *	plxdma_stream_start(stream, run);
 *	while (!plxdma_stream_take(stream, -1, &block)) {
 *		use(block.data, block.bytes);
 *		plxdma_stream_give(stream, block.sequence);
 *	}
 *
 * Nothing is lost unseen.  Blocks are numbered as the board filled them, those
 * that were dropped included, so that a gap in the numbers is exactly what was
 * dropped.  Of what a board has moved into the channel,
 *
 *	arrived = delivered + dropped + ready
 *
 * holds for blocks and bytes at any moment (struct plxdma_stream_stats), and
 * after a stop the board's own count of words that have left its FIFO is
 * arrived + what was on the way into the block that wasn't full.
 *
 * No thread works behind the caller's back: what happens to a slow reader's
 * blocks is decided whenever the reader calls.  While it doesn't call, free
 * blocks are filled and then the board is held.
 *
 * Threads: a stream belongs to one thread at a time, like its channel, which
 * nothing else may use meanwhile.
 */
#ifndef PLXDMA_STREAM_H
#define PLXDMA_STREAM_H

#include <stdint.h>

#include <plxdma/memory.h>
#include <plxdma/registers.h>
#include <plxdma/transfer.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_stream;

#define PLXDMA_BLOCK_MIN 4096u
#define PLXDMA_BLOCK_MAX (8u << 20)
#define PLXDMA_STREAM_BLOCKS 1024u

/**
 * enum plxdma_stream_source - who says when a block begins
 * @PLXDMA_STREAM_DEMAND: the board holds back by DREQ#, or by READY#, until it
 *			has data: blocks are started as soon as they are free,
 *			and are full when they end, unless EOT# ends them
 * @PLXDMA_STREAM_ARMED: a register tells how much the board has; a block is
 *			armed for that much and started when it is enough
 */
enum plxdma_stream_source {
	PLXDMA_STREAM_DEMAND = 0,
	PLXDMA_STREAM_ARMED = 1,
};

/**
 * enum plxdma_stream_slow - what happens when all blocks are full
 * @PLXDMA_STREAM_HOLD:	nothing: the board waits, its FIFO may overflow, and
 *			its own counter tells
 * @PLXDMA_STREAM_DROP_NEWEST: what arrives is dropped, what waits stays
 * @PLXDMA_STREAM_DROP_OLDEST: what has waited longest is dropped
 */
enum plxdma_stream_slow {
	PLXDMA_STREAM_HOLD = 0,
	PLXDMA_STREAM_DROP_NEWEST = 1,
	PLXDMA_STREAM_DROP_OLDEST = 2,
};

/**
 * struct plxdma_stream_armed - an armed source's registers
 * @level:	a read: how much the board has
 * @arm:	a write right before the start; its value is what the block is
 *		to have, in @unit bytes.  space 0 (the chip's): none
 * @unit:	bytes that 1 stands for, in both, a multiple of 4
 * @least:	bytes, a multiple of @unit, for which a block is worth while
 * @most_wait_us: what is less than @least is fetched all the same after so
 *		long; 0: never
 * @reserved:	0
 */
struct plxdma_stream_armed {
	struct plxdma_step level;
	struct plxdma_step arm;
	uint32_t unit;
	uint32_t least;
	uint32_t most_wait_us;
	uint32_t reserved;
};

/**
 * struct plxdma_stream_setup - what a stream is like
 * @size:	sizeof(struct plxdma_stream_setup), set by the caller
 * @source:	enum plxdma_stream_source
 * @slow:	enum plxdma_stream_slow
 * @block_bytes: PLXDMA_BLOCK_MIN to PLXDMA_BLOCK_MAX, a multiple of 4
 * @block_count: 4 to PLXDMA_STREAM_BLOCKS
 * @watermark:	blocks that have to be ready before a sleeper is woken, at most
 *		@block_count / 2; 0 is 1
 * @local:	local address of the FIFO's port; the channel's mode says whether
 *		it is held constant
 * @reserved:	0
 * @sequence:	number of the first block: 0, or where another stream has ended,
 *		for instance one whose daemon is gone
 * @armed:	of PLXDMA_STREAM_ARMED, copied; else NULL
 */
struct plxdma_stream_setup {
	uint32_t size;
	uint32_t source;
	uint32_t slow;
	uint32_t block_bytes;
	uint32_t block_count;
	uint32_t watermark;
	uint32_t local;
	uint32_t reserved;
	uint64_t sequence;
	const struct plxdma_stream_armed *armed;
};

/**
 * struct plxdma_block - a block that was taken
 * @size:	sizeof(struct plxdma_block), set by the caller
 * @status:	enum plxdma_status: PLXDMA_DONE or PLXDMA_EOT
 * @run:	as told to plxdma_stream_start()
 * @sequence:	its number, counted over all runs of the stream
 * @dropped:	blocks that were dropped right before it
 * @time_ns:	CLOCK_MONOTONIC when its end was seen by who drives the card:
 *		at its interrupt through plxdmad, at a call of the caller's
 *		where the card is its own
 * @bytes:	bytes in it, exact, unless @status is PLXDMA_EOT and the board
 *		had no way to tell (then a lower bound)
 * @handle:	handle of the first byte
 * @data:	the first byte
 */
struct plxdma_block {
	uint32_t size;
	uint32_t status;
	uint64_t run;
	uint64_t sequence;
	uint64_t dropped;
	int64_t time_ns;
	uint64_t bytes;
	plxdma_handle handle;
	const void *data;
};

/**
 * struct plxdma_stream_stats - account of a stream, over all its runs
 * @size:	sizeof(struct plxdma_stream_stats), set by the caller
 * @status:	enum plxdma_status: PLXDMA_RUNNING, or how the last run ended:
 *		PLXDMA_DONE if it was stopped
 * @run:	the run's number
 * @blocks:	blocks that have arrived
 * @bytes:	their bytes
 * @delivered, @delivered_bytes: taken
 * @dropped, @dropped_bytes: by policy, or at a stop
 * @ready, @ready_bytes: full, not yet taken
 * @taken:	of those delivered, not yet given back
 * @queued:	free, handed to the channel
 * @held:	times that the last free block was used up, so that the board
 *		was held
 * @tai_offset_ns: CLOCK_TAI - CLOCK_MONOTONIC at the start of the run
 */
struct plxdma_stream_stats {
	uint32_t size;
	uint32_t status;
	uint64_t run;
	uint64_t blocks;
	uint64_t bytes;
	uint64_t delivered;
	uint64_t delivered_bytes;
	uint64_t dropped;
	uint64_t dropped_bytes;
	uint64_t ready;
	uint64_t ready_bytes;
	uint64_t taken;
	uint64_t queued;
	uint64_t held;
	int64_t tai_offset_ns;
};

/**
 * plxdma_stream_open - make a stream
 * @channel: an open channel with its mode set, claimed where the daemon wants
 *	     that (claim.h); it stays the caller's, and open until the stream
 *	     is closed
 * @setup: what the stream is like, copied
 * @stream: receives the stream
 *
 * Takes block_bytes x block_count of the card's memory.
 *
 * Return: 0; -EINVAL; -ENOMEM if the arena is too small; as
 * plxdma_transfer_new().
 */
int plxdma_stream_open(struct plxdma_channel *channel,
		       const struct plxdma_stream_setup *setup,
		       struct plxdma_stream **stream);

/**
 * plxdma_stream_close - abort what runs, confirm it, free the blocks
 * @stream: may be NULL; blocks that were taken are gone with it
 */
void plxdma_stream_close(struct plxdma_stream *stream);

/**
 * plxdma_stream_start - begin a run
 * @stream: a stream that is not running
 * @run: a number of the caller's for it
 *
 * Starts the channel before it returns: start the board's source afterwards.
 * After a fault this is all that is needed to go on, in the same sequence of
 * numbers.
 *
 * Return: 0; -EBUSY if it runs; as plxdma_submit().
 */
int plxdma_stream_start(struct plxdma_stream *stream, uint64_t run);

/**
 * enum plxdma_stream_stop - how a run ends
 * @PLXDMA_STREAM_DRAIN: no block is started any more; the one under way may
 *			become full
 * @PLXDMA_STREAM_ABORT: now
 */
enum plxdma_stream_stop {
	PLXDMA_STREAM_DRAIN = 0,
	PLXDMA_STREAM_ABORT = 1,
};

/**
 * plxdma_stream_stop - end a run
 * @stream: a stream
 * @how: enum plxdma_stream_stop
 * @timeout_ns: how long the block under way may take to become full; it is
 *		aborted then
 *
 * Blocks that are ready stay ready: take them until -ENODATA.  What was in the
 * block that was aborted is lost, and the board's counter tells how much.  An
 * armed source is drained by fetching what the board has, up to the time and as
 * far as there are free blocks.
 *
 * Return: 0; -ENODATA if it doesn't run; -ESHUTDOWN if the engine can't be
 * stopped.
 */
int plxdma_stream_stop(struct plxdma_stream *stream,
		       enum plxdma_stream_stop how, int64_t timeout_ns);

/**
 * plxdma_stream_take - the next block
 * @stream: a stream
 * @timeout_ns: 0: don't wait, negative: for ever
 * @block: filled in
 *
 * What is ready is given without a system call.  A sleeper is woken when
 * watermark blocks are ready, at the end of the run, or at the timeout, when it
 * gets what there is.
 *
 * Return: 0; -EAGAIN (timeout 0) or -ETIMEDOUT; -EINTR; -ENOBUFS if all blocks
 * are taken and none was given back; when everything of a run was taken,
 * -ENODATA if it was stopped, else what ended it: -EFAULT, -EREMOTEIO,
 * -ESHUTDOWN, -ENODEV, -ECONNRESET, as plxdma_wait().
 */
int plxdma_stream_take(struct plxdma_stream *stream, int64_t timeout_ns,
		       struct plxdma_block *block);

/**
 * plxdma_stream_give - give a block back
 * @stream: a stream
 * @sequence: of a block that was taken; in any order
 *
 * The block is the card's again at once, if the stream runs.
 *
 * Return: 0; -EINVAL if no such block is taken.
 */
int plxdma_stream_give(struct plxdma_stream *stream, uint64_t sequence);

/**
 * plxdma_stream_fd - descriptor for the caller's own poll loop
 * @stream: a stream
 *
 * When readable, take until -EAGAIN.  It may be readable when nothing is ready,
 * and knows nothing of the watermark.  An armed source has to be asked, and the
 * descriptor tells only of blocks that have begun: take every so often.
 *
 * Return: the descriptor, the library's, or a negative errno.
 */
int plxdma_stream_fd(struct plxdma_stream *stream);

/**
 * plxdma_stream_stats - the account
 * @stream: a stream
 * @stats: filled in
 *
 * Return: 0 or -EINVAL.
 */
int plxdma_stream_stats(struct plxdma_stream *stream,
			struct plxdma_stream_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
