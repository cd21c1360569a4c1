/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One thread, one loop. While there is work it looks at the rings and the
 * channels in turns; after a while without any it says in every ring that it
 * sleeps, looks once more, and sleeps on what can wake it. A sleep is bounded:
 * interrupts and wake-ups may get lost.
 */
#include "server.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bell.h"
#include "control.h"
#include "door.h"
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

static void on_signal(struct source *source)
{
	struct server *server = (struct server *)((char *)source -
				offsetof(struct server, stopper));
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		server->reload = 1;
	else
		server->stop = 1;
}

static int signals_open(struct server *server)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	/* Before any card: its threads inherit the mask. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	server->stopper.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (server->stopper.fd < 0)
		return -errno;
	server->stopper.ready = on_signal;
	return loop_add(server->loop, &server->stopper);
}

/* How much of a spec a log may hold: not options, which may be addresses. */
static int spec_shown(const char *spec)
{
	return (int)(strncmp(spec, "model:", 6) ? strcspn(spec, ",") : 6);
}

static int cards_open(struct server *server, struct error *error)
{
	const struct settings *settings = server->settings;
	struct error why = { "" };
	struct card *card;
	int err;

	for (unsigned int i = 0; i < settings->card_count; i++) {
		err = card_open(&settings->cards[i], server->loop, &card, &why);
		if (err)
			return error_set(error, err, "card %s: %.200s",
					 settings->cards[i].name, why.text);
		server->cards[server->card_count++] = card;
		card_set_quantum(card, settings->quantum_ns);
		log_info("card", "card %s: %.*s", card->name,
			 spec_shown(settings->cards[i].spec),
			 settings->cards[i].spec);
	}
	return 0;
}

static gid_t group_find(const char *name)
{
	const struct group *group = getgrnam(name);

	return group ? group->gr_gid : (gid_t)-1;
}

int server_open(struct server *server, const struct settings *settings,
		struct error *error)
{
	int err;

	memset(server, 0, sizeof(*server));
	server->settings = settings;
	server->since = loop_now();
	server->alive_every = service_watchdog();
	server->hardware_group = group_find("plxdma-hw");
	server->listener.fd = server->stopper.fd = server->spare = -1;
	TAILQ_INIT(&server->clients);
	TAILQ_INIT(&server->users);
	TAILQ_INIT(&server->kept);
	TAILQ_INIT(&server->lanes);
	TAILQ_INIT(&server->batchers);
	server->loop = loop_new();
	if (server->loop < 0)
		return error_set(error, server->loop, "can't make an epoll "
				 "descriptor: %s", strerror(-server->loop));
	err = signals_open(server);
	if (err) {
		error_set(error, err, "can't receive signals: %s",
			  strerror(-err));
		goto out_close;
	}
	err = cards_open(server, error);
	if (!err)
		err = door_open(server, error);
	if (err)
		goto out_close;
	return 0;

out_close:
	server_close(server);
	return err;
}

static void client_remove(struct server *server, struct client *client)
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
			client_remove(server, client);
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

void server_run(struct server *server)
{
	uint64_t now, active = 0, sockets = 0;
	int err = bell_guard();

	if (err)
		log_warning("bell-guard", "a client may hold up the daemon: "
			    "no timer: %s", strerror(-err));
	while (!server->stop) {
		now = loop_now();
		if (turn(server, now))
			active = now;
		alive_tell(server, now);
		if (now - active < server->settings->spin_ns ||
		    spins(server, now)) {
			__builtin_ia32_pause();
			if (now - sockets < SOCKETS_NS)
				continue;
			sockets = now;
			loop_wait(server->loop, 0);
			/* Whom we spin for may want this CPU. */
			sched_yield();
		} else {
			rest(server, now);
			active = loop_now();
		}
		clients_turn(server);
		if (server->reload) {
			server->reload = 0;
			reload(server);
		}
	}
}

int server_close(struct server *server)
{
	struct client *client;
	int err = 0;

	passage_turn(&server->passage, UINT64_MAX);
	door_close(server);
	while ((client = TAILQ_FIRST(&server->clients)))
		client_remove(server, client);
	for (unsigned int i = 0; i < server->card_count; i++) {
		if (card_close(server->cards[i], server->loop))
			err = -EBUSY;
	}
	if (server->stopper.fd >= 0)
		close(server->stopper.fd);
	close(server->loop);
	/* Clients that are kept for ever ask nothing any more. */
	free(server->reloaded);
	server->reloaded = NULL;
	return err;
}
