/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card in the loop's turns: its claims, its channels, and when to look again.
 */
#include "card.h"

#include "tenant.h"
#include "window.h"

void card_end_windows(struct card *card)
{
	struct tenant *tenant;

	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link))
		windows_end(tenant);
}

void card_tell_claims(struct card *card)
{
	struct tenant *tenant;

	if (card->told == card->claims.changes)
		return;
	card->told = card->claims.changes;
	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link)) {
		windows_follow(tenant);
		for (int i = 0; i < PLXDMA_CHANNELS; i++) {
			if (tenant->lanes[i])
				lane_tell_claim(tenant->lanes[i]);
		}
	}
}

/* Nobody has it open, and nothing that somebody left runs on. */
static int card_rests(const struct card *card)
{
	return TAILQ_EMPTY(&card->tenants) &&
	       engine_rests(&card->engines[0]) &&
	       engine_rests(&card->engines[1]);
}

void card_claims_turn(struct card *card, uint64_t now)
{
	if (card_rests(card))
		return;
	claims_turn(&card->claims, now);
	card_tell_claims(card);
}

unsigned int card_turn(struct card *card, uint64_t now)
{
	unsigned int done = 0;

	if (card_rests(card))
		return 0;
	for (int i = 0; i < PLXDMA_CHANNELS; i++)
		done += engine_turn(&card->engines[i], now);
	if (done)
		card_claims_turn(card, now);
	return done;
}

uint64_t card_deadline(const struct card *card, uint64_t now)
{
	uint64_t soonest = claims_deadline(&card->claims), deadline;

	for (int i = 0; i < PLXDMA_CHANNELS; i++) {
		deadline = engine_deadline(&card->engines[i], now);
		if (deadline && deadline < soonest)
			soonest = deadline;
	}
	return soonest;
}

void card_overslept(struct card *card)
{
	engine_overslept(&card->engines[0]);
	engine_overslept(&card->engines[1]);
}

int card_spins(const struct card *card, uint64_t now)
{
	return engine_spins(&card->engines[0], now) ||
	       engine_spins(&card->engines[1], now);
}

/* Whoever has turned it often enough since has done all that turns can. */
#define STALL_NS UINT64_C(5000000000)

int card_stalls(const struct card *card, uint64_t now)
{
	uint64_t deadline;

	for (int i = 0; i < PLXDMA_CHANNELS; i++) {
		deadline = engine_deadline(&card->engines[i], now);
		if (deadline && deadline + STALL_NS < now)
			return 1;
	}
	return 0;
}
