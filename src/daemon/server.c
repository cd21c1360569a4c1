/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One thread, one loop. While there is work it looks at the rings and the
 * channels in turns; after a while without any it says in every ring that it
 * sleeps, looks once more, and sleeps on what can wake it. The while is short, and
 * none after a long sleep. A sleep is bounded: interrupts and wake-ups may get
 * lost.
 */
#include "server.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "bell.h"
#include "control.h"
#include "log.h"
#include "reload.h"
#include "rest.h"
#include "service.h"

/* How often sockets are looked at while rings keep this side busy: a look costs
 * as much as forty register accesses, and what comes by sockets can wait. */
#define SOCKETS_NS UINT64_C(50000)

static struct card *card_by_index(const struct server *server,
				  const char *text)
{
	unsigned long index;
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	index = strtoul(text, &end, 10);
	return *end || index >= server->card_count ? NULL :
						     server->cards[index];
}

struct card *server_card(const struct server *server, const char *name)
{
	struct plxdma_card_info info = { .size = sizeof(info) };

	if (*name == '#')
		return card_by_index(server, name + 1);
	for (unsigned int i = 0; i < server->card_count; i++) {
		if (!strcmp(server->cards[i]->name, name))
			return server->cards[i];
	}
	for (unsigned int i = 0; *name && i < server->card_count; i++) {
		dma_card_info(server->cards[i]->dma, &info);
		if (!strcmp(info.pci, name))
			return server->cards[i];
	}
	return NULL;
}

static void on_wake(struct source *source)
{
	/* The turn that follows looks at the ring. */
	bell_hear(source->fd);
}

int server_add_lane(struct server *server, struct lane *lane)
{
	int err;

	lane->wake.fd = lane->wakes_daemon;
	lane->wake.ready = on_wake;
	err = loop_add(server->loop, &lane->wake);
	if (!err)
		TAILQ_INSERT_TAIL(&server->lanes, lane, all);
	return err;
}

void server_remove_lane(struct server *server, struct lane *lane)
{
	loop_remove(server->loop, &lane->wake);
	TAILQ_REMOVE(&server->lanes, lane, all);
}

int server_add_batcher(struct server *server, struct batcher *batcher)
{
	int err;

	batcher->wake.fd = batcher->wakes_daemon;
	batcher->wake.ready = on_wake;
	err = loop_add(server->loop, &batcher->wake);
	if (!err)
		TAILQ_INSERT_TAIL(&server->batchers, batcher, all);
	return err;
}

void server_remove_batcher(struct server *server, struct batcher *batcher)
{
	loop_remove(server->loop, &batcher->wake);
	TAILQ_REMOVE(&server->batchers, batcher, all);
}

void server_remove_client(struct server *server, struct client *client)
{
	TAILQ_REMOVE(&server->clients, client, link);
	server->client_count--;
	client_free(client);
}

/* Requests that came, and connections that went. */
static void clients_turn(struct server *server)
{
	struct client *client, *next;

	server->unfinished = 0;
	for (client = TAILQ_FIRST(&server->clients); client; client = next) {
		next = TAILQ_NEXT(client, link);
		if (!client->dead && (client->readable || client->postponed)) {
			client->readable = 0;
			control_serve(client);
		}
		if (client->dead && !client_leave(client)) {
			server_remove_client(server, client);
			continue;
		}
		server->unfinished += client->dead || client->postponed;
	}
}

static int lanes_turn(struct server *server)
{
	struct lane *lane;
	int result, done = 0;

	for (lane = TAILQ_FIRST(&server->lanes); lane;
	     lane = TAILQ_NEXT(lane, all)) {
		if (lane->tenant->client->dead)
			continue;
		result = lane_turn(lane);
		if (result >= 0) {
			done |= result;
			continue;
		}
		log_warning("ring-nonsense", "client %d: its ring makes no "
			    "sense, connection ended",
			    (int)lane->tenant->client->peer.pid);
		lane->tenant->client->dead = 1;
		done = 1;
	}
	return done;
}

static int batchers_do(struct server *server, uint64_t now,
		       int (*what)(struct batcher *batcher, uint64_t now))
{
	struct batcher *batcher;
	int done = 0;

	for (batcher = TAILQ_FIRST(&server->batchers); batcher;
	     batcher = TAILQ_NEXT(batcher, all))
		done |= what(batcher, now);
	return done;
}

/* One turn over everything. Was there anything to do? */
static int turn(struct server *server, uint64_t now)
{
	struct lane *lane;
	int done;

	server->now = now;
	server->tally.turns++;
	for (unsigned int i = 0; i < server->card_count; i++)
		card_claims_turn(server->cards[i], now);
	done = batchers_do(server, now, batcher_take);
	done |= lanes_turn(server);
	for (unsigned int i = 0; i < server->card_count; i++)
		done |= card_turn(server->cards[i], now) != 0;
	done |= batchers_do(server, now, batcher_turn);
	for (lane = TAILQ_FIRST(&server->lanes); lane;
	     lane = TAILQ_NEXT(lane, all))
		lane_wake(lane);
	return done;
}

static int spins(const struct server *server, uint64_t now)
{
	for (unsigned int i = 0; i < server->card_count; i++) {
		if (card_spins(server->cards[i], now))
			return 1;
	}
	return 0;
}

/* To the watchdog, by a loop that has been round, while no card stands still
 * that is due. */
static void alive_tell(struct server *server, uint64_t now)
{
	if (!server->alive_every ||
	    now - server->alive_told < server->alive_every)
		return;
	for (unsigned int i = 0; i < server->card_count; i++) {
		if (card_stalls(server->cards[i], now))
			return;
	}
	server->alive_told = now;
	service_tell("WATCHDOG=1");
}

/* Sleeps. How long to look around before the next sleep: what came later than
 * that would have come too late for it, and the next thing may as well. */
static uint64_t slept(struct server *server, uint64_t now)
{
	const uint64_t spin = server->settings->spin_ns;

	rest(server, now);
	return loop_now() - now < 2 * spin ? spin : 0;
}

void server_run(struct server *server)
{
	uint64_t now, active = 0, sockets = 0;
	uint64_t patience = server->settings->spin_ns;
	int err = bell_guard(), busy;

	if (err)
		log_warning("bell-guard", "a client may hold up the daemon: "
			    "no timer: %s", strerror(-err));
	while (!server->stop) {
		now = loop_now();
		busy = turn(server, now);
		if (busy)
			active = now;
		alive_tell(server, now);
		if (busy || now - active < patience || spins(server, now)) {
			__builtin_ia32_pause();
			if (now - sockets < SOCKETS_NS)
				continue;
			sockets = now;
			loop_wait(server->loop, 0);
			/* Whom we spin for may want this CPU. */
			sched_yield();
		} else {
			patience = slept(server, now);
			active = sockets = loop_now();
		}
		clients_turn(server);
		if (server->reload) {
			server->reload = 0;
			reload(server);
		}
	}
}
