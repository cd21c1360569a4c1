/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may do what, as it follows from the claims; and what those are told who
 * may not.
 */
#include "claim.h"

#include <errno.h>

static const char *const names[CLAIMS] = {
	[PLXDMA_CLAIM_CHANNEL0] = "channel 0",
	[PLXDMA_CLAIM_CHANNEL1] = "channel 1",
	[PLXDMA_CLAIM_CARD] = "the card",
};

static int held(const struct claims *claims, const struct claim_hold *hold,
		struct error *error)
{
	const struct claim_party *holder = hold->party;

	return error_set(error, -EBUSY, "%s is claimed by process %d (%s): "
			 "wait for it with plxdma_claim() and a timeout",
			 names[hold - claims->holds], (int)holder->pid,
			 holder->name);
}

static int awaited(const struct claim_wait *wait, const char *why,
		   struct error *error)
{
	return error_set(error, -EBUSY, "%s is being claimed by process %d "
			 "(%s), %s: wait for it with plxdma_claim() and a "
			 "timeout", names[wait->what], (int)wait->party->pid,
			 wait->party->name, why);
}

static const struct claim_wait *first_other(const struct claims *claims,
					    const struct claim_party *party,
					    enum plxdma_claimed what)
{
	const struct claim_wait *wait;

	for (wait = TAILQ_FIRST(&claims->waits); wait;
	     wait = TAILQ_NEXT(wait, link)) {
		if (wait->party != party && claim_conflicts(wait->what, what))
			return wait;
	}
	return NULL;
}

int claims_refuse(const struct claims *claims, const struct claim_party *party,
		  enum plxdma_claimed what, struct error *error)
{
	const struct claim_hold *hold = claims_in_the_way(claims, party, what);
	const struct claim_wait *wait = first_other(claims, party, what);

	if (hold)
		return held(claims, hold, error);
	if (wait)
		return awaited(wait, "which came first", error);
	return error_set(error, -EBUSY, "transfers of others run on %s: wait "
			 "for their end, with a timeout", names[what]);
}

static int in_force(const struct claim_hold *hold,
		    const struct claim_party *party, uint64_t now)
{
	return hold->party == party && !hold->over && hold->until > now;
}

/* Is the party's own lease over, and its last transfer still running? */
static int lapsed(const struct claims *claims, const struct claim_party *party,
		  unsigned int channel, uint64_t now)
{
	const struct claim_hold *card = &claims->holds[PLXDMA_CLAIM_CARD];
	const struct claim_hold *hold = card->party ? card :
					&claims->holds[channel];

	return hold->party == party && !in_force(hold, party, now);
}

static int owns(const struct claims *claims, const struct claim_party *party,
		unsigned int channel, uint64_t now)
{
	return in_force(&claims->holds[PLXDMA_CLAIM_CARD], party, now) ||
	       in_force(&claims->holds[channel], party, now);
}

static int unclaimed(unsigned int channel, struct error *error)
{
	return error_set(error, -EPERM, "constant local address, demand mode, "
			 "EOT# and recipes need a claim, since a FIFO that two "
			 "read from is lost data: call plxdma_claim() for "
			 "channel %u or for the card first", channel);
}

int claims_permit_prepare(const struct claims *claims,
			  const struct claim_party *party,
			  unsigned int channel, int needs, struct error *error)
{
	if (!needs || owns(claims, party, channel, 0))
		return 0;
	return unclaimed(channel, error);
}

int claims_permit_transfer(const struct claims *claims,
			   const struct claim_party *party,
			   unsigned int channel, int needs, uint64_t now,
			   struct error *error)
{
	const struct claim_hold *hold;
	const struct claim_wait *wait;

	if (owns(claims, party, channel, now))
		return 0;
	hold = claims_in_the_way(claims, party,
				 (enum plxdma_claimed)channel);
	if (hold)
		return held(claims, hold, error);
	if (lapsed(claims, party, channel, now))
		return error_set(error, -EPERM, "the lease of your claim is "
				 "over: call plxdma_claim() again");
	wait = claims_next(claims, channel);
	if (wait && wait->party != party)
		return awaited(wait, "which waits for transfers to end", error);
	return needs ? unclaimed(channel, error) : 0;
}

int claims_permit_change(const struct claims *claims,
			 const struct claim_party *party, struct error *error)
{
	const struct claim_hold *card = &claims->holds[PLXDMA_CLAIM_CARD];

	if (!card->party || card->party == party)
		return 0;
	return held(claims, card, error);
}

int claims_permit_reset(const struct claims *claims,
			const struct claim_party *party, struct error *error)
{
	const struct claim_hold *hold =
		claims_in_the_way(claims, party, PLXDMA_CLAIM_CARD);

	return hold ? held(claims, hold, error) : 0;
}

int claims_owns_card(const struct claims *claims,
		     const struct claim_party *party)
{
	return in_force(&claims->holds[PLXDMA_CLAIM_CARD], party, 0);
}
