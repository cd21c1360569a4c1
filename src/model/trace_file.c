/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as text, in a file that others may read while the card runs.
 *
 * Lines go through a mapping of the file's end: no system call per event, and
 * what was written stays when the process is killed.  Blocks are allocated
 * before they are mapped, so that a full disk is an error, not a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/card.h"

#define WINDOW (1u << 20)
#define LIMIT  (1ull << 30)

static const char *const names[MODEL_TRACE_KINDS] = {
	[MODEL_TRACE_READ] = "read",   [MODEL_TRACE_WRITE] = "write",
	[MODEL_TRACE_START] = "start", [MODEL_TRACE_FETCH] = "fetch",
	[MODEL_TRACE_END] = "end",     [MODEL_TRACE_EARLY] = "early",
	[MODEL_TRACE_CRASH] = "crash", [MODEL_TRACE_INTX] = "intx",
	[MODEL_TRACE_LINTO] = "linto", [MODEL_TRACE_DREQ] = "dreq",
	[MODEL_TRACE_LINTI] = "linti", [MODEL_TRACE_EOT] = "eot",
	[MODEL_TRACE_RESET] = "reset",
};

const char *model_trace_name(enum model_trace_kind kind)
{
	return (unsigned int)kind < MODEL_TRACE_KINDS ? names[kind] : "unknown";
}

static int line_access(const struct model_event *e, char *line, size_t size)
{
	char where[16];

	if (e->where == MODEL_TRACE_CONFIG)
		snprintf(where, sizeof(where), "config");
	else if (e->where == MODEL_TRACE_LOCAL)
		snprintf(where, sizeof(where), "local");
	else
		snprintf(where, sizeof(where), "bar%d", e->where);
	return snprintf(line, size, " %s+0x%x/%u 0x%x", where, e->offset,
			e->width, e->value);
}

static int line_rest(const struct model_event *e, char *line, size_t size)
{
	switch (e->kind) {
	case MODEL_TRACE_READ:
	case MODEL_TRACE_WRITE:
		return line_access(e, line, size);
	case MODEL_TRACE_START:
		return snprintf(line, size,
				" dma%u mode 0x%x next 0x%x bus 0x%llx local "
				"0x%x size %u", e->channel, e->mode, e->next,
				(unsigned long long)e->bus, e->local, e->size);
	case MODEL_TRACE_FETCH:
		return snprintf(line, size,
				" dma%u at 0x%x next 0x%x bus 0x%llx local "
				"0x%x size %u", e->channel, e->here, e->next,
				(unsigned long long)e->bus, e->local, e->size);
	case MODEL_TRACE_END:
	case MODEL_TRACE_EARLY:
	case MODEL_TRACE_CRASH:
		return snprintf(line, size, " dma%u bytes %llu bus-time %llu",
				e->channel, (unsigned long long)e->bytes,
				(unsigned long long)e->bus_time);
	case MODEL_TRACE_DREQ:
		return snprintf(line, size, "%u %u", e->channel, e->value);
	case MODEL_TRACE_INTX:
	case MODEL_TRACE_LINTO:
	case MODEL_TRACE_LINTI:
		return snprintf(line, size, " %u", e->value);
	default:
		*line = '\0';
		return 0;
	}
}

int model_trace_line(const struct model_event *event, char *line, size_t size)
{
	int head = snprintf(line, size, "%llu %llu %s",
			    (unsigned long long)event->sequence,
			    (unsigned long long)event->time,
			    model_trace_name(event->kind));

	if (head < 0 || (size_t)head >= size)
		return head;
	return head + line_rest(event, line + head, size - (size_t)head);
}

/* Maps the stretch of the file that holds its end. */
static int window_move(struct trace_file *file)
{
	uint64_t start = file->end & ~(uint64_t)(WINDOW - 1);
	void *window;
	int ret;

	if (start >= LIMIT)
		return -EFBIG;
	ret = posix_fallocate(file->fd, (off_t)start, WINDOW);
	if (ret)
		return -ret;
	window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED,
		      file->fd, (off_t)start);
	if (window == MAP_FAILED)
		return -errno;
	if (file->window)
		munmap(file->window, WINDOW);
	file->window = window;
	file->start = start;
	return 0;
}

int trace_open(struct trace_file *file, const char *path, struct error *error)
{
	int ret;

	*file = (struct trace_file){ .fd = -1 };
	if (!path)
		return 0;
	file->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ret = file->fd < 0 ? -errno : window_move(file);
	if (!ret)
		return 0;
	trace_close(file);
	return error_set(error, ret, "model: trace=%s: %s", path,
			 strerror(-ret));
}

/* A log that can't go on ends at a whole line. */
void trace_put(struct trace_file *file, const struct model_event *event)
{
	char line[256];
	int length = model_trace_line(event, line, sizeof(line) - 1);
	const char *from = line;
	uint64_t begin = file->end;
	size_t left;

	if (length < 0 || (size_t)length >= sizeof(line) - 1)
		return;
	line[length] = '\n';
	left = (size_t)length + 1;
	while (left) {
		size_t at = (size_t)(file->end - file->start);
		size_t room = WINDOW - at, n = left < room ? left : room;

		memcpy(file->window + at, from, n);
		file->end += n;
		from += n;
		left -= n;
		if (n == room && window_move(file)) {
			file->end = left ? begin : file->end;
			trace_close(file);
			return;
		}
	}
}

void trace_close(struct trace_file *file)
{
	if (file->fd < 0)
		return;
	if (file->window)
		munmap(file->window, WINDOW);
	file->window = NULL;
	/* Null bytes at the end are all that is left if this fails. */
	if (ftruncate(file->fd, (off_t)file->end))
		file->end = 0;
	close(file->fd);
	file->fd = -1;
}
