/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What cards that are opened beside each other share: a connection and the
 * memory that the daemon lends over it. Lives until the last of them closes.
 *
 * In the hot path nothing here is touched but the memory's base and tag, which
 * don't change once they are published: threads with a card each don't meet.
 */
#ifndef CLIENT_SHARE_H
#define CLIENT_SHARE_H

#include "api/front.h"
#include "client/connection.h"

struct client_share {
	struct connection connection;
	struct front_spec spec;		/* the first card's, for the memory */
	pthread_mutex_t lock;		/* of what follows */
	unsigned int cards;
	int made;			/* memory */
	struct front_memory memory;
};

/* @path: the daemon's socket, NULL for the default. One card has it. */
int share_new(const char *path, const struct front_spec *spec,
	      struct client_share **share, struct error *error);
void share_join(struct client_share *share);
/* Returns how many have it yet; with the last it is gone. */
unsigned int share_leave(struct client_share *share);
/* The memory, asked for with the first call in the name of that card. */
int share_memory(struct client_share *share, uint32_t card,
		 struct front_memory **memory, struct error *error);

#endif
