/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card that the daemon holds under a name.
 */
#ifndef DAEMON_CARD_H
#define DAEMON_CARD_H

#include <sys/queue.h>

#include <plxdma/irq.h>

#include "claim.h"
#include "engine.h"
#include "loop.h"
#include "mem/arena.h"
#include "settings.h"
#include "tally.h"

struct tenant;
TAILQ_HEAD(tenant_queue, tenant);

/* What a card makes readable: its channels, its interrupts, its clock. */
struct card_source {
	struct source source;
	struct card *card;
	unsigned int which;
};
#define CARD_SOURCES (PLXDMA_CHANNELS + 4)

struct card {
	char name[SETTINGS_NAME];
	struct dma_card *dma;
	struct transport *transport;
	struct claims claims;
	unsigned int told;		/* claims.changes that rings tell of */
	struct arena_options arena;	/* what clients get by default */
	struct engine engines[PLXDMA_CHANNELS];
	struct tally_channel tallies[PLXDMA_CHANNELS];
	struct tenant_queue tenants;
	struct card_source sources[CARD_SOURCES];
	unsigned int source_count;
	uint64_t kept;			/* bytes kept for ever */
	int stopped;			/* eventfd of the engines' aborts */
};

/* Opens the card and adds what it makes readable to the loop. */
int card_open(const struct card_settings *settings, int loop,
	      struct card **card, struct error *error);
/* All tenants must have left; what they left under way is confirmed over, or
 * the card is left as it is: -EBUSY. */
int card_close(struct card *card, int loop);

/* How much bus time an unclaimed channel is given at once, at most. */
void card_set_quantum(struct card *card, uint64_t quantum_ns);
/* Ends leases, grants claims that are waited for. */
void card_claims_turn(struct card *card, uint64_t now);
/* Takes all windows back: what they showed was reset. */
void card_end_windows(struct card *card);
/* Tells all tenants' rings who may transfer, if that has changed. */
void card_tell_claims(struct card *card);
/* Runs the channels. Returns how many transfers ended or started. */
unsigned int card_turn(struct card *card, uint64_t now);
/* When to look again at the latest, UINT64_MAX: not before something comes. */
uint64_t card_deadline(const struct card *card, uint64_t now);
/* Nothing woke the loop before a deadline. */
void card_overslept(struct card *card);
int card_spins(const struct card *card, uint64_t now);
/* Is something of it long overdue, though it has had its turns? */
int card_stalls(const struct card *card, uint64_t now);

#endif
