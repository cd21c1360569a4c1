/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The direct front door's objects, shared by its files.
 *
 * A lock covers what threads share: which channels are open; the memory has its
 * own.  A channel and its transfers belong to one thread and need none.
 */
#ifndef DMA_FRONT_H
#define DMA_FRONT_H

#include <pthread.h>
#include <stdint.h>

#include "api/front.h"
#include "dma/dma.h"
#include "dma/front_shared.h"

struct direct_channel;

struct direct_claim {
	uint64_t end;	/* ns, CLOCK_MONOTONIC; UINT64_MAX: without a lease */
};

struct direct_window {
	void *address;	/* NULL: not mapped */
	size_t size;
};

struct direct_card {
	struct plxdma_card card; /* first: what the public side knows */
	struct dma_card *dma;
	struct front_spec spec;
	char name[PLXDMA_NAME];
	pthread_mutex_t lock;
	struct direct_shared *shared;
	struct direct_card *next_beside; /* of those that share */
	struct dma_map *map;		 /* NULL until it is attached */
	struct direct_channel *channels[PLXDMA_CHANNELS];
	struct direct_claim claims[PLXDMA_CLAIM_CARD + 1];
	struct direct_window windows[2]; /* BAR2, BAR3 */
	struct direct_card *next; /* of those that are kept for ever */
};

enum direct_state { DIRECT_IDLE, DIRECT_UNDER_WAY, DIRECT_ENDED };

struct direct_transfer {
	struct plxdma_transfer transfer; /* first */
	struct dma_transfer *dma;
	enum direct_state state;
	struct direct_transfer *next_ended;
	struct direct_transfer *next, *previous; /* all of the channel */
};

struct direct_channel {
	struct plxdma_channel channel; /* first */
	struct direct_card *card;
	struct dma_channel *dma;
	unsigned int index;
	unsigned int under_way;
	struct direct_transfer *transfers;
	/* Ended and not yet taken, in order. */
	struct direct_transfer *ended, **ended_tail;
	/* plxdma_channel_fd(), see front_channel_fd.c; -1: nobody asked. */
	int fd;
	int ready_fd;
	int timer_fd;
	int signalled; /* ready_fd is readable */
	int armed;     /* timer_fd ticks */
};

static inline struct direct_card *direct_card_of(struct plxdma_card *card)
{
	return (struct direct_card *)card;
}

static inline struct direct_channel *
direct_channel_of(struct plxdma_channel *channel)
{
	return (struct direct_channel *)channel;
}

static inline struct direct_transfer *
direct_transfer_of(struct plxdma_transfer *transfer)
{
	return (struct direct_transfer *)transfer;
}

static inline struct transport *direct_transport(struct plxdma_card *card)
{
	return dma_card_transport(direct_card_of(card)->dma);
}

/* front_turn.c */
/* How long others' turns are waited for; by calls that shan't sleep, no longer
 * than a turn without polls takes. */
#define DIRECT_TURN_NS	     (PLXDMA_POLL_MAX_US * UINT64_C(1000))
#define DIRECT_TURN_BRIEF_NS UINT64_C(100000)
/* Between two looks, the @looks'th of a wait that is bounded. */
void direct_pause(struct direct_card *card, unsigned int looks);
/* -EBUSY with a text: the card's turn was others' for too long. */
int direct_turn_refused(const struct direct_card *card, struct error *error);
/* Goes on with a recipe's steps until none waits: 0, or -EBUSY if others
 * wouldn't let it. */
int direct_turn_drive(struct direct_channel *channel, uint64_t patience_ns);

/* front_batch.c */
int direct_reg(struct plxdma_card *card, int write, unsigned int offset,
	       unsigned int width, uint32_t *value, struct error *error);
int direct_bar(struct plxdma_card *card, int write, unsigned int bar,
	       uint64_t offset, unsigned int width, uint32_t *value,
	       struct error *error);
int direct_config(struct plxdma_card *card, int write, unsigned int offset,
		  unsigned int width, uint32_t *value, struct error *error);
