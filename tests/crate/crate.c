/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See crate.h. */
#include "crate.h"

#include <stdio.h>
#include <string.h>

#define WORDS (CRATE_BLOCK / sizeof(uint32_t))
#define SPEC "model:bus=crate"
#define ARENA "arena=8M"

static void daemon_start(struct crate *crate)
{
	char cards[CRATE_CARDS][48];
	const char *more[2 * CRATE_CARDS + 1];
	unsigned int i, count = 0;

	/* The fixture brings the card "a". */
	for (i = 1; i < CRATE_CARDS; i++) {
		snprintf(cards[i], sizeof(cards[i]), "%c=" SPEC, 'a' + i);
		more[count++] = "--card";
		more[count++] = cards[i];
	}
	more[count] = NULL;
	ck_assert_int_eq(fixture_start(&crate->fixture, NULL, SPEC, more), 0);
}

static void spec_of(const struct crate *crate, unsigned int card, char *spec,
		    size_t room)
{
	const char *memory = card ? "" : "," ARENA;

	if (crate->daemon)
		snprintf(spec, room, "daemon:%c%s", 'a' + card, memory);
	else
		snprintf(spec, room, SPEC "%s", memory);
}

void crate_open(struct crate *crate, enum crate_door door)
{
	char spec[64];
	unsigned int i;
	int result;

	memset(crate, 0, sizeof(*crate));
	crate->daemon = door == CRATE_DAEMON;
	if (crate->daemon)
		daemon_start(crate);
	for (i = 0; i < CRATE_CARDS; i++) {
		spec_of(crate, i, spec, sizeof(spec));
		result = i ? plxdma_open_beside(spec, crate->cards[0],
						&crate->cards[i])
			   : plxdma_open(spec, &crate->cards[i]);
		ck_assert_msg(!result, "%s: %s", spec, plxdma_error(NULL));
	}
}

void crate_close_card(struct crate *crate, unsigned int card)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	ck_assert_int_eq(plxdma_card_counters(crate->cards[card], &counters),
			 0);
	ck_assert_uint_eq(counters.violations, 0);
	plxdma_close(crate->cards[card]);
	crate->cards[card] = NULL;
}

void crate_close(struct crate *crate)
{
	unsigned int i;

	for (i = 0; i < CRATE_CARDS; i++)
		if (crate->cards[i])
			crate_close_card(crate, i);
	if (crate->daemon)
		ck_assert_int_eq(fixture_stop(&crate->fixture), 0);
}

void block_new(struct plxdma_card *card, enum plxdma_direction direction,
	       uint32_t local, struct block *block)
{
	memset(block, 0, sizeof(*block));
	block->request.size = sizeof(block->request);
	block->request.direction = direction;
	block->request.local = local;
	block->request.length = CRATE_BLOCK;
	block->host = plxdma_alloc_coherent(card, CRATE_BLOCK,
					    &block->request.handle);
	ck_assert_msg(block->host != NULL, "%s", plxdma_error(card));
}

void block_free(struct plxdma_card *card, struct block *block)
{
	plxdma_free_coherent(card, CRATE_BLOCK, block->host,
			     block->request.handle);
}

void block_fill(struct block *block, uint32_t nonce)
{
	for (uint32_t i = 0; i < WORDS; i++)
		block->host[i] = nonce * 2654435761u + i;
}

unsigned int block_wrong(const struct block *block, uint32_t nonce)
{
	unsigned int wrong = 0;

	for (uint32_t i = 0; i < WORDS; i++)
		wrong += block->host[i] != nonce * 2654435761u + i;
	return wrong;
}

int block_there_and_back(struct plxdma_channel *channel, struct block *there,
			 struct block *back, uint32_t nonce)
{
	int result;

	block_fill(there, nonce);
	block_fill(back, ~nonce);
	result = plxdma_transfer_once(channel, &there->request,
				      10 * CRATE_SECOND, NULL);
	if (!result)
		result = plxdma_transfer_once(channel, &back->request,
					      10 * CRATE_SECOND, NULL);
	return result ? result : (int)block_wrong(back, nonce);
}
