/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See tell.h. */
#include "tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "server.h"

int tell_permits(const struct client *client)
{
	const struct server *server = client->server;
	const struct peer *peer = &client->peer;

	return !peer->uid || peer->uid == geteuid() ||
	       (server->hardware_group != (gid_t)-1 &&
		peer_in_group(peer, server->hardware_group));
}

static int text_make(struct client *client, const struct wire_tell *wanted,
		     FILE *file, struct error *error)
{
	switch ((enum plxdma_told)wanted->what) {
	case PLXDMA_TOLD_STATUS:
		status_tell(client, file);
		return 0;
	case PLXDMA_TOLD_METRICS:
		metrics_tell(client->server, file);
		return 0;
	default:
		if (!passage_tell(client, wanted->after, file))
			return 0;
		return error_set(error, -ENOMEM, "no memory for a trace");
	}
}

/* In memory first: a file takes all or nothing. */
static int text_write(int fd, const char *text, size_t length)
{
	ssize_t put;

	for (size_t done = 0; done < length; done += (size_t)put) {
		put = write(fd, text + done, length - done);
		if (put <= 0)
			return put ? -errno : -EIO;
	}
	return 0;
}

static int text_tell(struct client *client, const struct wire_tell *wanted,
		     int fd, struct error *error)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	int err, closed;

	if (!file)
		return error_set(error, -ENOMEM, "no memory to tell");
	err = text_make(client, wanted, file, error);
	closed = fclose(file);
	if (!err && closed)
		err = error_set(error, -ENOMEM, "no memory to tell");
	if (!err) {
		err = text_write(fd, text, length);
		if (err)
			error_set(error, err, "no memory to tell");
	}
	free(text);
	return err;
}

int tell(struct client *client, const struct wire_message *request,
	 struct packet *answer, struct error *error)
{
	int fd = memfd_create("plxdma-told", MFD_CLOEXEC), err;

	if (fd < 0)
		return error_set(error, -errno, "can't make a file for what is "
				 "told: %s", strerror(errno));
	err = text_tell(client, &request->tell, fd, error);
	if (err) {
		close(fd);
		return err;
	}
	answer->fds[0] = fd;
	answer->fd_count = 1;
	answer->close_fds = 1;
	return 0;
}
