/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether somebody listens is asked by connecting.
 */
#include "vfio-user/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4

static int stream_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static int make_way(const char *path, const struct sockaddr_un *address,
		    struct error *error)
{
	struct stat st;
	int fd, deserted;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 :
			error_set(error, -errno, "%s: %s", path,
				  strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return error_set(error, -EEXIST, "%s is there and is no "
				 "socket: name another by --socket", path);
	fd = stream_socket();
	if (fd < 0)
		return error_set(error, fd, "no socket: %s", strerror(-fd));
	deserted = connect(fd, (const struct sockaddr *)address,
			   sizeof(*address)) && errno == ECONNREFUSED;
	close(fd);
	if (!deserted)
		return error_set(error, -EADDRINUSE, "somebody listens on %s "
				 "already: each card has its own --socket",
				 path);
	if (unlink(path))
		return error_set(error, -errno, "%s: %s", path,
				 strerror(errno));
	return 0;
}

int socket_listen(const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, -ENAMETOOLONG, "%s: a socket's path "
				 "has at most %zu bytes", path,
				 sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);
	ret = make_way(path, &address, error);
	if (ret)
		return ret;
	fd = stream_socket();
	if (fd < 0)
		return error_set(error, fd, "no socket: %s", strerror(-fd));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, BACKLOG)) {
		ret = error_set(error, -errno, "can't listen on %s: %s", path,
				strerror(errno));
		close(fd);
		return ret;
	}
	return fd;
}

int socket_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

void socket_close(int listener, const char *path)
{
	close(listener);
	unlink(path);
}
