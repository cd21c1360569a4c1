/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma_channel_fd(): one descriptor that is readable while a transfer may be
 * reaped, whatever the reason.
 *
 * It is an epoll descriptor over four: the channel's interrupt; an eventfd for
 * what this side learned without one (a wait that saw more than its own
 * transfer end, a cancel); a timer, because interrupts can be lost; and the
 * software card's clock, where its inline engine waits for bus time.  All of
 * it is made when somebody asks, and costs nothing before.  The timer is armed
 * when the queue stops being empty and ticks until it is, so that a busy
 * channel makes no system call to submit.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "dma/front.h"
#include "transport/transport.h"

#define TICK_NS 10000000

static int watch(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int watch_all(struct direct_channel *channel)
{
	struct transport *transport = dma_card_transport(channel->card->dma);
	int service = transport->ops->service_fd(transport);
	int result;

	result = watch(channel->fd, dma_channel_fd(channel->dma));
	if (!result)
		result = watch(channel->fd, channel->ready_fd);
	if (!result)
		result = watch(channel->fd, channel->timer_fd);
	if (!result && service >= 0)
		result = watch(channel->fd, service);
	return result;
}

static int fds_make(struct direct_channel *channel)
{
	/* What earlier transfers left behind. */
	dma_channel_ack(channel->dma);
	channel->fd = epoll_create1(EPOLL_CLOEXEC);
	if (channel->fd < 0)
		return -errno;
	channel->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (channel->ready_fd < 0)
		return -errno;
	channel->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (channel->timer_fd < 0)
		return -errno;
	return watch_all(channel);
}

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void direct_fd_close(struct direct_channel *channel)
{
	fd_close(&channel->fd);
	fd_close(&channel->ready_fd);
	fd_close(&channel->timer_fd);
}

static void timer_set(struct direct_channel *channel, long ns)
{
	const struct itimerspec period = {
		.it_interval = {.tv_nsec = ns},
		.it_value = {.tv_nsec = ns},
	};

	timerfd_settime(channel->timer_fd, 0, &period, NULL);
	channel->armed = ns != 0;
}

/* Reading an eventfd or a timer is what makes it unreadable. */
static void fd_drain(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		return; /* nothing in it */
}

static void ready_set(struct direct_channel *channel)
{
	const uint64_t one = 1;

	if (write(channel->ready_fd, &one, sizeof(one)) < 0)
		return; /* full, and thereby readable */
	channel->signalled = 1;
}

void direct_fd_submitted(struct direct_channel *channel)
{
	if (channel->fd >= 0 && !channel->armed)
		timer_set(channel, TICK_NS);
}

void direct_fd_look(struct direct_channel *channel)
{
	struct transport *transport;

	if (channel->fd < 0)
		return;
	transport = dma_card_transport(channel->card->dma);
	dma_channel_ack(channel->dma);
	if (channel->armed)
		fd_drain(channel->timer_fd);
	transport->ops->service(transport);
}

void direct_fd_settle(struct direct_channel *channel)
{
	if (channel->fd < 0)
		return;
	if (channel->ended && !channel->signalled) {
		ready_set(channel);
	} else if (!channel->ended && channel->signalled) {
		fd_drain(channel->ready_fd);
		channel->signalled = 0;
	}
	if (channel->armed && !channel->under_way)
		timer_set(channel, 0);
}

int direct_channel_fd(struct plxdma_channel *public, struct error *error)
{
	struct direct_channel *channel = direct_channel_of(public);
	int result;

	if (channel->fd >= 0)
		return channel->fd;
	result = fds_make(channel);
	if (result) {
		direct_fd_close(channel);
		return error_set(error, result,
				 "%s: no descriptor for channel %u: %s (see "
				 "ulimit -n)",
				 channel->card->name, channel->index,
				 strerror(-result));
	}
	if (channel->under_way)
		direct_fd_submitted(channel);
	direct_fd_settle(channel);
	return channel->fd;
}
