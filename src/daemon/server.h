/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon: cards, clients, and one loop over all of them.
 */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include "card.h"
#include "client.h"
#include "loop.h"
#include "settings.h"
#include "passage.h"

TAILQ_HEAD(lanes, lane);

struct server {
	const struct settings *settings;
	struct settings *reloaded;	/* the same, if it is the server's */
	/* Reads the configuration again, and tells what is wrong; NULL: there
	 * is none. */
	int (*load)(const void *context, struct settings *settings);
	const void *load_context;
	int reload;			/* SIGHUP came */
	int loop;
	uint64_t now;			/* of the turn */
	uint64_t since;			/* when it was opened */
	uint64_t alive_every;		/* ns, 0: nobody wants to know */
	uint64_t alive_told;
	gid_t hardware_group;		/* plxdma-hw, -1: there is none */
	struct tally_server tally;
	struct passage passage;
	struct source listener;
	int door_passed;		/* it is the service manager's */
	int spare;			/* descriptor, for when all are used */
	struct source stopper;		/* signalfd */
	int stop;
	struct card *cards[SETTINGS_CARDS];
	unsigned int card_count;
	struct client_queue clients;
	unsigned int client_count;
	unsigned int unfinished;	/* that an abort is waited for */
	struct users users;
	struct lanes lanes;
	struct batchers batchers;
	struct client_queue kept;	/* whose memory may still be written */
};

/* Opens the cards, then the socket. */
int server_open(struct server *server, const struct settings *settings,
		struct error *error);
/* Until SIGTERM or SIGINT; reads the configuration again on SIGHUP. */
void server_run(struct server *server);
/* Stops and frees everything. -EBUSY if a card could not be stopped. */
int server_close(struct server *server);

/* By name, by #INDEX in the order of the settings, or by where it sits. */
struct card *server_card(const struct server *server, const char *name);
/* Stops and frees it. */
void server_remove_client(struct server *server, struct client *client);
/* A lane takes part in turns, or no more. */
int server_add_lane(struct server *server, struct lane *lane);
void server_remove_lane(struct server *server, struct lane *lane);
int server_add_batcher(struct server *server, struct batcher *batcher);
void server_remove_batcher(struct server *server, struct batcher *batcher);

#endif
