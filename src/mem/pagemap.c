/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The descriptor is the process's, hence global: it stands for a privilege
 * that the process had when it was opened.  After a fork it still shows the
 * parent's memory, so a child opens its own.
 */
#include "pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define PAGEMAP_SHIFT 12
#define ENTRY_PRESENT (UINT64_C(1) << 63)
#define ENTRY_SWAPPED (UINT64_C(1) << 62)	/* or being migrated */
#define ENTRY_FRAME ((UINT64_C(1) << 55) - 1)
#define BATCH 512

static pthread_mutex_t pagemap_lock = PTHREAD_MUTEX_INITIALIZER;
static int pagemap_fd = -1;
static pid_t pagemap_owner;

int pagemap_open(void)
{
	int fd;

	pthread_mutex_lock(&pagemap_lock);
	if (pagemap_fd >= 0 && pagemap_owner != getpid()) {
		close(pagemap_fd);
		pagemap_fd = -1;
	}
	if (pagemap_fd < 0) {
		pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
		pagemap_owner = getpid();
	}
	fd = pagemap_fd < 0 ? -errno : pagemap_fd;
	pthread_mutex_unlock(&pagemap_lock);
	return fd < 0 ? fd : 0;
}

static uint64_t entry_frame(uint64_t entry)
{
	if (entry & ENTRY_PRESENT)
		return (entry & ENTRY_FRAME) << PAGEMAP_SHIFT;
	return entry & ENTRY_SWAPPED ? PAGEMAP_UNKNOWN : PAGEMAP_HOLE;
}

/* Reads @count entries from the one of @address on. */
static int entries_read(uintptr_t address, uint64_t *entries, size_t count)
{
	off_t at = (off_t)((address >> PAGEMAP_SHIFT) * sizeof(*entries));
	size_t size = count * sizeof(*entries);
	ssize_t got = pread(pagemap_fd, entries, size, at);

	if (got < 0)
		return -errno;
	return (size_t)got == size ? 0 : -EIO;
}

/* A hugepage has an entry for each 4 KiB of it; the first tells enough. */
static int frames_of_hugepages(uintptr_t base, size_t pages, unsigned int shift,
			       uint64_t *frames)
{
	size_t i;
	int rc;

	for (i = 0; i < pages; i++) {
		rc = entries_read(base + (i << shift), &frames[i], 1);
		if (rc)
			return rc;
		frames[i] = entry_frame(frames[i]);
	}
	return 0;
}

static int frames_of_small_pages(uintptr_t base, size_t pages, uint64_t *frames)
{
	size_t i, j, count;
	int rc;

	for (i = 0; i < pages; i += count) {
		count = pages - i < BATCH ? pages - i : BATCH;
		rc = entries_read(base + (i << PAGEMAP_SHIFT), frames + i,
				  count);
		if (rc)
			return rc;
		for (j = i; j < i + count; j++)
			frames[j] = entry_frame(frames[j]);
	}
	return 0;
}

int pagemap_frames(const void *base, size_t pages, unsigned int shift,
		   uint64_t *frames)
{
	if (pagemap_open()) {
		memset(frames, 0, pages * sizeof(*frames));
		return 0;
	}
	if (shift == PAGEMAP_SHIFT)
		return frames_of_small_pages((uintptr_t)base, pages, frames);
	return frames_of_hugepages((uintptr_t)base, pages, shift, frames);
}
