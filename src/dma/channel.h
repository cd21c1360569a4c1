/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A channel of a card, and the transfers that it has or had.  card.h says
 * which lock covers what.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "chip/descriptor.h"
#include "chip/mode.h"
#include "chip/plx9054.h"
#include "dma/dma.h"
#include "dma/pool.h"
#include "dma/recorder.h"
#include "dma/turn.h"

struct dma_card;
struct dma_map;

/* What the registers of a channel are given for a transfer. */
struct program {
	uint32_t mode;		/* without the interrupt's bits */
	uint32_t dac;
	uint32_t padr;
	uint32_t ladr;
	uint32_t siz;
	uint32_t dpr;
	uint32_t left_dac;	/* DMADAC once it has ended */
	uint32_t count;		/* descriptors; 1: block or a chain of one */
	uint8_t chain;
	uint8_t format;		/* enum descriptor_format */
	uint8_t big_endian;
	uint8_t eot;
	/* Reset values in the registers would move other bytes. */
	uint8_t strict;
};

enum transfer_state {
	TRANSFER_IDLE,
	TRANSFER_QUEUED,
	TRANSFER_APPENDED,	/* the running chain leads to it (append.c) */
	TRANSFER_STARTING,	/* waits for the turn, or for its first steps */
	TRANSFER_RUNNING,
	TRANSFER_ENDING,	/* the engine is done, its last steps aren't */
	TRANSFER_ENDED,		/* not yet taken */
};

struct recipe;

struct dma_transfer {
	struct dma_channel *channel;
	struct dma_map *map;
	struct program program;
	struct pool_block *block;	/* the chain's descriptors */
	struct recipe *recipe;		/* NULL: none */
	uint64_t length;
	size_t first_page;		/* of the memory that it may touch */
	size_t last_page;
	size_t moved;			/* pages, before it was prepared */
	uint8_t direction;
	uint8_t quiet;
	uint8_t linked;			/* may be appended */
	uint8_t leads;			/* its list ends in another's */
	uint8_t ends_as;		/* if the engine is stopped for it */
	uint8_t state;			/* enum transfer_state */
	uint8_t status;			/* enum plxdma_status */
	uint8_t bytes_exact;
	uint64_t bytes;
	uint64_t started;		/* ns, CLOCK_MONOTONIC; 0: not yet */
	uint64_t seen_ended;		/* likewise */
	void *user;
	TAILQ_ENTRY(dma_transfer) link;
};

TAILQ_HEAD(transfer_list, dma_transfer);

/* Written by the channel's thread, read by any. */
struct channel_counts {
	atomic_ullong reg_reads;
	atomic_ullong reg_writes;
	atomic_ullong descriptors;
	atomic_ullong bytes[2];		/* by enum plxdma_direction */
	atomic_ullong transfers;
	atomic_ullong faults;
};

#define HELD_UNKNOWN UINT64_MAX

/* How a transfer ended, or will have once its last steps are done. */
struct outcome {
	enum plxdma_status status;
	uint64_t bytes;
	int exact;
};

struct dma_channel {
	struct dma_card *card;
	unsigned int index;
	int fd;				/* eventfd of its interrupt */
	enum plxdma_waiting waiting;
	struct plxdma_mode mode;
	/* The channel is one's at most, be it running, starting or ending. */
	struct dma_transfer *running;	/* on the engine */
	struct dma_transfer *starting;
	struct dma_transfer *ending;
	struct outcome outcome;		/* of the one that is ending */
	struct dma_turn turn;
	uint8_t after_start;		/* running, and its steps aren't done */
	uint8_t unmended;		/* 1, 2: channel_mend() is due */
	atomic_bool told;		/* by an interrupt, since the last look */
	uint64_t peeked;		/* when DMADPR was looked at last */
	struct transfer_list appended;	/* behind the running one */
	unsigned int appended_count;
	struct transfer_list queue;
	struct transfer_list ended;
	unsigned int queued;
	/* What the registers hold, HELD_UNKNOWN after an abort or reset. */
	uint64_t held_mode;
	uint64_t held_dac;
	uint64_t held_big_endian;
	unsigned int resets;		/* of the card's, seen */
	int verify;			/* ask MODE at the end */
	struct recorder_seen seen;	/* of its registers, since its start */
	struct recorder_ring *recorder;
	uint64_t started;		/* ns, CLOCK_MONOTONIC */
	uint64_t look;			/* when to look closer */
	pthread_mutex_t lock;
	struct channel_counts counts;
};

static inline void count_add(atomic_ullong *count, uint64_t n)
{
	/* One writer: no locked instruction needed. */
	atomic_store_explicit(
		count, atomic_load_explicit(count, memory_order_relaxed) + n,
		memory_order_relaxed);
}

/* Transfers that ended so far. */
static inline uint64_t channel_ended(const struct dma_channel *channel)
{
	return atomic_load_explicit(&channel->counts.transfers,
				    memory_order_relaxed);
}

/* Chains (chain.c) */

/* Checks @request and says what the chip is to be told.  *block is used again
 * if it is large enough, else replaced; on an error nothing has changed. */
int chain_build(struct dma_channel *channel, const struct dma_request *request,
		struct program *program, struct pool_block **block,
		uint64_t *length, struct error *error);
struct plx_descriptor *chain_last(const struct program *program,
				  const struct pool_block *block);
/* How many bytes lie before the descriptor whose fourth Lword is @dpr; *size
 * receives its own. */
uint64_t chain_position(const struct program *program,
			const struct pool_block *block, uint32_t dpr,
			uint32_t *size);

