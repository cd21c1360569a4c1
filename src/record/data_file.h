/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that grows past the page cache (O_DIRECT, where the file system takes
 * that), so that a day's data doesn't drive everything else out of memory.
 *
 * Direct writes are whole pages of the file.  What is put is gathered, and
 * written a MiB at a time; a flush writes the last page half empty, and again
 * when there is more for it.
 */
#ifndef RECORD_DATA_FILE_H
#define RECORD_DATA_FILE_H

#include <stddef.h>
#include <stdint.h>

struct data_file {
	int fd;
	unsigned char *gathered;
	size_t used;		/* of it */
	uint64_t written;	/* bytes of the file before it */
	uint64_t reserved;	/* bytes that the disk has promised */
	uint64_t keep_free;	/* bytes that stay free on the disk */
};

/* 0 or a negative errno; -EEXIST: nothing is ever written over. */
int data_file_open(struct data_file *file, const char *path,
		   uint64_t keep_free);
/* -ENOSPC: the disk is full, or full but for what is to be kept free. */
int data_file_put(struct data_file *file, const void *data, size_t size);
/* Everything that was put is in the file. */
int data_file_flush(struct data_file *file);
/* Makes the file @size bytes long, and durable. */
int data_file_close(struct data_file *file, uint64_t size);
static inline uint64_t data_file_size(const struct data_file *file)
{
	return file->written + file->used;
}

#endif
