/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A channel of a card that plxdmad holds: this process's end of its rings.
 * Belongs to one thread at a time, so it needs no lock.
 */
#ifndef CLIENT_CHANNEL_H
#define CLIENT_CHANNEL_H

#include <sys/queue.h>

#include "client/card.h"
#include "wire/ring_client.h"

struct client_transfer;
TAILQ_HEAD(transfer_queue, client_transfer);

struct client_channel {
	struct plxdma_channel front;
	unsigned int index;
	struct ring_client ring;
	int wakes_daemon;
	int wakes_client;
	int polled;			/* plxdma_channel_fd() was called */
	int gone;			/* the daemon is */
	unsigned int looks;		/* of a spinner, in 64 */
	enum plxdma_waiting waiting;
	uint8_t mode;			/* for transfers from now on */
	unsigned int mode_count;	/* that the daemon was told of */
	struct plxdma_mode *modes[WIRE_MODES];
	uint64_t cookie;		/* of the last entry */
	struct wire_completion reply;	/* to the last entry that is awaited */
	unsigned int under_way;
	struct heap *segments;		/* the area's, in units of 64 */
	struct client_transfer *slots[WIRE_SLOTS];
	uint8_t recipes[WIRE_RECIPES];	/* 1: a transfer has this number */
	struct transfer_queue ended;	/* and not yet taken */
};

static inline struct client_channel *client_channel(
	struct plxdma_channel *channel)
{
	return (struct client_channel *)channel;
}

static inline struct client_card *channel_card(
	const struct client_channel *channel)
{
	return client_card(channel->front.card);
}

static inline struct connection *channel_connection(
	const struct client_channel *channel)
{
	return &channel_card(channel)->share->connection;
}

/* Is there a poll loop that waits for this channel's descriptor? */
static inline int channel_pollable(const struct client_channel *channel)
{
	return channel->polled && channel->waiting == PLXDMA_WAIT_EVENT;
}

int client_channel_open(struct plxdma_card *card, unsigned int index,
			struct plxdma_channel **channel, struct error *error);
void client_channel_close(struct plxdma_channel *channel);
int client_channel_mode(struct plxdma_channel *channel,
			const struct plxdma_mode *mode, struct error *error);
int client_channel_waiting(struct plxdma_channel *channel,
			   enum plxdma_waiting waiting, struct error *error);
int client_channel_fd(struct plxdma_channel *channel, struct error *error);
struct plxdma_transfer *client_channel_reap(struct plxdma_channel *channel,
					    struct plxdma_result *result);

/* Takes all completions there are. */
void channel_look(struct client_channel *channel);
/* Puts an entry into the ring and wakes the daemon if it sleeps. Gives the
 * entry its cookie. -EAGAIN if the ring is full. */
int channel_put(struct client_channel *channel, struct wire_submission *entry);
/* Puts an entry that is no transfer and waits for its answer, which it
 * returns; errors carry the daemon's text. */
int channel_ask(struct client_channel *channel, struct wire_submission *entry,
		struct error *error);
/* One step of waiting, until the clock says @until at the latest: looks if
 * that is worth while, else sleeps. 0 or -EINTR. */
int channel_wait(struct client_channel *channel, uint64_t spin_until,
		 uint64_t until);
/* After a wait: a completion for somebody else, or the ring for it, may have
 * been taken on the way. A poll loop must still find its descriptor readable,
 * now or when the next one comes. */
void channel_pass_on(struct client_channel *channel);
/* Why the daemon refused the last entry that it did. Returns @err. */
int channel_text(struct client_channel *channel, int err, struct error *error);
uint64_t channel_now(void);
/* The end of a timeout that begins now; negative: never. */
uint64_t channel_deadline(int64_t timeout_ns, uint64_t now);

#endif
