/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the daemon begins, cards before the socket, and how it ends: clients
 * first, since cards are only let go of when nothing of theirs runs.
 */
#include "server.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "door.h"
#include "log.h"
#include "service.h"

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


int server_close(struct server *server)
{
	struct client *client;
	int err = 0;

	passage_turn(&server->passage, UINT64_MAX);
	door_close(server);
	while ((client = TAILQ_FIRST(&server->clients)))
		server_remove_client(server, client);
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
