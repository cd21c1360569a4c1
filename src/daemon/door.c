/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client too many isn't left waiting: it is told, and it may try again.
 */
#include "door.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"
#include "service.h"
#include "wire/packet.h"

/* Says why not, as the answer to a greeting that isn't read. What is left
 * unread would reach the client as a connection reset, before the answer. */
static void turn_away(int fd, int err, const struct error *error)
{
	struct packet packet = { .fd_count = 0 };
	char byte;

	shutdown(fd, SHUT_RD);
	while (recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
	wire_request_init(&packet.message, WIRE_HELLO, 1);
	wire_answer_refuse(&packet.message, err, error->text);
	packet_send(fd, &packet, MSG_DONTWAIT);
	close(fd);
}

static int no_more(const char *reason, struct error *error)
{
	return error_set(error, -EAGAIN, "plxdmad serves no more clients (%s): "
			 "try again later", reason);
}

static int spare_open(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Without descriptors nobody can be accepted, and the socket would stay
 * readable for ever: one is kept for this. */
static void turn_away_by_spare(struct server *server)
{
	struct error error;
	int fd, err;

	if (server->spare < 0)
		return;
	close(server->spare);
	fd = accept4(server->listener.fd, NULL, NULL, SOCK_CLOEXEC);
	err = no_more("its descriptors are used up, see LimitNOFILE", &error);
	server->tally.turned_away[TALLY_DOOR_DESCRIPTORS]++;
	if (fd >= 0)
		turn_away(fd, err, &error);
	server->spare = spare_open();
}

/* Who comes, and whether it may come in. */
static int admit(const struct server *server, int fd, struct peer *peer,
		 struct error *error)
{
	const struct settings *settings = server->settings;
	struct grant grant = { .serial = 0 };
	int err;

	if (server->client_count >= settings->max_clients)
		return no_more("max-clients, [daemon] in plxdmad.conf", error);
	err = peer_read(fd, peer);
	if (err)
		return error_set(error, err, "who this is can't be found out: "
				 "%s", strerror(-err));
	err = grant_refuses(settings, peer, NULL, error);
	if (!err) {
		grant_limits(&grant, settings,
			     grant_rule(settings, peer, NULL));
		err = user_check_client(&server->users, peer->uid, &grant,
					error);
	}
	if (err)
		peer_clear(peer);
	return err;
}

static enum tally_door door_reason(int err)
{
	switch (err) {
	case -EAGAIN:
	case -EDQUOT:
		return TALLY_DOOR_FULL;
	case -EACCES:
	case -EPERM:
		return TALLY_DOOR_POLICY;
	default:
		return TALLY_DOOR_OTHER;
	}
}

static void on_connect(struct source *source)
{
	struct server *server = (struct server *)((char *)source -
				offsetof(struct server, listener));
	struct client *client;
	struct error error = { "" };
	struct peer peer;
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int err;

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away_by_spare(server);
		return;
	}
	err = admit(server, fd, &peer, &error);
	if (err) {
		server->tally.turned_away[door_reason(err)]++;
		turn_away(fd, err, &error);
		return;
	}
	client = client_new(server, fd, &peer);
	if (!client) {
		peer_clear(&peer);
		close(fd);
		return;
	}
	TAILQ_INSERT_TAIL(&server->clients, client, link);
	server->client_count++;
	server->tally.connects++;
}

/* The service manager's, or one's own. */
static int socket_open(struct server *server, struct error *error)
{
	int fd = service_socket();

	if (fd == -ENOENT)
		return listener_open(server->settings->socket, error);
	if (fd < 0)
		return error_set(error, fd, "what the service manager passed is "
				 "no socket for clients: it takes "
				 "ListenSequentialPacket=");
	server->door_passed = 1;
	return fd;
}

int door_open(struct server *server, struct error *error)
{
	int fd = socket_open(server, error);

	if (fd < 0)
		return fd;
	server->listener.fd = fd;
	server->listener.ready = on_connect;
	server->spare = spare_open();
	return loop_add(server->loop, &server->listener);
}

void door_close(struct server *server)
{
	if (server->listener.fd >= 0 && server->door_passed)
		close(server->listener.fd);
	else if (server->listener.fd >= 0)
		listener_close(server->listener.fd, server->settings->socket);
	if (server->spare >= 0)
		close(server->spare);
}
