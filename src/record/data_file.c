/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See data_file.h. */
#include "record/data_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PAGE 4096u
#define GATHER (1u << 20)
/* Asked of the disk at once: a direct write into what is there already needs
 * no bookkeeping of the file system's. */
#define RESERVE (UINT64_C(64) << 20)

static int file_open(const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = open(path, flags | O_DIRECT, 0666);

	/* It was made, and then refused. */
	if (fd < 0 && errno == EINVAL) {
		unlink(path);
		fd = open(path, flags, 0666);
	}
	return fd < 0 ? -errno : fd;
}

int data_file_open(struct data_file *file, const char *path, uint64_t keep_free)
{
	*file = (struct data_file){.fd = -1, .keep_free = keep_free};
	file->gathered = aligned_alloc(PAGE, GATHER);
	if (!file->gathered)
		return -ENOMEM;
	file->fd = file_open(path);
	if (file->fd >= 0)
		return 0;
	free(file->gathered);
	return file->fd;
}

/* Has the disk room for as much as is kept free, besides? */
static int room_check(const struct data_file *file)
{
	struct statvfs disk;

	if (!file->keep_free)
		return 0;
	if (fstatvfs(file->fd, &disk))
		return -errno;
	return (uint64_t)disk.f_bavail * disk.f_frsize <
			       file->keep_free + RESERVE
		       ? -ENOSPC
		       : 0;
}

static int reserve(struct data_file *file, uint64_t end)
{
	int result;

	if (end <= file->reserved)
		return 0;
	result = room_check(file);
	if (result)
		return result;
	/* Near the end of a disk, or of what a user may have, writes tell. */
	if (!fallocate(file->fd, 0, (off_t)file->reserved, RESERVE))
		file->reserved += RESERVE;
	return 0;
}

static int write_all(struct data_file *file, const void *data, size_t size)
{
	size_t done = 0;
	int result = reserve(file, file->written + size);

	while (!result && done < size) {
		ssize_t n = pwrite(file->fd, (const char *)data + done,
				   size - done, (off_t)(file->written + done));

		if (n < 0 && errno != EINTR)
			result = -errno;
		else if (!n)
			result = -ENOSPC;
		done += n > 0 ? (size_t)n : 0;
	}
	return result == -EFBIG || result == -EDQUOT ? -ENOSPC : result;
}

int data_file_put(struct data_file *file, const void *data, size_t size)
{
	const char *from = data;
	int result;

	while (size) {
		size_t room = GATHER - file->used;
		size_t n = size < room ? size : room;

		memcpy(file->gathered + file->used, from, n);
		file->used += n;
		from += n;
		size -= n;
		if (file->used < GATHER)
			continue;
		result = write_all(file, file->gathered, GATHER);
		if (result)
			return result;
		file->written += GATHER;
		file->used = 0;
	}
	return 0;
}

int data_file_flush(struct data_file *file)
{
	const size_t whole = file->used / PAGE * PAGE;
	const size_t rest = file->used - whole;
	int result;

	if (!file->used)
		return 0;
	memset(file->gathered + file->used, 0, rest ? PAGE - rest : 0);
	result = write_all(file, file->gathered, whole + (rest ? PAGE : 0));
	if (result)
		return result;
	memmove(file->gathered, file->gathered + whole, rest);
	file->written += whole;
	file->used = rest;
	return 0;
}

int data_file_close(struct data_file *file, uint64_t size)
{
	int result = 0;

	if (ftruncate(file->fd, (off_t)size) || fsync(file->fd))
		result = -errno;
	if (close(file->fd) && !result)
		result = -errno;
	free(file->gathered);
	file->fd = -1;
	return result;
}
