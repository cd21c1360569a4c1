/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an observer and the owner of a stream ask plxdmad for. */
#ifndef CLIENT_OBSERVER_H
#define CLIENT_OBSERVER_H

#include "api/front.h"

int client_observer_open(struct plxdma_card *card, unsigned int channel,
			 struct plxdma_observer **observer,
			 struct error *error);
void client_observer_close(struct plxdma_observer *observer);
int client_observer_take(struct plxdma_observer *observer, uint64_t watermark,
			 int64_t timeout_ns, struct plxdma_block *block,
			 struct error *error);
int client_observer_give(struct plxdma_observer *observer);
int client_observer_fd(struct plxdma_observer *observer);
void client_observer_stats(const struct plxdma_observer *observer,
			   struct plxdma_observer_stats *stats);
int client_publish(struct plxdma_channel *channel, int runs, uint64_t run,
		   uint64_t sequence, int64_t tai_offset_ns,
		   struct error *error);

#endif
