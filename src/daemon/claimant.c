/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims by message. Waiting is a ticket: an eventfd that is rung when the
 * waiting is over, and a question that tells how it ended. Who never asks
 * keeps what it got until its connection ends.
 */
#include "claimant.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bell.h"
#include "loop.h"

/* Threads of one client that wait for one card. */
#define TICKETS 64
#define NS_PER_MS UINT64_C(1000000)

struct ticket {
	struct claim_wait wait;		/* first */
	uint32_t number;
	int fd;
	TAILQ_ENTRY(ticket) link;
};

void claimant_program(int32_t pid, char *name, size_t size)
{
	char path[48];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, name, size - 1);
	if (fd >= 0)
		close(fd);
	if (length <= 0)
		length = snprintf(name, size, "?");
	name[length] = 0;
	name[strcspn(name, "\n")] = 0;
	/* A program chooses its own name; terminals will show it. */
	for (; *name; name++) {
		if (!isprint((unsigned char)*name))
			*name = '?';
	}
}

void claimant_init(struct claimant *claimant, struct claims *claims,
		   int32_t pid, uint32_t uid, const char *name)
{
	memset(claimant, 0, sizeof(*claimant));
	claimant->claims = claims;
	claimant->party.pid = pid;
	claimant->party.uid = uid;
	snprintf(claimant->party.name, sizeof(claimant->party.name), "%s",
		 name);
	TAILQ_INIT(&claimant->tickets);
}

static void ticket_free(struct claimant *claimant, struct ticket *ticket)
{
	claims_unwait(claimant->claims, &ticket->wait);
	TAILQ_REMOVE(&claimant->tickets, ticket, link);
	claimant->ticket_count--;
	close(ticket->fd);
	free(ticket);
}

void claimant_leave(struct claimant *claimant)
{
	struct ticket *ticket;

	while ((ticket = TAILQ_FIRST(&claimant->tickets)))
		ticket_free(claimant, ticket);
	claims_leave(claimant->claims, &claimant->party);
}

static void ticket_told(struct claim_wait *wait)
{
	bell_ring(((struct ticket *)wait)->fd, 1);
}

static uint64_t after(uint64_t now, uint64_t length)
{
	return length >= CLAIM_NEVER - now ? CLAIM_NEVER : now + length;
}

static uint64_t lease_of(const struct wire_claim *claim)
{
	if (!claim->lease_ms || claim->lease_ms >= CLAIM_NEVER / NS_PER_MS)
		return CLAIM_NEVER;
	return claim->lease_ms * NS_PER_MS;
}

static int claim_wait(struct claimant *claimant, const struct wire_claim *claim,
		      struct packet *answer, struct error *error)
{
	struct ticket *ticket;

	if (claimant->ticket_count == TICKETS)
		return error_set(error, -EAGAIN, "%d threads of this program "
				 "wait for claims of this card already",
				 TICKETS);
	ticket = calloc(1, sizeof(*ticket));
	if (!ticket)
		return error_set(error, -ENOMEM, "no memory to wait");
	ticket->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ticket->fd < 0) {
		free(ticket);
		return error_set(error, -errno, "can't make an eventfd: %s",
				 strerror(errno));
	}
	ticket->number = ++claimant->last_ticket;
	ticket->wait.party = &claimant->party;
	ticket->wait.what = (enum plxdma_claimed)claim->what;
	ticket->wait.lease_ns = lease_of(claim);
	ticket->wait.deadline = claim->timeout_ns < 0 ? CLAIM_NEVER :
		after(loop_now(), (uint64_t)claim->timeout_ns);
	ticket->wait.told = ticket_told;
	TAILQ_INSERT_TAIL(&claimant->tickets, ticket, link);
	claimant->ticket_count++;
	claims_wait(claimant->claims, &ticket->wait);
	answer->message.ticket.ticket = ticket->number;
	answer->fds[0] = ticket->fd;
	answer->fd_count = 1;
	return 0;
}

static int claim_done(struct claimant *claimant, uint32_t number,
		      struct error *error)
{
	enum plxdma_claimed what;
	struct ticket *ticket;
	int granted, refused;

	for (ticket = TAILQ_FIRST(&claimant->tickets); ticket;
	     ticket = TAILQ_NEXT(ticket, link)) {
		if (ticket->number == number)
			break;
	}
	if (!ticket)
		return error_set(error, -EINVAL, "no such ticket");
	what = ticket->wait.what;
	granted = ticket->wait.state == CLAIM_GRANTED;
	refused = ticket->wait.refused;
	ticket_free(claimant, ticket);
	if (refused && !granted)
		return error_set(error, -EACCES, "policy has changed, and "
				 "refuses this claim; ask whoever keeps claim= "
				 "in plxdmad.conf");
	return granted ? 0 : claims_refuse(claimant->claims, &claimant->party,
					   what, error);
}

static void claim_holder(const struct claimant *claimant,
			 enum plxdma_claimed what, struct plxdma_holder *holder)
{
	const struct claim_hold *hold = claims_holder(claimant->claims, what);
	uint64_t now = loop_now();

	holder->size = sizeof(*holder);
	if (!hold)
		return;
	holder->pid = hold->party->pid;
	holder->uid = hold->party->uid;
	holder->own = hold->party == &claimant->party;
	memcpy(holder->name, hold->party->name, sizeof(holder->name));
	/* 0 stands for no lease: what is all but over is the last of it. */
	if (hold->until != CLAIM_NEVER)
		holder->lease_ms = hold->until <= now ? 1 :
			(hold->until - now) / NS_PER_MS + 1;
}

int claimant_answer(struct claimant *claimant,
		    const struct wire_message *request, struct packet *answer,
		    struct error *error)
{
	const struct wire_claim *claim = &request->claim;
	enum plxdma_claimed what = (enum plxdma_claimed)claim->what;

	switch (request->header.type) {
	case WIRE_CLAIM:
		return claims_take(claimant->claims, &claimant->party, what,
				   lease_of(claim), loop_now(), error);
	case WIRE_CLAIM_WAIT:
		return claim_wait(claimant, claim, answer, error);
	case WIRE_CLAIM_DONE:
		return claim_done(claimant, claim->ticket, error);
	case WIRE_CLAIM_RELEASE:
		return claims_release(claimant->claims, &claimant->party, what,
				      error);
	default:
		claim_holder(claimant, what, &answer->message.holder);
		return 0;
	}
}
