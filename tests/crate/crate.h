/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Thirteen software cards on one bus that share one arena, opened by this
 * process or held by a plxdmad of its own.
 *
 * Whatever goes wrong here ends the test that called.
 */
#ifndef CRATE_H
#define CRATE_H

#include <check.h>

#include <plxdma/plxdma.h>

#include "tests/daemon/fixture.h"

#define CRATE_CARDS 13
#define CRATE_BLOCK 4096u
#define CRATE_SRAM 0x20000000u
#define CRATE_SECOND INT64_C(1000000000)

struct crate {
	struct plxdma_card *cards[CRATE_CARDS];
	int daemon;
	struct fixture fixture;
};

/* Ways into a crate; tests loop over them. */
enum crate_door { CRATE_DIRECT, CRATE_DAEMON, CRATE_DOORS };

void crate_open(struct crate *crate, enum crate_door door);
/* Closes what is open still; fails if a card counted a violation. */
void crate_close(struct crate *crate);
/* Closes one; no violation was counted. */
void crate_close_card(struct crate *crate, unsigned int card);

/* A block for @card: memory, its handle and a prepared request. */
struct block {
	uint32_t *host;
	struct plxdma_request request;
};
void block_new(struct plxdma_card *card, enum plxdma_direction direction,
	       uint32_t local, struct block *block);
void block_free(struct plxdma_card *card, struct block *block);
/* Words that say whose they are. */
void block_fill(struct block *block, uint32_t nonce);
/* How many words are wrong. */
unsigned int block_wrong(const struct block *block, uint32_t nonce);

/* To the card and back; how many words came back wrong, or a negative errno. */
int block_there_and_back(struct plxdma_channel *channel, struct block *there,
			 struct block *back, uint32_t nonce);

#endif
