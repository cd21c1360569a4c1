/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that bytes are streamed from or to, - being the standard input or
 * output. All but stream_file_get() return exit codes of cli.h, and complain
 * themselves.
 */
#ifndef CLI_STREAM_FILE_H
#define CLI_STREAM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct stream_file {
	const char *path;
	int fd;
};

int stream_file_open(struct stream_file *file, bool writing);
/* @code: how things went so far; what goes wrong here counts then. */
int stream_file_close(struct stream_file *file, int code);
int stream_file_put(struct stream_file *file, const void *data, size_t size);
/* Return: bytes read, less than @size only at the end of the file; or -1. */
ssize_t stream_file_get(struct stream_file *file, void *data, size_t size);

#endif
