/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tenant as one who claims: who it is, and the tickets of its waiting.
 */
#ifndef DAEMON_CLAIMANT_H
#define DAEMON_CLAIMANT_H

#include "claim.h"
#include "wire/packet.h"

struct ticket;
TAILQ_HEAD(ticket_queue, ticket);

struct claimant {
	struct claim_party party;
	struct claims *claims;		/* its card's */
	struct ticket_queue tickets;
	uint32_t last_ticket;
	unsigned int ticket_count;
};

/* @name: its program's name, made harmless. */
void claimant_init(struct claimant *claimant, struct claims *claims,
		   int32_t pid, uint32_t uid, const char *name);
/* Gives back what it holds and waits for; its transfers have ended. */
void claimant_leave(struct claimant *claimant);
/* Fills the answer to one of the WIRE_CLAIM requests. */
int claimant_answer(struct claimant *claimant,
		    const struct wire_message *request, struct packet *answer,
		    struct error *error);
/* The program that a process runs, as far as that can be known; "?" else. */
void claimant_program(int32_t pid, char *name, size_t size);

#endif
