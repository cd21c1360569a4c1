/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver's objects, as its own files see them.
 *
 * Locks: a channel's `lock` covers programming its registers, so that a reset
 * or the way out of service never comes between the writes of a start; the
 * card's `lock` covers what two channels share and may be held while a
 * channel's is taken, never the other way round; `byte_order`, which covers
 * what programs' writes have to do with, is innermost.
 * All else of a channel belongs to its thread.
 */
#ifndef CARD_H
#define CARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "chip/family.h"
#include "dma/channel.h"
#include "dma/layout.h"
#include "dma/options.h"
#include "dma/pool.h"
#include "dma/turn.h"
#include "mem/arena.h"
#include "mem/translate.h"
#include "transport/transport.h"

struct dma_map {
	struct dma_card *card;
	struct arena *arena;
	int loose;		/* frames that nothing keeps where they are */
	uint64_t *bus;
	struct translate translate;
};

enum card_state {
	CARD_GOOD,
	CARD_OUT,	/* of service: a channel can't be stopped */
	CARD_GONE,	/* all ones */
};

struct dma_card {
	struct transport *transport;
	const struct family *family;
	struct card_options options;
	char name[PLXDMA_NAME];
	uint32_t revision;
	uint32_t vendor_device;
	uint32_t subsystem;
	int dac;		/* chip and path have dual-address cycles */
	int zero_chain;
	int service_fd;
	int report_fd;		/* directory of its reports, -1: none */
	atomic_uint reports;	/* names used there */
	atomic_int state;	/* enum card_state */
	atomic_uint resets;
	struct pool pool;
	struct dma_channel channels[PLXDMA_CHANNELS];

	pthread_mutex_t lock;
	unsigned int attached;
	/* PCI Status of an abort, until its channel asks. */
	uint16_t aborted[PLXDMA_CHANNELS];
	/* The other channel aborted at this time; perhaps this one did, too. */
	uint16_t suspect[PLXDMA_CHANNELS];
	uint64_t suspected[PLXDMA_CHANNELS];
	/* What was asked for, PLXDMA_TUNING_KEEP: nothing. */
	struct plxdma_tuning tuning;
	/* What a channel that can't be stopped may still write to. */
	struct dma_map *stuck[PLXDMA_CHANNELS];

	pthread_mutex_t byte_order;
	uint8_t bigend;		/* BIGEND as it stands */
	struct layout layout;

	struct turn_line turns;
};

/* Takes the transport, also when it fails. */
int card_new(struct transport *transport, const struct card_options *options,
	     const char *name, struct dma_card **card, struct error *error);

static inline enum card_state card_state(const struct dma_card *card)
{
	return (enum card_state)atomic_load_explicit(&card->state,
						     memory_order_acquire);
}

static inline int channel_resets_unseen(const struct dma_channel *channel)
{
	return channel->resets !=
	       atomic_load_explicit(&channel->card->resets,
				    memory_order_acquire);
}

/* Has another thread taken the card out of service, or reset it? */
static inline int channel_disturbed(const struct dma_channel *channel)
{
	return card_state(channel->card) != CARD_GOOD ||
	       channel_resets_unseen(channel);
}

static inline void reg_put(struct dma_card *card, unsigned int offset,
			   uint32_t value)
{
	card->transport->ops->reg_write(card->transport, offset, 32, value);
}

static inline uint32_t reg_get(struct dma_card *card, unsigned int offset)
{
	return card->transport->ops->reg_read(card->transport, offset, 32);
}

/* Of a read of both DMACSR: is the card gone?  What was written since may stay to
 * be read; the reserved bytes and the ID never are. */
static inline int csr_of_gone(struct dma_card *card, uint32_t both)
{
	return both >> 16 == UINT16_MAX &&
	       reg_get(card, PLX_PCIHIDR) == UINT32_MAX;
}

/* As reg_get(), counted: for the channel's own thread. */
static inline uint32_t channel_get(struct dma_channel *channel,
				   unsigned int offset)
{
	uint32_t value = reg_get(channel->card, offset);

	count_add(&channel->counts.reg_reads, 1);
	recorder_saw(&channel->seen, offset, value);
	return value;
}

/* The card's service state (service.c) */

void card_gone(struct dma_card *card);
void card_out_of_service(struct dma_card *card, unsigned int channel,
			 struct dma_map *map);
/* A reset that wasn't ours. */
void card_reset_noticed(struct dma_card *card);
int card_reset(struct dma_card *card);
/* PCI Status 13:12 of an abort of the running transfer's, 0: there was none. */
uint16_t card_take_abort(struct dma_channel *channel, uint64_t now);
/* What every reset undoes: quirks, byte order, bus tuning. */
void card_tune(struct dma_card *card);
/* After card->lock: no channel starts. */
void card_channels_lock(struct dma_card *card);
void card_channels_unlock(struct dma_card *card);

/* Prepared memory (frames.c) */

void frames_note(struct dma_transfer *transfer,
		 const struct dma_request *request);
/* -EFAULT: a page between its first and its last is in quarantine. */
int frames_check(const struct dma_transfer *transfer);

/* Bus tuning (tuning.c) */

/* What the spec asks for.  0, or -EINVAL with a text. */
int card_tuning_begin(struct dma_card *card, struct error *error);
/* After a reset, and at first. */
void card_tuning_restore(struct dma_card *card);

uint64_t clock_ns(void);

#endif
