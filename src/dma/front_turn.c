/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for the card's turn, and for the polls of one's own.
 *
 * The driver never sleeps: it says that it can't go on yet.  Here is who
 * waits.  A turn never outlasts the call in which it began, for nobody knows
 * when the program calls again; and so each of them is bounded, and waiting
 * for others' is.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "dma/card.h"
#include "dma/front.h"

/* Looks in a row, then ones that let others run, then some with a rest. */
#define LOOKS_EAGER 32u
#define LOOKS_YIELDING 96u
#define REST_NS 50000

void direct_pause(struct direct_card *card, unsigned int looks)
{
	const struct timespec rest = { .tv_nsec = REST_NS };
	struct transport *transport = dma_card_transport(card->dma);

	if (looks < LOOKS_EAGER)
		return;
	if (looks < LOOKS_YIELDING) {
		sched_yield();
		return;
	}
	if (transport->ops->service_fd(transport) >= 0)
		transport->ops->service(transport);
	nanosleep(&rest, NULL);
}

int direct_turn_refused(const struct direct_card *card, struct error *error)
{
	return error_set(error, -EBUSY,
			 "%s: others' recipes and batches have had the card "
			 "for more than %u us: try again, or poll for less "
			 "time in them",
			 card->name, PLXDMA_POLL_MAX_US);
}

static int turn_await(struct direct_channel *channel, uint64_t patience_ns)
{
	uint64_t end = clock_ns() + patience_ns;
	enum dma_channel_turn turn;
	unsigned int looks;

	for (looks = 0;; looks++) {
		dma_channel_progress(channel->dma);
		turn = dma_channel_turn(channel->dma);
		if (turn == DMA_TURN_NONE)
			return 0;
		/* Its own polls end by themselves. */
		if (turn == DMA_TURN_HAS)
			end = clock_ns() + patience_ns;
		else if (clock_ns() >= end)
			break;
		direct_pause(channel->card, looks);
	}
	dma_channel_turn_leave(channel->dma);
	return -EBUSY;
}

int direct_turn_drive(struct direct_channel *channel, uint64_t patience_ns)
{
	if (dma_channel_turn(channel->dma) == DMA_TURN_NONE)
		return 0;
	return turn_await(channel, patience_ns);
}
