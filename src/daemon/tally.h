/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon counts: plain additions where things happen, read by whoever
 * asks for status or metrics. Nothing is ever set back.
 */
#ifndef DAEMON_TALLY_H
#define DAEMON_TALLY_H

#include <stdint.h>

#include <plxdma/transfer.h>

#define TALLY_STATUSES (PLXDMA_POLL_TIMED_OUT + 1)
#define TALLY_DIRECTIONS 2

/* Why a request was refused, as its client is told. */
enum tally_refusal {
	TALLY_AGAIN,			/* its queue is full */
	TALLY_QUOTA,
	TALLY_CLAIMED,
	TALLY_POLICY,
	TALLY_SERVICE,			/* the card takes none */
	TALLY_NONSENSE,			/* everything else */
	TALLY_REFUSALS,
};

/* Of one channel of a card. */
struct tally_channel {
	uint64_t ended[TALLY_DIRECTIONS][TALLY_STATUSES];
	uint64_t bytes[TALLY_DIRECTIONS];
	uint64_t refused[TALLY_REFUSALS];
};

/* Of one client. */
struct tally_client {
	uint64_t requests;
	uint64_t refused;
	uint64_t bytes;
};

/* Who wasn't let in, and why. */
enum tally_door {
	TALLY_DOOR_FULL,
	TALLY_DOOR_POLICY,
	TALLY_DOOR_DESCRIPTORS,
	TALLY_DOOR_OTHER,
	TALLY_DOORS,
};

/* Of the daemon. */
struct tally_server {
	uint64_t turns;
	uint64_t sleeps;
	uint64_t connects;
	uint64_t turned_away[TALLY_DOORS];
};

enum tally_refusal tally_refusal(int error);

static inline void tally_ended(struct tally_channel *channel,
			       struct tally_client *client,
			       unsigned int direction,
			       const struct plxdma_result *result)
{
	const unsigned int which = direction & 1;

	if (result->status < TALLY_STATUSES)
		channel->ended[which][result->status]++;
	channel->bytes[which] += result->bytes;
	client->requests++;
	client->bytes += result->bytes;
}

static inline void tally_refused(struct tally_channel *channel,
				 struct tally_client *client, int error)
{
	channel->refused[tally_refusal(error)]++;
	client->refused++;
}

#endif