int direct_eeprom(struct plxdma_card *card, int write, unsigned int offset,
		  uint16_t *words, unsigned int count, struct error *error);
int direct_batch(struct plxdma_card *card, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done, struct error *error);

/* front_irq.c */
int direct_irq_fd(struct plxdma_card *card, enum plxdma_irq_source source,
		  struct error *error);
int direct_irq_read(struct plxdma_card *card, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event, struct error *error);
int direct_irq_enable(struct plxdma_card *card, enum plxdma_irq_source source,
		      int on, struct error *error);

/* front_claim.c */
int direct_claim(struct plxdma_card *card, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns, struct error *error);
int direct_claim_release(struct plxdma_card *card, enum plxdma_claimed what,
			 struct error *error);
int direct_claim_holder(struct plxdma_card *card, enum plxdma_claimed what,
			struct plxdma_holder *holder, struct error *error);

/* front_tuning.c */
int direct_tuning_get(struct plxdma_card *card, struct plxdma_tuning *tuning,
		      struct error *error);
int direct_tuning_set(struct plxdma_card *card,
		      const struct plxdma_tuning *tuning, struct error *error);
int direct_report(struct plxdma_card *card, int fd, struct error *error);

/* front_window.c */
int direct_window_map(struct plxdma_card *card, unsigned int bar,
		      volatile void **address, size_t *size,
		      struct error *error);
int direct_window_unmap(struct plxdma_card *card, unsigned int bar,
			struct error *error);

/* front_memory.c */
int direct_memory(struct plxdma_card *card, struct error *error);
int direct_map_sg(struct plxdma_card *card, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error);
/* Lets go of it, and frees it with the last card.  Return: 0, or -EBUSY if an
 * engine may still write to it. */
int direct_memory_free(struct direct_card *card);

/* front_channel.c */
int direct_channel_open(struct plxdma_card *card, unsigned int index,
			struct plxdma_channel **channel, struct error *error);
void direct_channel_close(struct plxdma_channel *channel);
int direct_channel_mode(struct plxdma_channel *channel,
			const struct plxdma_mode *mode, struct error *error);
int direct_channel_waiting(struct plxdma_channel *channel,
			   enum plxdma_waiting waiting, struct error *error);
struct plxdma_transfer *direct_channel_reap(struct plxdma_channel *channel,
					    struct plxdma_result *result);

/* front_channel_fd.c */
int direct_channel_fd(struct plxdma_channel *channel, struct error *error);
void direct_fd_close(struct direct_channel *channel);
/* Before a look at the card, after a submission, and after whatever changed
 * the queue of ended transfers. */
void direct_fd_look(struct direct_channel *channel);
void direct_fd_submitted(struct direct_channel *channel);
void direct_fd_settle(struct direct_channel *channel);

/* front_request.c */
/* *segments receives what is to be freed, on an error as well. */
int direct_request_resolve(struct direct_channel *channel,
			   const struct plxdma_request *from,
			   struct dma_request *request,
			   struct dma_segment **segments, struct error *error);

/* front_transfer.c */
/* Moves what has ended into the channel's queue. */
void direct_channel_collect(struct direct_channel *channel);
/* Takes a transfer off the queue and tells how it ended. */
void direct_transfer_take(struct direct_transfer *transfer,
			  struct plxdma_result *result);
int direct_transfer_new(struct plxdma_channel *channel,
			const struct plxdma_request *request,
			struct plxdma_transfer **transfer, struct error *error);
int direct_transfer_change(struct plxdma_transfer *transfer,
			   const struct plxdma_request *request,
			   struct error *error);
void direct_transfer_free(struct plxdma_transfer *transfer);
int direct_transfer_value(const struct plxdma_transfer *transfer,
			  unsigned int step, uint32_t *value);
int direct_submit(struct plxdma_transfer *transfer, struct error *error);
int direct_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
		struct plxdma_result *result, struct error *error);
int direct_cancel(struct plxdma_transfer *transfer, enum plxdma_status status,
		  struct error *error);

#endif
