/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A counter and an armed fault per call.  The test program is linked with
 * --wrap for each, so __wrap_X is called for X and __real_X is X.
 */
#include "inject.h"

#include <errno.h>
#include <liburing.h>
#include <numaif.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/utsname.h>

struct armed {
	unsigned int count, nth;	/* nth 0: not armed */
	int code, always, lie;
};

static struct armed armed[INJECT_CALLS];
static enum inject_library libraries;
static enum inject_frames frames;
static const char *kernel;

void inject_none(void)
{
	memset(armed, 0, sizeof(armed));
	frames = INJECT_FRAMES_AS_THEY_ARE;
	kernel = NULL;
}

void inject(enum inject call, unsigned int nth, int code)
{
	armed[call] = (struct armed){ .nth = nth, .code = code,
				      .lie = armed[call].lie };
}

void inject_always(enum inject call, int code)
{
	armed[call] = (struct armed){ .code = code, .always = 1 };
}

void inject_lie(enum inject call)
{
	armed[call] = (struct armed){ .lie = 1 };
}

unsigned int inject_count(enum inject call)
{
	return armed[call].count;
}

void inject_library(enum inject_library library)
{
	libraries = library;
}

void inject_frames(enum inject_frames which)
{
	frames = which;
}

void inject_kernel(const char *release)
{
	kernel = release;
}

/* The code to fail with, 0 to go on. */
static int fails(enum inject call)
{
	struct armed *at = &armed[call];

	at->count++;
	if (!at->always && at->count != at->nth)
		return 0;
	if (at->code > 0)
		errno = at->code;
	return at->code;
}

#define WRAP(type, name, ...) \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

WRAP(int, memfd_create, const char *name, unsigned int flags)
{
	return fails(INJECT_MEMFD) ? -1 : __real_memfd_create(name, flags);
}

WRAP(int, fchmod, int fd, mode_t mode)
{
	return fails(INJECT_FCHMOD) ? -1 : __real_fchmod(fd, mode);
}

WRAP(int, ftruncate, int fd, off_t size)
{
	return fails(INJECT_FTRUNCATE) ? -1 : __real_ftruncate(fd, size);
}

WRAP(void *, mmap, void *address, size_t size, int protection, int flags,
     int fd, off_t offset)
{
	if (fails(INJECT_MMAP))
		return (void *)-1;
	return __real_mmap(address, size, protection, flags, fd, offset);
}

WRAP(int, madvise, void *address, size_t size, int advice)
{
	if (fails(INJECT_MADVISE))
		return -1;
	return __real_madvise(address, size, advice);
}

WRAP(int, fallocate, int fd, int mode, off_t offset, off_t size)
{
	if (fails(INJECT_FALLOCATE))
		return -1;
	return __real_fallocate(fd, mode, offset, size);
}

WRAP(int, uname, struct utsname *name)
{
	int rc = __real_uname(name);

	if (kernel)
		snprintf(name->release, sizeof(name->release), "%s", kernel);
	return rc;
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
	return fails(INJECT_FCNTL) ? -1 : __real_fcntl(fd, command, argument);
}

WRAP(ssize_t, pread, int fd, void *data, size_t size, off_t at)
{
	static const uint64_t halves[] = { 512 * 512, 513 * 512, 512, 1024 };
	static uint64_t frame = UINT64_C(1) << 30;
	unsigned int count = armed[INJECT_PREAD].count;
	uint64_t *entry = data;
	ssize_t got;
	int code = fails(INJECT_PREAD);

	if (code)
		return code == INJECT_SHORT ? 1 : -1;
	got = __real_pread(fd, data, size, at);
	if (frames == INJECT_DESCENDING ||
	    (frames == INJECT_HALVES && count < 4))
		*entry = UINT64_C(1) << 63 | (frame -= 512);
	if (frames == INJECT_HALVES && count >= 4)
		*entry = UINT64_C(1) << 63 | halves[count % 4];
	if (frames == INJECT_MIGRATING)
		*entry = UINT64_C(1) << 62;
	return got;
}

