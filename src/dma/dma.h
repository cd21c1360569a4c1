/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver, as the direct front door and the daemon see it.
 *
 * A dma_card owns a transport.  Arenas are attached to it (one for a program,
 * one per client for the daemon); a transfer names an attachment and an
 * offset.  No function here sleeps, except where it says so.
 *
 * Threads: a channel and its transfers belong to one thread at a time;
 * different channels may be driven by different threads.
 */
#ifndef DMA_H
#define DMA_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/transfer.h>
#include <plxdma/tuning.h>

#include "error/error.h"
#include "mem/arena.h"

/* Transfers that may wait behind the running one of a channel. */
#define DMA_QUEUE 1024u

struct dma_card;
struct dma_channel;
struct dma_map;
struct dma_transfer;

/* Card */

/* @spec: a transport's, e.g. "model:chip=9056".  Identifies the chip by its
 * hard-wired register, quiets it (chip ref. 11.1), leaves bus mastering off
 * until an arena is attached. */
int dma_card_open(const char *spec, struct dma_card **card, struct error *);
/* Aborts and confirms what runs; everything attached must be detached. */
void dma_card_close(struct dma_card *card);
struct transport *dma_card_transport(struct dma_card *card);
void dma_card_info(struct dma_card *card, struct plxdma_card_info *info);
void dma_card_counters(struct dma_card *card, struct plxdma_counters *);
/* Resets of the card since it was opened, whoever asked. */
unsigned int dma_card_resets(struct dma_card *card);
int dma_card_reset(struct dma_card *card, struct error *);
int dma_card_in_service(const struct dma_card *card);
/* Not in service since nobody answers: it reads all ones. */
int dma_card_gone(const struct dma_card *card);

/* Registers, with the policy of <plxdma/registers.h>: what the engines and the
 * interrupt handler live by is refused, here and for the daemon's clients
 * alike.  As the calls of the same name in struct front_ops; besides, -EAGAIN
 * while somebody has the card's turn, see below: call again, or stand in line
 * with a batch of one step. */
int dma_card_reg(struct dma_card *card, int write, unsigned int offset,
		 unsigned int width, uint32_t *value, struct error *);
int dma_card_bar(struct dma_card *card, int write, unsigned int bar,
		 uint64_t offset, unsigned int width, uint32_t *value,
		 struct error *);
int dma_card_config(struct dma_card *card, int write, unsigned int offset,
		    unsigned int width, uint32_t *value, struct error *);
int dma_card_eeprom(struct dma_card *card, int write, unsigned int offset,
		    uint16_t *words, unsigned int count, struct error *);

/*
 * Steps, with nothing of anybody else's in between.  A recipe's group of steps
 * (before and after a start, or after an end) and a batch each hold the card's
 * turn while they are under way; whatever else wants to start or to touch a
 * register waits for it.  Who can't have it at once stands in line, first come,
 * first served, and must call again or leave the line, for it holds up those
 * behind.
 */
struct dma_turn {
	struct dma_turn *next;
	uint8_t in_line;
	uint8_t begun;
};

struct dma_batch {
	struct plxdma_step *steps;	/* passed by step_check() */
	unsigned int count;
	unsigned int position;		/* steps done; 0 at first */
	uint64_t until;			/* of the poll under way; 0 at first */
	struct dma_turn turn;		/* all zero at first; stays in place */
};
/* Does what can be done now, without sleeping; checks all steps before the
 * first.  0 when all are done; -EAGAIN: call again, a poll hasn't come true
 * (then until is set) or another has the turn (batch->turn.begun is 0);
 * -ETIMEDOUT: the poll at position didn't come true; -ENODEV: the card was
 * polled and reads all ones; otherwise as dma_card_reg() and dma_card_bar(),
 * and nothing was done.  Any thread. */
int dma_card_batch(struct dma_card *card, struct dma_batch *batch,
		   struct error *);
/* Lets go of a batch that got -EAGAIN and won't be called again. */
void dma_card_batch_drop(struct dma_card *card, struct dma_batch *batch);

/* See <plxdma/tuning.h>; besides, -EAGAIN while somebody has the card's turn.
 * Any thread. */
int dma_card_tuning_get(struct dma_card *card, struct plxdma_tuning *tuning,
			struct error *);
int dma_card_tuning_set(struct dma_card *card,
			const struct plxdma_tuning *tuning, struct error *);
/* Flight recorder: see plxdma_card_report(); @requests: with them, or all but
 * them. Besides, -EAGAIN while somebody has the card's turn.  Any thread. */
int dma_card_report(struct dma_card *card, int requests, int fd,
		    struct error *);

/* Memory */

int dma_attach(struct dma_card *card, struct arena *arena,
	       struct dma_map **map, struct error *);
/* Every transfer on the map must have ended.  -EBUSY if a channel that may
 * still write to it can't be stopped: the map, and the arena, must then be
 * kept for ever. */
int dma_detach(struct dma_map *map);
/* As translate_bus(), for information and tests. */
uint64_t dma_map_bus(const struct dma_map *map, uint64_t offset,
		     uint64_t *left);
/* Does the card reach all of it? */
int dma_map_reached(const struct dma_map *map);
/* Runs as this card sees them. */
size_t dma_map_runs(const struct dma_map *map, uint64_t *longest);

/* Channels */

struct dma_channel *dma_card_channel(struct dma_card *card, unsigned int n);
int dma_channel_set_mode(struct dma_channel *channel,
			 const struct plxdma_mode *mode, struct error *);
