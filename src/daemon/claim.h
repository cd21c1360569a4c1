/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who holds a card or a channel, who waits for it, and what follows from that
 * for everybody else. Pure: it knows no clock, no socket, no card.
 *
 * A hold ends by release, by its party's leaving, or by its lease. A lease that
 * is over ends the claim at once for its holder, who may start nothing more;
 * for all others it ends when the holder's transfers have.
 */
#ifndef DAEMON_CLAIM_H
#define DAEMON_CLAIM_H

#include <stdint.h>
#include <sys/queue.h>

#include <plxdma/claim.h>

#include "error/error.h"

#define CLAIMS 3		/* enum plxdma_claimed */
#define CLAIM_NEVER UINT64_MAX	/* a lease or a patience without end */

/* One user of one card; part of whoever that is. */
struct claim_party {
	int32_t pid;
	uint32_t uid;
	char name[PLXDMA_NAME];
	unsigned int under_way[PLXDMA_CHANNELS];
	unsigned int needing[PLXDMA_CHANNELS];	/* those that need a claim */
	unsigned int changing;		/* batches that write, begun */
};

struct claim_hold {
	struct claim_party *party;	/* NULL: free */
	uint64_t until;			/* CLOCK_MONOTONIC, ns */
	int over;			/* only its transfers keep it */
};

enum claim_state {
	CLAIM_WAITS,
	CLAIM_GRANTED,
	CLAIM_LATE,			/* its patience is over */
};

/* One who waits; part of whoever that is. */
struct claim_wait {
	struct claim_party *party;
	enum plxdma_claimed what;
	uint64_t lease_ns;		/* from the grant on */
	uint64_t deadline;
	enum claim_state state;
	int refused;			/* revoked while it waited */
	/* It waits no more. */
	void (*told)(struct claim_wait *wait);
	TAILQ_ENTRY(claim_wait) link;
};
TAILQ_HEAD(claim_queue, claim_wait);

struct claims {
	struct claim_hold holds[CLAIMS];
	struct claim_queue waits;	/* who came first is first */
	unsigned int under_way[PLXDMA_CHANNELS];
	unsigned int changing;
	unsigned int changes;		/* counts whatever happens here */
	uint64_t granted;		/* claims, and renewals */
};

void claims_init(struct claims *claims);
/* Takes or renews it. 0, or -EBUSY with a text that says who is in the way. */
int claims_take(struct claims *claims, struct claim_party *party,
		enum plxdma_claimed what, uint64_t lease_ns, uint64_t now,
		struct error *error);
/* Waits for it: party, what, lease, deadline and told are filled in. The turn
 * that follows may grant it. */
void claims_wait(struct claims *claims, struct claim_wait *wait);
/* Waits no more, if it still does. */
void claims_unwait(struct claims *claims, struct claim_wait *wait);
/* 0; -EINVAL if it isn't held; -EBUSY while transfers that need it run. */
int claims_release(struct claims *claims, const struct claim_party *party,
		   enum plxdma_claimed what, struct error *error);
/* Whatever the party holds or waits for. Its transfers have ended. */
void claims_leave(struct claims *claims, const struct claim_party *party);
/* The party may hold or wait for this no longer: its lease is over now. */
void claims_revoke(struct claims *claims, const struct claim_party *party,
		   enum plxdma_claimed what);
/* Ends leases, tells who is late, grants what can be granted. */
void claims_turn(struct claims *claims, uint64_t now);
/* When the next of these is due by the clock, UINT64_MAX: never. */
uint64_t claims_deadline(const struct claims *claims);
/* A channel's holder is the card's where that is claimed. NULL: nobody. */
const struct claim_hold *claims_holder(const struct claims *claims,
				       enum plxdma_claimed what);

/* A transfer was accepted, or has ended. */
void claims_started(struct claims *claims, struct claim_party *party,
		    unsigned int channel, int needs);
void claims_ended(struct claims *claims, struct claim_party *party,
		  unsigned int channel, int needed);
/* Steps that write registers have begun and aren't done yet, or are. */
void claims_changing(struct claims *claims, struct claim_party *party);
void claims_changed(struct claims *claims, struct claim_party *party);

/* What follows (permit.c). Each is 0, or a refusal with a text that names who
 * is in the way (-EBUSY) or what to call (-EPERM). */

/* @needs: may the transfer run only under a claim? */
int claims_permit_transfer(const struct claims *claims,
			   const struct claim_party *party,
			   unsigned int channel, int needs, uint64_t now,
			   struct error *error);
/* Building one, which starts nothing. */
int claims_permit_prepare(const struct claims *claims,
			  const struct claim_party *party,
			  unsigned int channel, int needs, struct error *error);
/* Whatever changes the card: registers, doorbells, interrupts, tuning. */
int claims_permit_change(const struct claims *claims,
			 const struct claim_party *party, struct error *error);
/* What is destroyed for all channels. */
int claims_permit_reset(const struct claims *claims,
			const struct claim_party *party, struct error *error);
/* Does the party hold the card? */
int claims_owns_card(const struct claims *claims,
		     const struct claim_party *party);
/* Refuses with who is in the way of claiming it. */
int claims_refuse(const struct claims *claims, const struct claim_party *party,
		  enum plxdma_claimed what, struct error *error);

/* For claim.c and permit.c: does one's claim of this keep others from that? */
static inline int claim_conflicts(enum plxdma_claimed a, enum plxdma_claimed b)
{
	return a == b || a == PLXDMA_CLAIM_CARD || b == PLXDMA_CLAIM_CARD;
}
/* The first who waits for the channel and waits for nothing but transfers. */
const struct claim_wait *claims_next(const struct claims *claims,
				     unsigned int channel);
/* Somebody else who holds something in the way of it. */
const struct claim_hold *claims_in_the_way(const struct claims *claims,
					   const struct claim_party *party,
					   enum plxdma_claimed what);
/* Transfers of others on what is to be claimed, and their batches. */
unsigned int claims_foreign(const struct claims *claims,
			    const struct claim_party *party,
			    enum plxdma_claimed what);

#endif