WRAP(FILE *, fopen, const char *path, const char *mode)
{
	return fails(INJECT_FOPEN) ? NULL : __real_fopen(path, mode);
}

WRAP(void *, calloc, size_t count, size_t size)
{
	return fails(INJECT_CALLOC) ? NULL : __real_calloc(count, size);
}

WRAP(void *, malloc, size_t size)
{
	return fails(INJECT_MALLOC) ? NULL : __real_malloc(size);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
	va_list list;
	long a, b, c, d, e, f;

	va_start(list, number);
	a = va_arg(list, long);
	b = va_arg(list, long);
	c = va_arg(list, long);
	d = va_arg(list, long);
	e = va_arg(list, long);
	f = va_arg(list, long);
	va_end(list);
	if (number == SYS_futex && fails(INJECT_FUTEX))
		return -1;
	return __real_syscall(number, a, b, c, d, e, f);
}

WRAP(int, io_uring_queue_init, unsigned int entries, struct io_uring *ring,
     unsigned int flags)
{
	int code = fails(INJECT_RING);

	return code ? -code : __real_io_uring_queue_init(entries, ring, flags);
}

WRAP(int, io_uring_register_buffers_sparse, struct io_uring *ring,
     unsigned int count)
{
	int code = fails(INJECT_SPARSE);

	return code ? -code
		    : __real_io_uring_register_buffers_sparse(ring, count);
}

WRAP(int, io_uring_register_buffers_update_tag, struct io_uring *ring,
     unsigned int slot, const struct iovec *vector, const __u64 *tags,
     unsigned int count)
{
	int code = fails(INJECT_REGISTER);

	if (code)
		return -code;
	if (armed[INJECT_REGISTER].lie)
		return (int)count;
	return __real_io_uring_register_buffers_update_tag(ring, slot, vector,
							   tags, count);
}

static int policy_in_turn(int *node, unsigned long *mask, unsigned long bits,
			  void *address, unsigned int flags)
{
	static int turn;

	(void)mask;
	(void)bits;
	(void)address;
	(void)flags;
	*node = turn++ & 1;
	return 0;
}

static int policy_refused(int *node, unsigned long *mask, unsigned long bits,
			  void *address, unsigned int flags)
{
	(void)node;
	(void)mask;
	(void)bits;
	(void)address;
	(void)flags;
	errno = EPERM;
	return -1;
}

static long bind_refused(void *address, unsigned long size, int mode,
			 const unsigned long *mask, unsigned long bits,
			 unsigned int flags)
{
	(void)address;
	(void)size;
	(void)mode;
	(void)bits;
	(void)flags;
	errno = EACCES;
	return *mask == 2 ? -1 : 0;
}

static int unlinked_refused(long page_size)
{
	(void)page_size;
	return -1;
}

static int sizes_none(long *sizes, int room)
{
	(void)sizes;
	(void)room;
	errno = ENOSYS;
	return -1;
}

WRAP(void *, dlopen, const char *name, int flags)
{
	if (libraries == INJECT_NO_NUMA && strstr(name, "numa"))
		return NULL;
	if (libraries == INJECT_NO_HUGETLBFS && strstr(name, "hugetlbfs"))
		return NULL;
	return __real_dlopen(name, flags);
}

static const struct lie {
	enum inject_library library;
	const char *symbol;
	void *function;
} lies[] = {
	{ INJECT_TWO_NODES, "get_mempolicy", policy_in_turn },
	{ INJECT_BLIND_NODES, "get_mempolicy", policy_refused },
	{ INJECT_BLIND_NODES, "mbind", bind_refused },
	{ INJECT_NO_MOUNT, "hugetlbfs_unlinked_fd_for_size",
	  unlinked_refused },
	{ INJECT_NO_SIZES, "gethugepagesizes", sizes_none },
};

WRAP(void *, dlsym, void *handle, const char *symbol)
{
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		if (lies[i].library == libraries &&
		    !strcmp(lies[i].symbol, symbol))
			return lies[i].function;
	return __real_dlsym(handle, symbol);
}
