/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdmad of which one call fails, once: the Nth use of an allocation or a
 * system call, as PLXDMA_FAIL=NAME:N says. Linked by --wrap, so that the
 * sanitizers' own allocator stays in place. What was hit is told on standard
 * error, where daemon-faults looks for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* Before main(): the first allocations count. */
static const char *wanted;
static size_t wanted_length;
static int remaining = -1;

static void __attribute__((constructor)) armed(void)
{
	const char *text = getenv("PLXDMA_FAIL");
	const char *colon = text ? strchr(text, ':') : NULL;

	if (!colon)
		return;
	wanted = text;
	wanted_length = (size_t)(colon - text);
	remaining = atoi(colon + 1);
}

/* What measures coverage or looks for leaks comes after this, and is spared. */
static void __attribute__((destructor)) disarmed(void)
{
	wanted = NULL;
}

static int fails(const char *name, int code)
{
	static const char hit[] = "fault hit\n";

	if (!wanted || strncmp(wanted, name, wanted_length) ||
	    name[wanted_length])
		return 0;
	if (__atomic_sub_fetch(&remaining, 1, __ATOMIC_RELAXED))
		return 0;
	if (syscall(SYS_write, STDERR_FILENO, hit, sizeof(hit) - 1) < 0)
		abort();
	errno = code;
	return 1;
}

#define WRAP(type, failed, code, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return fails(#name, code) ? (failed) : \
					    __real_##name arguments; \
	}

WRAP(void *, NULL, ENOMEM, malloc, (size_t size), (size))
WRAP(void *, NULL, ENOMEM, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, NULL, ENOMEM, realloc, (void *old, size_t size), (old, size))
WRAP(char *, NULL, ENOMEM, strdup, (const char *text), (text))
WRAP(void *, MAP_FAILED, ENOMEM, mmap,
     (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     (at, size, protection, flags, fd, offset))
WRAP(int, -1, ENOSPC, ftruncate, (int fd, off_t size), (fd, size))
WRAP(int, -1, EPERM, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, -1, ENOMEM, madvise, (void *at, size_t size, int advice),
     (at, size, advice))
WRAP(int, -1, EMFILE, memfd_create, (const char *name, unsigned int flags),
     (name, flags))
WRAP(int, -1, EMFILE, eventfd, (unsigned int value, int flags), (value, flags))
WRAP(int, -1, EAGAIN, eventfd_write, (int fd, eventfd_t value), (fd, value))
WRAP(int, -1, EAGAIN, eventfd_read, (int fd, eventfd_t *value), (fd, value))
WRAP(int, -1, EMFILE, epoll_create1, (int flags), (flags))
WRAP(int, -1, EINTR, epoll_pwait2,
     (int epoll, struct epoll_event *events, int count,
      const struct timespec *timeout, const sigset_t *mask),
     (epoll, events, count, timeout, mask))
WRAP(int, -1, EMFILE, socket, (int domain, int type, int protocol),
     (domain, type, protocol))
WRAP(int, -1, EACCES, bind,
     (int fd, const struct sockaddr *address, socklen_t size),
     (fd, address, size))
WRAP(int, -1, EADDRINUSE, listen, (int fd, int backlog), (fd, backlog))
WRAP(int, -1, EMFILE, accept4,
     (int fd, struct sockaddr *address, socklen_t *size, int flags),
     (fd, address, size, flags))
WRAP(int, -1, ENOBUFS, getsockopt,
     (int fd, int level, int name, void *value, socklen_t *size),
     (fd, level, name, value, size))
WRAP(ssize_t, -1, ENOBUFS, sendmsg,
     (int fd, const struct msghdr *message, int flags), (fd, message, flags))
WRAP(ssize_t, -1, EINTR, recvmsg, (int fd, struct msghdr *message, int flags),
     (fd, message, flags))
WRAP(int, -1, EMFILE, signalfd, (int fd, const sigset_t *mask, int flags),
     (fd, mask, flags))
WRAP(ssize_t, -1, EINTR, read, (int fd, void *data, size_t size),
     (fd, data, size))
WRAP(ssize_t, -1, ENOSPC, write, (int fd, const void *data, size_t size),
     (fd, data, size))
WRAP(ssize_t, -1, EIO, pread, (int fd, void *data, size_t size, off_t at),
     (fd, data, size, at))
WRAP(int, EAGAIN, EAGAIN, pthread_create,
     (pthread_t *thread, const pthread_attr_t *attributes,
      void *(*run)(void *), void *argument),
     (thread, attributes, run, argument))

/* Taking something out again doesn't fail. */
int __real_epoll_ctl(int epoll, int op, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll, int op, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	if (op == EPOLL_CTL_ADD && fails("epoll_ctl", ENOSPC))
		return -1;
	return __real_epoll_ctl(epoll, op, fd, event);
}

/* Those with an argument more or less. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	va_list list;
	mode_t mode;

	va_start(list, flags);
	mode = va_arg(list, mode_t);
	va_end(list);
	return fails("open", EMFILE) ? -1 : __real_open(path, flags, mode);
}

int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...)
{
	va_list list;
	long argument;

	va_start(list, command);
	argument = va_arg(list, long);
	va_end(list);
	return fails("fcntl", EPERM) ? -1 :
				       __real_fcntl(fd, command, argument);
}
