/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See bell.h. */
#include "bell.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/uio.h>

void bell_hear(int fd)
{
	uint64_t value;
	struct iovec into = { .iov_base = &value, .iov_len = sizeof(value) };

	/* Nothing to read is all that can go wrong, and no harm. */
	(void)!preadv2(fd, &into, 1, -1, RWF_NOWAIT);
}

/* The kernel has no such flag for writes to an eventfd, so that leaves a moment
 * between the look and the write. */
int bell_ring(int fd, uint64_t count)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		return -EPROTO;
	if (eventfd_write(fd, count) && errno == EINTR)
		return -EINTR;
	return 0;
}

static void tick(int unused)
{
	(void)unused;
}

int bell_guard(void)
{
	/* Without SA_RESTART: what is interrupted ends. */
	const struct sigaction action = { .sa_handler = tick };
	const struct itimerval second = {
		.it_interval.tv_sec = 1, .it_value.tv_sec = 1,
	};

	if (sigaction(SIGALRM, &action, NULL) ||
	    setitimer(ITIMER_REAL, &second, NULL))
		return -errno;
	return 0;
}
