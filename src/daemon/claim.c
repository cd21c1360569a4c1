/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds and the one queue of a card. Nobody overtakes an earlier waiter that
 * wants the same, with one exception: whoever holds what that waiter waits for
 * may take more, since else both would wait for each other.
 */
#include "claim.h"

#include <errno.h>
#include <string.h>

void claims_init(struct claims *claims)
{
	memset(claims, 0, sizeof(*claims));
	TAILQ_INIT(&claims->waits);
}

static int covers(enum plxdma_claimed what, unsigned int channel)
{
	return what == PLXDMA_CLAIM_CARD || (unsigned int)what == channel;
}

const struct claim_hold *claims_in_the_way(const struct claims *claims,
					   const struct claim_party *party,
					   enum plxdma_claimed what)
{
	for (unsigned int i = 0; i < CLAIMS; i++) {
		const struct claim_hold *hold = &claims->holds[i];

		if (hold->party && hold->party != party &&
		    claim_conflicts(what, (enum plxdma_claimed)i))
			return hold;
	}
	return NULL;
}

unsigned int claims_foreign(const struct claims *claims,
			    const struct claim_party *party,
			    enum plxdma_claimed what)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (covers(what, i))
			count += claims->under_way[i] - party->under_way[i];
	}
	if (what == PLXDMA_CLAIM_CARD)
		count += claims->changing - party->changing;
	return count;
}

/* Does the waiter wait for something that this party holds, and keeps? */
static int waits_for(const struct claims *claims, const struct claim_wait *wait,
		     const struct claim_party *party)
{
	for (unsigned int i = 0; i < CLAIMS; i++) {
		const struct claim_hold *hold = &claims->holds[i];

		if (hold->party == party && !hold->over &&
		    claim_conflicts(wait->what, (enum plxdma_claimed)i))
			return 1;
	}
	return 0;
}

/* Is there an earlier one, before @end (NULL: anywhere), for the same? */
static int waits_before(const struct claims *claims,
			const struct claim_party *party,
			enum plxdma_claimed what, const struct claim_wait *end)
{
	const struct claim_wait *wait;

	for (wait = TAILQ_FIRST(&claims->waits); wait != end;
	     wait = TAILQ_NEXT(wait, link)) {
		if (wait->party != party && claim_conflicts(wait->what, what) &&
		    !waits_for(claims, wait, party))
			return 1;
	}
	return 0;
}

const struct claim_wait *claims_next(const struct claims *claims,
				     unsigned int channel)
{
	const struct claim_wait *wait;

	for (wait = TAILQ_FIRST(&claims->waits); wait;
	     wait = TAILQ_NEXT(wait, link)) {
		if (covers(wait->what, channel) &&
		    !claims_in_the_way(claims, wait->party, wait->what) &&
		    !waits_before(claims, wait->party, wait->what, wait))
			return wait;
	}
	return NULL;
}

static void hold_set(struct claims *claims, struct claim_party *party,
		     enum plxdma_claimed what, uint64_t lease_ns, uint64_t now)
{
	claims->holds[what] = (struct claim_hold){
		.party = party,
		.until = lease_ns >= CLAIM_NEVER - now ? CLAIM_NEVER :
							 now + lease_ns,
	};
	claims->granted++;
	claims->changes++;
}

static void hold_end(struct claims *claims, enum plxdma_claimed what)
{
	claims->holds[what] = (struct claim_hold){ .party = NULL };
	claims->changes++;
}

/* Nothing of anybody else's is in the way of one who stands before @end. */
static int free_for(const struct claims *claims,
		    const struct claim_party *party, enum plxdma_claimed what,
		    const struct claim_wait *end)
{
	return !claims_in_the_way(claims, party, what) &&
	       !waits_before(claims, party, what, end) &&
	       !claims_foreign(claims, party, what);
}

static int holds(const struct claims *claims, const struct claim_party *party,
		 enum plxdma_claimed what, uint64_t now)
{
	const struct claim_hold *hold = &claims->holds[what];

	return hold->party == party && !hold->over && hold->until > now;
}

int claims_take(struct claims *claims, struct claim_party *party,
		enum plxdma_claimed what, uint64_t lease_ns, uint64_t now,
		struct error *error)
{
	claims_turn(claims, now);
	if (!holds(claims, party, what, now) &&
	    !free_for(claims, party, what, NULL))
		return claims_refuse(claims, party, what, error);
	hold_set(claims, party, what, lease_ns, now);
	return 0;
}

void claims_wait(struct claims *claims, struct claim_wait *wait)
{
	wait->state = CLAIM_WAITS;
	TAILQ_INSERT_TAIL(&claims->waits, wait, link);
	claims->changes++;
}

void claims_unwait(struct claims *claims, struct claim_wait *wait)
{
	if (wait->state != CLAIM_WAITS)
		return;
	TAILQ_REMOVE(&claims->waits, wait, link);
	wait->state = CLAIM_LATE;
	claims->changes++;
}

