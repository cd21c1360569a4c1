/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See service.h. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST 3			/* descriptor that is passed */

void service_tell(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (!length || length >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract name. */
	if (*path == '@')
		address.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* A manager that doesn't listen mustn't stop the loop. */
	(void)sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
		     (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				 length));
	close(fd);
}

/* A number of the environment that is meant for this process; 0: none. */
static uint64_t number_for_us(const char *name, const char *pid_name)
{
	const char *text = getenv(name), *pid = getenv(pid_name);

	if (!text || (pid && strtol(pid, NULL, 10) != getpid()))
		return 0;
	return strtoull(text, NULL, 10);
}

uint64_t service_watchdog(void)
{
	return number_for_us("WATCHDOG_USEC", "WATCHDOG_PID") * 1000 / 2;
}

static int is(int fd, int option, int wanted)
{
	int value = 0;
	socklen_t size = sizeof(value);

	return !getsockopt(fd, SOL_SOCKET, option, &value, &size) &&
	       value == wanted;
}

int service_socket(void)
{
	if (!getenv("LISTEN_PID") ||
	    !number_for_us("LISTEN_FDS", "LISTEN_PID"))
		return -ENOENT;
	if (!is(FIRST, SO_DOMAIN, AF_UNIX) ||
	    !is(FIRST, SO_TYPE, SOCK_SEQPACKET) || !is(FIRST, SO_ACCEPTCONN, 1))
		return -EINVAL;
	if (fcntl(FIRST, F_SETFD, FD_CLOEXEC) ||
	    fcntl(FIRST, F_SETFL, O_RDWR | O_NONBLOCK))
		return -errno;
	return FIRST;
}
