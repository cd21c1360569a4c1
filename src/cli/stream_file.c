/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/stream_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int stream_file_open(struct stream_file *file, bool writing)
{
	int why;

	if (strcmp(file->path, "-") == 0)
		file->fd = writing ? STDOUT_FILENO : STDIN_FILENO;
	else if (writing)
		file->fd = open(file->path,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else
		file->fd = open(file->path, O_RDONLY | O_CLOEXEC);
	if (file->fd >= 0)
		return CLI_OK;
	why = errno;
	cli_complain("%s: %s", file->path, strerror(why));
	return !writing && why == ENOENT ? CLI_ABSENT : CLI_FAILED;
}

int stream_file_close(struct stream_file *file, int code)
{
	if (file->fd <= STDERR_FILENO)
		return code;
	/* A full disk may show only now. */
	if (close(file->fd) && code == CLI_OK) {
		cli_complain("%s: %s", file->path, strerror(errno));
		return CLI_FAILED;
	}
	return code;
}

int stream_file_put(struct stream_file *file, const void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = write(file->fd, (const char *)data + done,
				  size - done);

		if (n < 0 && errno != EINTR) {
			cli_complain("%s: %s", file->path, strerror(errno));
			return CLI_FAILED;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return CLI_OK;
}

ssize_t stream_file_get(struct stream_file *file, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(file->fd, (char *)data + done, size - done);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR) {
			cli_complain("%s: %s", file->path, strerror(errno));
			return -1;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}
