/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An INI file, read so that whatever is wrong with it is told with its line.
 *
 * The grammar is inih's; it is fed line by line from here, because its own
 * reader takes a line that is too long for two.
 */
#ifndef INI_FILE_H
#define INI_FILE_H

#include "error/error.h"

/* Longest section and key; inih cuts them off silently. */
#define INI_FILE_NAME 48

struct ini_file_handlers {
	/* A section begins; may be NULL. */
	int (*section)(void *context, const char *section, struct error *error);
	/* "" for a key before the first section. */
	int (*entry)(void *context, const char *section, const char *key,
		     const char *value, struct error *error);
	/* Told of each error, and reading goes on; NULL: the first ends it. */
	void (*wrong)(void *context, const char *text);
	/* Kept at the line that is read; may be NULL. */
	unsigned int *line;
};

/* Reads it up to its end or the first error.  0, or a negative errno (of the
 * first error) with a text that begins with "PATH:LINE: ". */
int ini_file_read(const char *path, const struct ini_file_handlers *handlers,
		  void *context, struct error *error);

#endif
