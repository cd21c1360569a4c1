/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A memfd: anonymous, sealable, private to its owner until that passes it on.
 * Where a kernel has no hugetlb memfd, libhugetlbfs gives an unlinked file of
 * a mounted hugetlbfs instead; that can't be sealed, so arena->sealed stays 0
 * and it is never passed on.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/memfd.h>

#include "mem/libraries.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U		/* Linux 6.3 */
#endif

static int memfd_make(const struct arena *arena)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd;

	if (arena->page_size > ARENA_SMALL_PAGE)
		flags |= MFD_HUGETLB | arena->page_shift << MFD_HUGE_SHIFT;
	fd = memfd_create("plxdma", flags | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("plxdma", flags);
	return fd < 0 ? -errno : fd;
}

static int unlinked_make(const struct arena *arena)
{
	const struct libraries *libraries = libraries_get();
	int fd;

	if (arena->page_size == ARENA_SMALL_PAGE || !libraries->unlinked_fd)
		return -ENOTSUP;
	fd = libraries->unlinked_fd((long)arena->page_size);
	if (fd < 0)
		return -ENOTSUP;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC)) {
		close(fd);
		return -ENOTSUP;
	}
	return fd;
}

static int file_open(struct arena *arena, struct error *error)
{
	int memfd = memfd_make(arena);

	arena->fd = memfd;
	if (memfd == -EINVAL || memfd == -ENOSYS || memfd == -EOPNOTSUPP)
		arena->fd = unlinked_make(arena);
	if (arena->fd >= 0)
		return 0;
	if (arena->fd != -ENOTSUP)
		return error_set(error, memfd, "arena: memfd_create of %zu KiB "
				 "pages: %s", arena->page_size >> 10,
				 strerror(-memfd));
	return error_set(error, -ENOTSUP, "arena: neither a hugetlb memfd (%s) "
		"nor a hugetlbfs mount for %zu KiB pages; as root: mount -t "
		"hugetlbfs -o pagesize=%zuK none /mnt", strerror(-memfd),
		arena->page_size >> 10, arena->page_size >> 10);
}

int file_new(struct arena *arena, struct error *error)
{
	int rc = file_open(arena, error);

	if (rc)
		return rc;
	if (fchmod(arena->fd, S_IRUSR | S_IWUSR))
		return error_set(error, -errno, "arena: fchmod: %s",
				 strerror(errno));
	if (ftruncate(arena->fd, (off_t)arena->size))
		return error_set(error, -errno, "arena: a file of %zu MiB: %s",
				 arena->size >> 20, strerror(errno));
	return 0;
}

int file_seal(struct arena *arena, unsigned int flags, struct error *error)
{
	int wanted = F_SEAL_GROW | F_SEAL_SEAL;
	int seals = fcntl(arena->fd, F_GET_SEALS);

	/* A file of a mount has no seals, or that against more of them. */
	if (seals < 0 || seals & F_SEAL_SEAL)
		return 0;
	if (flags & ARENA_READ_ONLY)
		wanted |= F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK;
	if (fcntl(arena->fd, F_ADD_SEALS, wanted))
		return error_set(error, -errno, "arena: sealing: %s",
				 strerror(errno));
	arena->sealed = 1;
	arena->read_only = (flags & ARENA_READ_ONLY) != 0;
	return 0;
}
