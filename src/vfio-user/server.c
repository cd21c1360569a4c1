/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One thread, one poll: signals, the card's own time, whoever connects, the
 * client.  Nothing here waits for a client; a second one is turned away, since
 * a card sits in one machine.
 */
#include "vfio-user/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "vfio-user/connection.h"
#include "vfio-user/device.h"
#include "vfio-user/settings.h"
#include "vfio-user/socket.h"
#include "vfio-user/stats.h"

#define AT_A_TIME 64 /* messages, before others get a look */
#define COMPLAINTS 8 /* of a client that are worth a line each */

struct server {
	const struct settings *settings;
	struct device device;
	struct connection connection;
	int listener, signals;
	unsigned int complaints;
	bool stopping;
};

int server_block_signals(struct error *error)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return error_set(error, -errno, "no signalfd: %s",
				 strerror(errno));
	return fd;
}

static void say(const struct server *server, const char *what)
{
	if (!server->settings->quiet)
		(void)fprintf(stderr, "plxdma-model: %s\n", what);
}

static void write_stats(struct server *server)
{
	struct error error = { "" };

	if (server->settings->stats &&
	    stats_write(server->settings->stats, &server->device, &error))
		(void)fprintf(stderr, "plxdma-model: %s\n", error.text);
}

static void complain(struct server *server, int why)
{
	struct message_header header;

	if (server->complaints++ >= COMPLAINTS || server->settings->quiet)
		return;
	memcpy(&header, server->connection.message, sizeof(header));
	(void)fprintf(stderr, "plxdma-model: refused command %u: %s\n",
		      header.command, strerror(-why));
}

static void client_leaves(struct server *server, int why)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "client left%s%s",
		       why == -EPIPE ? "" : ": ",
		       why == -EPIPE ? "" : strerror(-why));
	say(server, text);
	connection_end(&server->connection);
	device_release(&server->device);
	write_stats(server);
	if (server->settings->once)
		server->stopping = true;
}

static void client_comes(struct server *server)
{
	int fd = socket_accept(server->listener);

	if (fd < 0)
		return;
	if (server->connection.fd >= 0) {
		say(server, "a second client was turned away");
		close(fd);
		return;
	}
	say(server, "client came");
	server->complaints = 0;
	server->device.clients++;
	connection_begin(&server->connection, fd);
}

/* Return: 1 if a message was served, 0 if there is none, or why the client
 * has to leave. */
static int serve_one(struct server *server)
{
	struct connection *connection = &server->connection;
	long size = connection_receive(connection);
	int why = 0, ret;

	if (size <= 0)
		return (int)size;
	size = device_handle(&server->device, connection->message,
			     (size_t)size, connection->fds,
			     connection->fd_count, connection->reply, &why);
	if (why)
		complain(server, why);
	connection_consume(connection);
	if (size < 0)
		return (int)size;
	ret = connection_reply(connection, (size_t)size);
	return ret ? ret : 1;
}

static void client_ready(struct server *server, short events)
{
	struct connection *connection = &server->connection;
	int ret = connection_flush(connection);

	for (int i = 0; i < AT_A_TIME && !ret; i++) {
		if (connection_busy(connection))
			break;
		ret = serve_one(server);
		if (ret <= 0)
			break;
		ret = 0;
	}
	/* With an answer unsent, hanging up is all that is heard of it. */
	if (!ret && connection_busy(connection) && events & (POLLERR | POLLHUP))
		ret = -EPIPE;
	if (ret < 0)
		client_leaves(server, ret);
}

static void signal_came(struct server *server)
{
	struct signalfd_siginfo info;

	if (read(server->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGUSR1)
		write_stats(server);
	else
		server->stopping = true;
}

enum { SIGNALS, TIMER, CLIENT, UNMASK, LISTENER, SOURCES };

static int serve(struct server *server, struct error *error)
{
	struct device *device = &server->device;
	struct pollfd polled[SOURCES] = {
		[SIGNALS] = { .fd = server->signals, .events = POLLIN },
		[TIMER] = { .fd = model_service_fd(device->model),
			    .events = POLLIN },
		[LISTENER] = { .fd = server->listener, .events = POLLIN },
	};

	while (!server->stopping) {
		polled[CLIENT] = (struct pollfd){
			.fd = server->connection.fd,
			.events = connection_busy(&server->connection) ?
					  POLLOUT : POLLIN,
		};
		polled[UNMASK] = (struct pollfd){ .fd = device->line.unmask,
						  .events = POLLIN };
		if (poll(polled, SOURCES, -1) < 0 && errno != EINTR)
			return error_set(error, -errno, "poll: %s",
					 strerror(errno));
		if (polled[SIGNALS].revents)
			signal_came(server);
		if (polled[TIMER].revents)
			model_service(device->model);
		if (polled[UNMASK].revents)
			line_unmask_ready(&device->line);
		if (polled[CLIENT].revents)
			client_ready(server, polled[CLIENT].revents);
		if (polled[LISTENER].revents)
			client_comes(server);
	}
	return 0;
}

int server_run(struct model *model, const struct settings *settings,
	       int signals, struct error *error)
{
	struct server server = { .settings = settings, .signals = signals };
	int ret = connection_init(&server.connection);

	if (ret)
		return error_set(error, ret, "no memory");
	server.listener = socket_listen(settings->socket, error);
	if (server.listener < 0) {
		ret = server.listener;
		goto out_connection;
	}
	device_init(&server.device, model);
	say(&server, "waiting for a client");
	ret = serve(&server, error);
	socket_close(server.listener, settings->socket);
	if (server.connection.fd >= 0)
		device_release(&server.device);
	write_stats(&server);
	device_destroy(&server.device);
out_connection:
	connection_destroy(&server.connection);
	return ret;
}
