/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * epoll, level triggered. A source that goes away during a round must not be
 * freed before the round is over: others of the same round may point to it.
 */
#include "loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>

#define ROUND 64

int loop_new(void)
{
	int loop = epoll_create1(EPOLL_CLOEXEC);

	return loop < 0 ? -errno : loop;
}

int loop_add(int loop, struct source *source)
{
	struct epoll_event event = {
		.events = EPOLLIN,
		.data.ptr = source,
	};

	return epoll_ctl(loop, EPOLL_CTL_ADD, source->fd, &event) ? -errno : 0;
}

void loop_remove(int loop, const struct source *source)
{
	epoll_ctl(loop, EPOLL_CTL_DEL, source->fd, NULL);
}

int loop_wait(int loop, uint64_t timeout_ns)
{
	struct epoll_event events[ROUND];
	struct timespec timeout = {
		.tv_sec = (time_t)(timeout_ns / 1000000000),
		.tv_nsec = (long)(timeout_ns % 1000000000),
	};
	int count = epoll_pwait2(loop, events, ROUND, &timeout, NULL);

	for (int i = 0; i < count; i++) {
		struct source *source = events[i].data.ptr;

		source->ready(source);
	}
	return count < 0 ? -errno : count;
}

uint64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
