/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a socket is alive is asked by connecting to it: a stale one refuses.
 */
#include "listener.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

static int socket_new(void)
{
	int fd = socket(AF_UNIX,
			SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* 0: the name is free now. */
static int stale_remove(const char *path, const struct sockaddr_un *address,
			struct error *error)
{
	struct stat st;
	int fd, alive;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return error_set(error, -EEXIST, "%s is there and no socket: "
				 "move it away or choose another --socket",
				 path);
	fd = socket_new();
	if (fd < 0)
		return fd;
	alive = !connect(fd, (const struct sockaddr *)address,
			 sizeof(*address)) || errno != ECONNREFUSED;
	close(fd);
	if (alive)
		return error_set(error, -EADDRINUSE, "a daemon listens on %s "
				 "already: stop it or choose another --socket",
				 path);
	return unlink(path) ? -errno : 0;
}

static int socket_bind(int fd, const struct sockaddr_un *address)
{
	/* Nobody else in the interval before chmod(). */
	mode_t mask = umask(0117);
	int err = bind(fd, (const struct sockaddr *)address, sizeof(*address));

	err = err ? -errno : 0;
	umask(mask);
	return err;
}

int listener_open(const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, -ENAMETOOLONG,
				 "socket path %s is too long", path);
	strcpy(address.sun_path, path);
	err = stale_remove(path, &address, error);
	if (err)
		return err;
	fd = socket_new();
	if (fd < 0)
		return fd;
	err = socket_bind(fd, &address);
	if (err) {
		close(fd);
		return error_set(error, err, "can't make socket %s: %s; does "
				 "its directory exist and is it yours?", path,
				 strerror(-err));
	}
	if (listen(fd, BACKLOG)) {
		err = -errno;
		listener_close(fd, path);
		return err;
	}
	return fd;
}

void listener_close(int fd, const char *path)
{
	close(fd);
	unlink(path);
}
