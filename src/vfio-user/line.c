/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Eventfds come from a stranger.  They are told from other files by what the
 * kernel says of them, and made non-blocking; a client that makes one blocking
 * again and fills it stops its own card, and nothing else.
 */
#include "vfio-user/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

void line_init(struct line *line)
{
	*line = (struct line){ .trigger = -1, .unmask = -1 };
	pthread_mutex_init(&line->lock, NULL);
}

void line_destroy(struct line *line)
{
	line_release(line);
	pthread_mutex_destroy(&line->lock);
}

/* Whatever the descriptor's mode, this doesn't wait. */
static bool drain(int fd)
{
	uint64_t count;
	struct iovec iov = { .iov_base = &count, .iov_len = sizeof(count) };

	return preadv2(fd, &iov, 1, -1, RWF_NOWAIT) == sizeof(count);
}

static void signal_fd(struct line *line)
{
	const uint64_t one = 1;

	if (line->trigger >= 0 &&
	    write(line->trigger, &one, sizeof(one)) == sizeof(one))
		line->signals++;
}

/* With the lock: tells the client what it has to know. */
static void deliver(struct line *line)
{
	if (!line->level || line->masked || line->automasked ||
	    line->trigger < 0)
		return;
	line->automasked = true;
	signal_fd(line);
}

static void withdraw(struct line *line)
{
	if (line->trigger < 0 || !line->automasked || !drain(line->trigger))
		return;
	line->automasked = false;
	line->withdrawn++;
}

void line_set_level(struct line *line, bool level)
{
	pthread_mutex_lock(&line->lock);
	line->level = level;
	if (level)
		deliver(line);
	else
		withdraw(line);
	pthread_mutex_unlock(&line->lock);
}

static bool is_eventfd(int fd)
{
	static const char wanted[] = "anon_inode:[eventfd]";
	char path[64], target[64];
	ssize_t size;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	size = readlink(path, target, sizeof(target));
	return size == (ssize_t)strlen(wanted) &&
	       !memcmp(target, wanted, (size_t)size);
}

/* Return: 0, or -EINVAL after closing it. */
static int adopt(int fd)
{
	int flags;

	if (fd < 0)
		return 0;
	flags = fcntl(fd, F_GETFL);
	if (is_eventfd(fd) && flags >= 0 &&
	    !fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		return 0;
	close(fd);
	return -EINVAL;
}

static void replace(int *place, int fd)
{
	if (*place >= 0)
		close(*place);
	*place = fd;
}

int line_set_trigger(struct line *line, int fd)
{
	int ret = adopt(fd);

	if (ret)
		return ret;
	pthread_mutex_lock(&line->lock);
	replace(&line->trigger, fd);
	line->automasked = false;
	deliver(line);
	pthread_mutex_unlock(&line->lock);
	return 0;
}

int line_set_unmask(struct line *line, int fd)
{
	int ret = adopt(fd);

	if (ret)
		return ret;
	pthread_mutex_lock(&line->lock);
	replace(&line->unmask, fd);
	pthread_mutex_unlock(&line->lock);
	return 0;
}

void line_mask(struct line *line)
{
	pthread_mutex_lock(&line->lock);
	line->masked = true;
	pthread_mutex_unlock(&line->lock);
}

void line_unmask(struct line *line)
{
	pthread_mutex_lock(&line->lock);
	line->masked = false;
	line->automasked = false;
	deliver(line);
	pthread_mutex_unlock(&line->lock);
}

void line_signal(struct line *line)
{
	pthread_mutex_lock(&line->lock);
	signal_fd(line);
	pthread_mutex_unlock(&line->lock);
}

void line_unmask_ready(struct line *line)
{
	if (line->unmask >= 0 && drain(line->unmask))
		line_unmask(line);
}

void line_release(struct line *line)
{
	pthread_mutex_lock(&line->lock);
	replace(&line->trigger, -1);
	replace(&line->unmask, -1);
	line->masked = false;
	line->automasked = false;
	pthread_mutex_unlock(&line->lock);
}
