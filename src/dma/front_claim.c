/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims on a card that this process drives itself.
 *
 * Nobody else can have it, so a claim always succeeds.  It is kept all the
 * same, lease and all, so that a program which runs here behaves alike
 * through the daemon.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "dma/card.h"
#include "dma/front.h"

#define MS UINT64_C(1000000)

static const char *const claimed_names[] = {
	[PLXDMA_CLAIM_CHANNEL0] = "channel 0",
	[PLXDMA_CLAIM_CHANNEL1] = "channel 1",
	[PLXDMA_CLAIM_CARD] = "the card",
};

static uint64_t lease_end(uint64_t now, uint64_t lease_ms)
{
	if (!lease_ms || lease_ms > (UINT64_MAX - now) / MS)
		return UINT64_MAX;
	return now + lease_ms * MS;
}

static int claim_held(const struct direct_claim *claim, uint64_t now)
{
	return claim->end > now;
}

int direct_claim(struct plxdma_card *public, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns, struct error *error)
{
	struct direct_card *card = direct_card_of(public);

	(void)timeout_ns;
	(void)error;
	pthread_mutex_lock(&card->lock);
	card->claims[what].end = lease_end(clock_ns(), lease_ms);
	pthread_mutex_unlock(&card->lock);
	return 0;
}

int direct_claim_release(struct plxdma_card *public, enum plxdma_claimed what,
			 struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int held;

	pthread_mutex_lock(&card->lock);
	held = claim_held(&card->claims[what], clock_ns());
	card->claims[what].end = 0;
	pthread_mutex_unlock(&card->lock);
	if (held)
		return 0;
	return error_set(error, -EINVAL,
			 "%s: %s isn't claimed: it never was, or the lease is "
			 "over",
			 card->name, claimed_names[what]);
}

/* A channel's holder is the card's where that is claimed. */
static uint64_t claim_end(const struct direct_card *card,
			  enum plxdma_claimed what, uint64_t now)
{
	if (claim_held(&card->claims[PLXDMA_CLAIM_CARD], now))
		what = PLXDMA_CLAIM_CARD;
	return card->claims[what].end;
}

int direct_claim_holder(struct plxdma_card *public, enum plxdma_claimed what,
			struct plxdma_holder *holder, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	uint64_t now, end;

	(void)error;
	*holder = (struct plxdma_holder){ .size = sizeof(*holder) };
	pthread_mutex_lock(&card->lock);
	now = clock_ns();
	end = claim_end(card, what, now);
	pthread_mutex_unlock(&card->lock);
	if (end <= now)
		return 0;
	holder->pid = (int32_t)getpid();
	holder->uid = (uint32_t)getuid();
	holder->own = 1;
	if (end != UINT64_MAX)
		holder->lease_ms = (end - now + MS - 1) / MS;
	snprintf(holder->name, sizeof(holder->name), "%s",
		 program_invocation_short_name);
	return 0;
}
