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
#include "wire/packet.h"

/* Says why not, as the answer to a greeting that hasn't been read. */
static void turn_away(int fd, const char *reason)
{
	struct packet packet = { .fd_count = 0 };
	struct error error;

	error_set(&error, -EAGAIN, "plxdmad serves no more clients (%s): try "
		  "again later", reason);
	wire_request_init(&packet.message, WIRE_HELLO, 1);
	wire_answer_refuse(&packet.message, -EAGAIN, error.text);
	packet_send(fd, &packet, MSG_DONTWAIT);
	close(fd);
}

static int spare_open(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Without descriptors nobody can be accepted, and the socket would stay
 * readable for ever: one is kept for this. */
static void turn_away_by_spare(struct server *server)
{
	int fd;

	if (server->spare < 0)
		return;
	close(server->spare);
	fd = accept4(server->listener.fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		turn_away(fd, "its descriptors are used up, see LimitNOFILE");
	server->spare = spare_open();
}

static void on_connect(struct source *source)
{
	struct server *server = (struct server *)((char *)source -
				offsetof(struct server, listener));
	struct client *client;
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away_by_spare(server);
		return;
	}
	if (server->client_count >= server->settings->max_clients) {
		turn_away(fd, "max-clients");
		return;
	}
	client = client_new(server, fd);
	if (!client) {
		close(fd);
		return;
	}
	TAILQ_INSERT_TAIL(&server->clients, client, link);
	server->client_count++;
}

int door_open(struct server *server, struct error *error)
{
	int fd = listener_open(server->settings->socket, error);

	if (fd < 0)
		return fd;
	server->listener.fd = fd;
	server->listener.ready = on_connect;
	server->spare = spare_open();
	return loop_add(server->loop, &server->listener);
}

void door_close(struct server *server)
{
	if (server->listener.fd >= 0)
		listener_close(server->listener.fd, server->settings->socket);
	if (server->spare >= 0)
		close(server->spare);
}
