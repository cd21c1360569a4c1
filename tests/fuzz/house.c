/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See house.h. The client is a source of the daemon's loop that is always
 * ready: one deed a turn. It waits for its answers, since what it then does
 * with rings needs them.
 */
#include "house.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/server.h"
#include "visitor.h"

/* Turns of the loop that an answer, or the end of a client, may take. */
#define PATIENCE 100000
#define DEEDS 64

/* Greeting, card, arena, channel 0, its claim, the registers. */
static const uint8_t prelude[] = {
	0, WIRE_HELLO, 0,
	0, WIRE_OPEN, 1, 'a',
	0, WIRE_ARENA, 0,
	0, WIRE_CHANNEL_OPEN, 0,
	0, WIRE_CLAIM, 0,
	0, WIRE_BATCH_OPEN, 0,
};

static struct house {
	struct source deeds;		/* first: it is the loop's */
	struct server server;
	struct settings settings;
	struct sockaddr_un address;
	socklen_t address_size;
	struct visitor visitor;
	struct input first;
	struct input input;
	unsigned int done;
	unsigned int turns;
	int open;
} house;

static void must(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "house: %s (%s)\n", what, strerror(errno));
	abort();
}

/* The daemon gets its socket as a service manager would pass it: one without
 * a name in any directory. */
static void socket_pass(void)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	char pid[16];
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	must(fd >= 0, "no socket");
	must(!bind(fd, (const struct sockaddr *)&any, sizeof(sa_family_t)),
	     "no address");
	must(!listen(fd, 4), "can't listen");
	house.address_size = sizeof(house.address);
	must(!getsockname(fd, (struct sockaddr *)&house.address,
			  &house.address_size), "which address?");
	if (fd != 3) {
		must(dup2(fd, 3) == 3, "can't pass it");
		close(fd);
	}
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
}

static void visit_start(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	must(fd >= 0, "no socket for the client");
	must(!connect(fd, (const struct sockaddr *)&house.address,
		      house.address_size), "the daemon takes nobody");
	visitor_arrive(&house.visitor, fd);
}

/* Everything of it is gone. */
static void check_left(void)
{
	must(TAILQ_EMPTY(&house.server.lanes), "a lane is left");
	must(TAILQ_EMPTY(&house.server.batchers), "a batcher is left");
	must(TAILQ_EMPTY(&house.server.users), "a user is left");
	must(TAILQ_EMPTY(&house.server.kept), "memory is kept");
	must(TAILQ_EMPTY(&house.server.cards[0]->tenants), "a tenant is left");
	must(!house.server.cards[0]->claims.holds[0].party &&
	     !house.server.cards[0]->claims.holds[1].party &&
	     !house.server.cards[0]->claims.holds[2].party, "a claim is left");
}

static struct input *next_input(void)
{
	return house.first.size ? &house.first : &house.input;
}

static void visit_end(void)
{
	visitor_leave(&house.visitor);
	if (house.server.client_count)
		return;
	check_left();
	house.server.stop = 1;
}

static void on_turn(struct source *source)
{
	struct input *input = next_input();

	(void)source;
	must(++house.turns < PATIENCE, "the daemon doesn't answer");
	if (visitor_waits(&house.visitor))
		return;
	house.turns = visitor_is_here(&house.visitor) ? 0 : house.turns;
	/* Whom the daemon has shown out isn't there any more. */
	if (!visitor_is_here(&house.visitor) || !input->size ||
	    house.done++ == DEEDS)
		visit_end();
	else
		visitor_do(&house.visitor, input);
}

static void house_open(void)
{
	struct error error = { "" };
	sigset_t set;

	socket_pass();
	settings_init(&house.settings);
	must(!settings_set(&house.settings, "card a", "spec",
			   "model:engine=inline,pages=small,arena=64K", &error),
	     error.text);
	/* Of hugepages it gets none, whatever it asks for. */
	house.settings.limits.arena = UINT64_C(1) << 20;
	house.settings.spin_ns = 0;
	if (server_open(&house.server, &house.settings, &error))
		must(0, error.text);
	/* Who runs fuzzers wants to stop them. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	house.deeds.fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	house.deeds.ready = on_turn;
	must(house.deeds.fd >= 0 && !loop_add(house.server.loop, &house.deeds),
	     "no client");
	house.open = 1;
}

void house_visit(const uint8_t *data, size_t size)
{
	if (!house.open)
		house_open();
	if (!size)
		return;
	house.first = (struct input){ prelude,
				      *data & 1 ? sizeof(prelude) : 0 };
	house.input = (struct input){ data + 1, size - 1 };
	house.done = house.turns = 0;
	house.server.stop = 0;
	visit_start();
	server_run(&house.server);
}