/* Does this channel of this chip have what the mode asks for?  0 or -EINVAL
 * with a text. */
int dma_channel_check_mode(const struct dma_channel *channel,
			   const struct plxdma_mode *mode, struct error *);
int dma_channel_set_waiting(struct dma_channel *channel,
			    enum plxdma_waiting waiting);
/* Looks at the card once if anything runs; ends what has ended and starts what
 * is next.  Returns the number ended.  One register read while a transfer runs
 * (and a closer look every 10 ms); a chain's end costs a second one, and so
 * does a block's where a reset in an idle moment would go unseen. */
unsigned int dma_channel_progress(struct dma_channel *channel);
/* The next transfer that has ended, in order, or NULL.  It can then be
 * submitted again. */
struct dma_transfer *dma_channel_take(struct dma_channel *channel);
/* eventfd that says "look now" (of the interrupt), and the clock
 * (CLOCK_MONOTONIC, ns) at which to look at the latest, 0: nothing runs. */
int dma_channel_fd(struct dma_channel *channel);
uint64_t dma_channel_deadline(const struct dma_channel *channel);
/* Clear the eventfd before looking.  Any thread. */
void dma_channel_ack(struct dma_channel *channel);
/* Is a transfer of the channel's waiting for the card's turn, or has it the
 * turn, because a poll of its recipe hasn't come true?  Look often then: others
 * wait, see dma_channel_deadline(). */
enum dma_channel_turn { DMA_TURN_NONE, DMA_TURN_WAITS, DMA_TURN_HAS };
enum dma_channel_turn dma_channel_turn(const struct dma_channel *channel);
/* Leaves the line, until the next look: who won't look mustn't stand in it. */
void dma_channel_turn_leave(struct dma_channel *channel);

/* Transfers */

struct dma_segment {
	uint64_t offset;
	uint32_t length;
	uint32_t local;
};

struct dma_request {
	struct dma_map *map;
	uint8_t direction;	/* enum plxdma_direction */
	uint8_t form;		/* enum plxdma_form */
	/* No interrupt is asked for: whoever submits it looks by itself, as
	 * with PLXDMA_WAIT_SPIN but for this transfer alone. */
	uint8_t quiet;
	uint32_t local;
	uint64_t offset;
	uint64_t length;
	/* Instead of offset, local and length. */
	const struct dma_segment *segments;
	uint32_t segment_count;
	/* NULL: the channel's.  The daemon's clients each have their own; it
	 * is copied, and checked as dma_channel_check_mode() does. */
	const struct plxdma_mode *mode;
	/* NULL: none.  Copied; checked as recipe_check() does, and every step
	 * against the card, as dma_card_reg() and dma_card_bar() do. */
	const struct plxdma_recipe *recipe;
};

/* Checks every number against the map and the chip, builds the chain. */
int dma_transfer_new(struct dma_channel *channel,
		     const struct dma_request *request,
		     struct dma_transfer **transfer, struct error *);
int dma_transfer_change(struct dma_transfer *transfer,
			const struct dma_request *request, struct error *);
/* Cancels it if it is under way; steps after its end that a poll or another's
 * turn holds up are then done at once or not at all. */
void dma_transfer_free(struct dma_transfer *transfer);
void dma_transfer_set_user(struct dma_transfer *transfer, void *user);
void *dma_transfer_user(const struct dma_transfer *transfer);
/* 0; -EBUSY: under way, or ended and not yet taken; -EAGAIN: DMA_QUEUE wait
 * already; -ESHUTDOWN, -ENODEV.  It starts at once if the channel is free, as
 * far as its recipe's polls and the card's turn let it. */
int dma_transfer_submit(struct dma_transfer *transfer);
/* Takes this one, out of turn: 0, or -EAGAIN if it has not ended. */
int dma_transfer_take(struct dma_transfer *transfer);
/* What a step of its recipe has read: 0, -EINVAL, -ENODATA. */
int dma_transfer_value(const struct dma_transfer *transfer, unsigned int step,
		       uint32_t *value);
/* PLXDMA_RUNNING until it ended. */
enum plxdma_status dma_transfer_status(const struct dma_transfer *transfer);
void dma_transfer_result(const struct dma_transfer *transfer,
			 struct plxdma_result *result);
/* Cancels it if it hasn't begun, and others go on: 0, -EBUSY. */
int dma_transfer_withdraw(struct dma_transfer *transfer);
/* Is it one that the engine works on, or may soon? Then a cancel may take a
 * while, and any thread may call it that has the channel meanwhile. */
int dma_transfer_on_engine(const struct dma_transfer *transfer);
/* Aborts and confirms (bounded: 100 ms), with what was linked behind it and
 * before, unless it can be withdrawn; it then has ended as @status unless
 * it was done.  -EAGAIN: the engine has let go of it, but steps after its end
 * wait for a poll or for the card's turn, and dma_channel_progress() will end
 * it; -ESHUTDOWN if the engine can't be stopped. */
int dma_transfer_cancel(struct dma_transfer *transfer,
			enum plxdma_status status);
/* Spins, then sleeps, up to the timeout.  0 once it ended, -ETIMEDOUT,
 * -EINTR.  Doesn't take it. */
int dma_transfer_wait(struct dma_transfer *transfer, int64_t timeout_ns);

/* The negative errno that goes with a status. */
int dma_status_errno(enum plxdma_status status);

#endif
