/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena with its heap, shared by the cards of a crate.
 *
 * Every direct card has one, most of them for themselves alone.  It counts the
 * cards; each of them attaches it to itself when it first needs it, so that a
 * card that can't (out of service) spoils nobody else's memory.
 */
#ifndef DMA_FRONT_SHARED_H
#define DMA_FRONT_SHARED_H

#include <pthread.h>

#include "api/front.h"

struct arena;
struct direct_card;

struct direct_shared {
	pthread_mutex_t lock; /* all of this, and each card's map */
	struct front_memory memory;
	struct arena *arena;	   /* NULL until the first use */
	struct direct_card *cards; /* by next_beside */
};

/* A card's own: nobody shares it yet. */
int shared_new(struct direct_card *card, struct error *error);
/* Puts a card beside those that share already.  -EINVAL with a text for a spec
 * that can't. */
int shared_join(struct direct_card *card, struct direct_card *beside,
		struct error *error);
/* Frees it with the last card; @card has let go of its map. */
void shared_leave(struct direct_card *card);

/* With the lock held: arena and heap, as the spec of the card that was opened
 * first says, on @card's node if it says none. */
int shared_make(struct direct_shared *shared, const struct direct_card *card,
		struct error *error);
/* The same, of memory of the card's transport that lies below 4 GiB.
 * -EOPNOTSUPP: it has none. */
int shared_make_below(struct direct_shared *shared,
		      const struct direct_card *card, struct error *error);
void shared_unmake(struct direct_shared *shared);
/* With the lock held: from now on every card has its memory. */
void shared_publish(struct direct_shared *shared);

#endif
