/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests as they ended, with what they waited for. Kept only while somebody
 * looks: the ring is made by the first who asks, and goes when nobody has asked
 * for a while. Until then it costs a comparison a request.
 */
#ifndef DAEMON_PASSAGE_H
#define DAEMON_PASSAGE_H

#include <stdint.h>
#include <stdio.h>

struct client;
struct lane;
struct slot;

#define PASSAGE_RECORDS 4096u

struct passage_record {
	uint64_t number;		/* from 1 on */
	uint64_t entered;		/* CLOCK_MONOTONIC, ns */
	uint64_t started;		/* likewise, 0: it never was */
	uint64_t ended;
	uint64_t bytes;
	int32_t pid;
	uint32_t uid;
	int32_t behind;			/* process, 0: nobody */
	int32_t error;			/* it was refused: negative errno */
	uint8_t card;			/* of the server's */
	uint8_t channel;
	uint8_t direction;
	uint8_t status;			/* enum plxdma_status */
	uint8_t parts;			/* it went in several */
	uint8_t own;			/* others of its own were before it */
};

struct passage {
	struct passage_record *records;	/* NULL: nobody looks */
	uint64_t count;			/* written so far, ever */
	uint64_t until;			/* when nobody looks any more */
};

/* A slot's transfer is accepted: what is before it? */
void passage_enter(struct slot *slot);
/* It starts, or a part of it does. */
void passage_start(struct slot *slot);
/* It ended, as the slot stands. */
void passage_ended(const struct slot *slot, unsigned int status,
		   uint64_t bytes);
/* A request was refused; @slot: NULL, or the one that had been accepted. */
void passage_refused(const struct lane *lane, const struct slot *slot,
		     unsigned int direction, int error);

/* What came after that number, as far as it is kept and the client's to see.
 * 0 or -ENOMEM. */
int passage_tell(struct client *client, uint64_t after, FILE *file);
/* Forgets it all, if it is time; at UINT64_MAX it is. */
void passage_turn(struct passage *passage, uint64_t now);

#endif
