/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reports that write themselves, on a fault (report=DIR).
 *
 * A fault that comes again and again must not fill a disk: a card and process
 * has REPORT_FILES names and no more, names that exist are left alone, and
 * nothing is written where little room is left.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "dma/card.h"
#include "dma/report.h"

#define NAME_KEPT 40

int report_begin(struct dma_card *card, struct error *error)
{
	const char *path = card->options.report;

	card->report_fd = -1;
	if (!path[0])
		return 0;
	card->report_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (card->report_fd < 0)
		return error_set(error, -errno,
				 "report=%s: %s; name a directory that exists",
				 path, strerror(errno));
	return 0;
}

void report_end(struct dma_card *card)
{
	if (card->report_fd >= 0)
		close(card->report_fd);
}

static int room_left(int directory)
{
	struct statvfs fs;

	return !fstatvfs(directory, &fs) &&
	       (uint64_t)fs.f_bavail * fs.f_frsize > REPORT_ROOM;
}

/* The card's name as part of a file's. */
static void name_fill(const struct dma_card *card, char *name)
{
	unsigned int i;

	for (i = 0; i < NAME_KEPT && card->name[i]; i++)
		name[i] = isalnum((unsigned char)card->name[i]) ? card->name[i]
								: '_';
	name[i] = '\0';
}

/* The next name that isn't taken, created. */
static int file_create(struct dma_card *card)
{
	char name[NAME_KEPT + 1], path[96];
	unsigned int n;
	int fd;

	name_fill(card, name);
	for (;;) {
		n = atomic_fetch_add(&card->reports, 1);
		if (n >= REPORT_FILES)
			return -1;
		snprintf(path, sizeof(path), "plxdma-%s-%d-%02u.json", name,
			 (int)getpid(), n);
		fd = openat(card->report_fd, path,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
				    O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
}

void report_fault(struct dma_card *card, enum plxdma_status status)
{
	size_t length = 0;
	char *text;
	int fd;

	if (card->report_fd < 0 ||
	    atomic_load(&card->reports) >= REPORT_FILES ||
	    !room_left(card->report_fd))
		return;
	fd = file_create(card);
	if (fd < 0)
		return;
	text = report_text(card, report_status(status), 1, &length);
	if (text)
		report_write(fd, text, length);
	free(text);
	close(fd);
}
