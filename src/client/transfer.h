/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A transfer through the daemon: a slot of its channel, and the entry that
 * names it in the ring.
 */
#ifndef CLIENT_TRANSFER_H
#define CLIENT_TRANSFER_H

#include <sys/queue.h>

#include "client/channel.h"

enum transfer_state {
	TRANSFER_IDLE,
	TRANSFER_UNDER_WAY,
	TRANSFER_ENDED,		/* and not yet taken */
};

struct client_transfer {
	struct plxdma_transfer front;
	struct wire_submission entry;
	uint64_t list;		/* its segments in the channel's heap */
	uint64_t cookie;	/* of the submission under way */
	enum transfer_state state;
	struct plxdma_recipe *recipe;	/* NULL without one */
	int needs_claim;	/* by its mode, or its recipe */
	int error;		/* refused at its start */
	struct plxdma_result result;
	TAILQ_ENTRY(client_transfer) link;
};

static inline struct client_transfer *client_transfer(
	struct plxdma_transfer *transfer)
{
	return (struct client_transfer *)transfer;
}

static inline struct client_channel *transfer_channel(
	const struct client_transfer *transfer)
{
	return client_channel(transfer->front.channel);
}

int client_transfer_new(struct plxdma_channel *channel,
			const struct plxdma_request *request,
			struct plxdma_transfer **transfer,
			struct error *error);
int client_transfer_change(struct plxdma_transfer *transfer,
			   const struct plxdma_request *request,
			   struct error *error);
void client_transfer_free(struct plxdma_transfer *transfer);
int client_transfer_value(const struct plxdma_transfer *transfer,
			  unsigned int step, uint32_t *value);
int client_submit(struct plxdma_transfer *transfer, struct error *error);
int client_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
		struct plxdma_result *result, struct error *error);
int client_cancel(struct plxdma_transfer *transfer, enum plxdma_status status,
		  struct error *error);

/* The daemon's word on it, or its death. */
void client_transfer_end(struct client_transfer *transfer,
		  const struct wire_completion *entry);
/* The program takes it; result may be NULL. */
void client_transfer_take(struct client_transfer *transfer,
		   struct plxdma_result *result);

#endif