/* Recipes (recipe.c) */

/* Checks and copies; NULL of NULL, and of one without steps.  Freed by
 * free(). */
int recipe_make(struct dma_card *card, const struct plxdma_recipe *recipe,
		struct recipe **made, struct error *error);
/* Before a submission. */
void recipe_begin(struct recipe *recipe);
/* From now on a poll is looked at once. */
void recipe_hurry(struct recipe *recipe);
/* Does what can be done now of a moment's steps: 0 when all are; -EAGAIN;
 * -ETIMEDOUT: the next call goes on after the poll; -ENODEV. */
int recipe_run(struct dma_channel *channel, struct recipe *recipe,
	       enum plxdma_moment moment);
/* Has it steps of that moment? */
int recipe_has(const struct recipe *recipe, enum plxdma_moment moment);
/* Was a step done since recipe_begin()? */
int recipe_touched(const struct recipe *recipe);
/* How far an early end came, by the board's count. */
void recipe_judge(const struct recipe *recipe, uint64_t length,
		  struct outcome *outcome);
int recipe_value(const struct recipe *recipe, unsigned int step,
		 uint32_t *value);

/* Steps around a transfer (group.c) */

/* Has a transfer the channel, or is one about to? */
static inline int channel_occupied(const struct dma_channel *channel)
{
	return channel->running || channel->starting || channel->ending;
}

/* Starts a transfer, with what must come before: at once, or, if it needs a
 * turn that another has or a poll, as soon as that is over.  0, -ESHUTDOWN,
 * -ENODEV: it was not started then. */
int channel_begin(struct dma_channel *channel, struct dma_transfer *transfer);
/* Goes on with the steps of the moment, or the wait for the turn. */
void channel_go_on(struct dma_channel *channel);
/* The engine is done with it, or never had it: it has ended, or is ending if
 * there are steps for that.  channel_proceed() then does them, or else starts
 * what is next. */
void channel_finish(struct dma_channel *channel,
		    struct dma_transfer *transfer,
		    const struct outcome *outcome);
void channel_proceed(struct dma_channel *channel);
/* As channel_finish(), for the one that is starting. */
void channel_start_not(struct dma_channel *channel, enum plxdma_status status);
/* Ends whichever has the channel, without any steps. */
void channel_end_plainly(struct dma_channel *channel,
			 enum plxdma_status status);
/* Ends the one that is ending, with the steps that can be done at once. */
void channel_end_hastily(struct dma_channel *channel);

/* Chains that go on (append.c) */

/* Puts it behind the running ones: 1, or 0 if it doesn't go with them. */
int channel_append(struct dma_channel *channel, struct dma_transfer *transfer);
/* Sees how far the engine is: 1 if there is no more to see. */
int append_look(struct dma_channel *channel);
/* The engine stands still: ends what it has passed. */
void append_settle(struct dma_channel *channel);
/* It is done, and has missed them: they are queued again. */
void append_again(struct dma_channel *channel);
/* It was stopped: so are they. */
void append_end(struct dma_channel *channel, enum plxdma_status status);
/* The engine can't be stopped, and may go through all of it. */
void append_abandon(struct dma_channel *channel);
/* Takes one back, ended as @status, if it is sure that the engine won't begin
 * it: 0, or -EBUSY. */
int append_withdraw(struct dma_channel *channel, struct dma_transfer *transfer,
		    enum plxdma_status status);
/* Its list ends with itself again. */
void append_close(struct dma_transfer *transfer);

/* Channels (channel.c, start.c) */

int channel_init(struct dma_channel *channel, struct dma_card *card,
		 unsigned int index);
void channel_destroy(struct dma_channel *channel);
/* 0; -EAGAIN: another has the card's turn; -ESHUTDOWN, -ENODEV: it was not
 * started then. */
int channel_start(struct dma_channel *channel, struct dma_transfer *transfer);
/* From now on it is the one that the engine works on. */
void channel_set_running(struct dma_channel *channel,
			 struct dma_transfer *transfer, uint64_t now);
/* The register writes of it, with the channel's lock held. */
void channel_program(struct dma_channel *channel,
		     struct dma_transfer *transfer, uint64_t now);
/* DMADAC to 0 where the next chain would have to do so. */
void channel_tidy(struct dma_channel *channel);
/* After an abort: nothing is known of MODE and DAC. */
void channel_forget(struct dma_channel *channel);
/* After a reset, whoever made it: nor of the rest. */
void channel_follow_resets(struct dma_channel *channel);
void channel_conclude(struct dma_channel *channel,
		      struct dma_transfer *transfer,
		      const struct outcome *outcome);
/* None has the channel any longer. */
void channel_start_next(struct dma_channel *channel);
/* Ends the queue without starting it. */
unsigned int channel_flush(struct dma_channel *channel,
			   enum plxdma_status status);

/* Recovery (recover.c) */

/* Aborts and confirms the running transfer, ends it as @status or as what the
 * card shows, goes on with the next.  0, -ESHUTDOWN or -ENODEV. */
int channel_stop(struct dma_channel *channel, enum plxdma_status status);
/* Somebody reset the card: ends everything of the channel. */
void channel_was_reset(struct dma_channel *channel);
void channel_gone(struct dma_channel *channel);
/* What another thread did to the card: see channel_disturbed(). */
void channel_notice(struct dma_channel *channel);
/* What an abort has left behind; put off while others have the turn. */
void channel_mend(struct dma_channel *channel, int chain);

#endif
