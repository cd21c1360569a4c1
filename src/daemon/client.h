/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection: who it is, its arena, and the cards that it uses.
 */
#ifndef DAEMON_CLIENT_H
#define DAEMON_CLIENT_H

#include <sys/queue.h>
#include <sys/types.h>

#include "loop.h"
#include "peer.h"
#include "mem/arena.h"
#include "settings.h"
#include "tally.h"
#include "tenant.h"
#include "user.h"
#include "wire/packet.h"

struct server;

struct client {
	struct source source;		/* its socket, in the event loop */
	struct server *server;
	struct peer peer;
	struct user *user;		/* of all its connections */
	char name[PLXDMA_NAME];		/* its program's */
	int greeted;
	int readable;			/* served in the next turn */
	int dead;			/* freed when its transfers are over */
	int left;			/* and it isn't listened to */
	int postponed;			/* a request goes on in a later turn */
	struct packet request;		/* that one */
	int request_size;
	int holed;			/* punched holes: takes no transfers */
	uint64_t pieces;		/* of its prepared transfers */
	struct tally_client tally;
	struct arena *arena;
	struct tenant *kept;		/* for ever: a card may write there */
	struct tenant *tenants[SETTINGS_CARDS];	/* NULL where none is open */
	TAILQ_ENTRY(client) link;
};
TAILQ_HEAD(client_queue, client);

/* Owns the socket, and takes the peer over; NULL without memory: neither. */
struct client *client_new(struct server *server, int fd,
			  const struct peer *peer);
/* It is dead: nothing more is taken from it, and what is under way is being
 * stopped. -EINPROGRESS: call again in a later turn, then client_free(). */
int client_leave(struct client *client);
/* Stops, confirms, empties, frees; see client.c for the order. */
void client_free(struct client *client);

/* A card by name; opened twice it is two tenants. */
int client_open_card(struct client *client, const char *name,
		     struct tenant **tenant, struct error *error);
/* 0 or -EINPROGRESS, before client_close_card(). */
int client_stop_card(struct tenant *tenant);
/* Stops, confirms, lets go of one card. */
void client_close_card(struct client *client, struct tenant *tenant);
/* Who observes a stream sees all of its owner's memory, so that memory is of
 * one card: -EBUSY if another than this one is open. */
int client_one_card(const struct client *client, const struct card *card,
		    struct error *error);
/* The arena, made at the first call. */
int client_arena(struct client *client, const struct wire_arena *wanted,
		 struct error *error);
/* A descriptor of the caller's for a part of one that is no file. */
int client_arena_part(struct client *client, unsigned int part, int *fd,
		      struct error *error);
int client_open_channel(struct client *client, struct tenant *tenant,
			unsigned int index, struct error *error);
int client_close_channel(struct client *client, struct tenant *tenant,
			 unsigned int index, struct error *error);
/* The way to the registers of a card, made at the first call. */
int client_open_batches(struct client *client, struct tenant *tenant,
			struct error *error);
/* A transfer of its ended as a target abort: are there holes? */
void client_look_for_holes(struct client *client);

#endif