static int needing(const struct claims *claims, const struct claim_party *party,
		   enum plxdma_claimed what)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		enum plxdma_claimed other = what == PLXDMA_CLAIM_CARD ?
			(enum plxdma_claimed)i : PLXDMA_CLAIM_CARD;

		if (covers(what, i) && party->needing[i] &&
		    claims->holds[other].party != party)
			return 1;
	}
	return 0;
}

int claims_release(struct claims *claims, const struct claim_party *party,
		   enum plxdma_claimed what, struct error *error)
{
	const struct claim_hold *hold = &claims->holds[what];

	if (hold->party != party || hold->over)
		return error_set(error, -EINVAL, "this claim is not held: it "
				 "was released, or its lease is over");
	if (needing(claims, party, what))
		return error_set(error, -EBUSY, "transfers that need this "
				 "claim are under way: wait for them, or "
				 "cancel them");
	hold_end(claims, what);
	return 0;
}

void claims_leave(struct claims *claims, const struct claim_party *party)
{
	struct claim_wait *wait, *next;

	for (unsigned int i = 0; i < CLAIMS; i++) {
		if (claims->holds[i].party == party)
			hold_end(claims, (enum plxdma_claimed)i);
	}
	for (wait = TAILQ_FIRST(&claims->waits); wait; wait = next) {
		next = TAILQ_NEXT(wait, link);
		if (wait->party == party)
			claims_unwait(claims, wait);
	}
}

void claims_revoke(struct claims *claims, const struct claim_party *party,
		   enum plxdma_claimed what)
{
	struct claim_hold *hold = &claims->holds[what];
	struct claim_wait *wait;

	if (hold->party == party && !hold->over)
		hold->until = 0;
	for (wait = TAILQ_FIRST(&claims->waits); wait;
	     wait = TAILQ_NEXT(wait, link)) {
		if (wait->party == party && wait->what == what) {
			wait->deadline = 0;
			wait->refused = 1;
		}
	}
}

static void leases_turn(struct claims *claims, uint64_t now)
{
	for (unsigned int i = 0; i < CLAIMS; i++) {
		struct claim_hold *hold = &claims->holds[i];
		unsigned int own = 0;

		if (!hold->party || hold->until > now)
			continue;
		if (!hold->over)
			claims->changes++;
		hold->over = 1;
		for (unsigned int k = 0; k < PLXDMA_CHANNELS; k++) {
			if (covers((enum plxdma_claimed)i, k))
				own += hold->party->under_way[k];
		}
		if (!own)
			hold_end(claims, (enum plxdma_claimed)i);
	}
}

static void wait_end(struct claims *claims, struct claim_wait *wait,
		     enum claim_state state)
{
	claims_unwait(claims, wait);
	wait->state = state;
	wait->told(wait);
}

void claims_turn(struct claims *claims, uint64_t now)
{
	struct claim_wait *wait, *next;

	leases_turn(claims, now);
	for (wait = TAILQ_FIRST(&claims->waits); wait; wait = next) {
		next = TAILQ_NEXT(wait, link);
		if (!wait->refused &&
		    (holds(claims, wait->party, wait->what, now) ||
		     free_for(claims, wait->party, wait->what, wait))) {
			hold_set(claims, wait->party, wait->what,
				 wait->lease_ns, now);
			wait_end(claims, wait, CLAIM_GRANTED);
		} else if (wait->deadline <= now) {
			wait_end(claims, wait, CLAIM_LATE);
		}
	}
}

uint64_t claims_deadline(const struct claims *claims)
{
	uint64_t soonest = UINT64_MAX;
	const struct claim_wait *wait;

	for (unsigned int i = 0; i < CLAIMS; i++) {
		const struct claim_hold *hold = &claims->holds[i];

		if (hold->party && !hold->over && hold->until < soonest)
			soonest = hold->until;
	}
	for (wait = TAILQ_FIRST(&claims->waits); wait;
	     wait = TAILQ_NEXT(wait, link)) {
		if (wait->deadline < soonest)
			soonest = wait->deadline;
	}
	return soonest;
}

const struct claim_hold *claims_holder(const struct claims *claims,
				       enum plxdma_claimed what)
{
	const struct claim_hold *hold = &claims->holds[PLXDMA_CLAIM_CARD];

	if (!hold->party)
		hold = &claims->holds[what];
	return hold->party ? hold : NULL;
}

void claims_started(struct claims *claims, struct claim_party *party,
		    unsigned int channel, int needs)
{
	claims->under_way[channel]++;
	party->under_way[channel]++;
	party->needing[channel] += needs != 0;
}

void claims_ended(struct claims *claims, struct claim_party *party,
		  unsigned int channel, int needed)
{
	claims->under_way[channel]--;
	party->under_way[channel]--;
	party->needing[channel] -= needed != 0;
}

void claims_changing(struct claims *claims, struct claim_party *party)
{
	claims->changing++;
	party->changing++;
}

void claims_changed(struct claims *claims, struct claim_party *party)
{
	claims->changing--;
	party->changing--;
}
