/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A DMA channel of a card, as the SDK's programs see it: opened by one
 * device, given properties, asked for transfers, closed.
 *
 * libplxdma gives a channel to one thread at a time; the SDK's calls come from
 * any.  The thread that waits for a transfer has the channel to itself
 * (CHANNEL_WAITING); others find out that it is busy, or ask it to abort.  A
 * transfer that nobody waits for (CHANNEL_STARTED) is taken up by whoever asks
 * after it.
 */
#ifndef PLXAPI_CHANNEL_H
#define PLXAPI_CHANNEL_H

#include <pthread.h>
#include <stdatomic.h>

#include "plxapi/status.h"

struct crate_card;
struct device;
struct events;

enum channel_state {
	CHANNEL_IDLE,
	CHANNEL_WAITING,
	CHANNEL_STARTED,
};

/* A piece of a transfer, through its half of the bounce buffer or in place. */
struct piece {
	struct plxdma_transfer *transfer;
	struct plxdma_request request; /* what it is prepared for */
	char *user;
	size_t length;
	int busy;
};
#define PIECES 2

struct channel {
	unsigned int index;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct device *owner;
	enum channel_state state;
	atomic_int abort;

	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_mode *mode;
	PLX_DMA_PROP properties;

	struct piece pieces[PIECES];
	plxdma_handle in_place; /* the program's part of the card's memory that */
	size_t in_place_size;	/* a transfer is under way in */
	char *bounce;
	plxdma_handle handle;
	size_t bounce_size;
	int quiet; /* the end of the started transfer is told to nobody */
	struct events *events;
};

void channel_init(struct channel *channel, unsigned int index,
		  struct events *events);

/* The channel of a device that is open, which owns it: else the code that the
 * SDK documents. */
PLX_STATUS channel_of(const char *call, const PLX_DEVICE_OBJECT *object,
		      U8 number, struct device **device,
		      struct channel **channel);
/* Is it the device's?  INVALID_ACCESS if nobody's, IN_USE if another's.  Under
 * the channel's lock. */
PLX_STATUS channel_owned(const struct channel *channel,
			 const struct device *device);

/* Ends what is under way, confirmed; under the channel's lock. */
void channel_abort(struct channel *channel);
/* The same for a device's channel, be it one. */
void channel_device_abort(struct channel *channel, struct device *device);
void channel_device_close(struct channel *channel, struct device *device);

/* Nothing is under way in this memory when it returns. */
void channel_leave(struct channel *channel, plxdma_handle handle, size_t size);

/* A transfer is over; under the channel's lock. */
void channel_ended(struct channel *channel);

/* Looks after a started transfer; under the lock.  COMPLETE or IN_PROGRESS. */
PLX_STATUS channel_progress(struct channel *channel);

#endif
