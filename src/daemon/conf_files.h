/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files of a configuration: one, and those beside it whose names end in
 * .conf, in the folder of the same name with .d, in the order of their names.
 */
#ifndef DAEMON_CONF_FILES_H
#define DAEMON_CONF_FILES_H

#include "settings.h"

/* Told of whatever is wrong, with file and line and the fix. */
struct conf_ear {
	void (*wrong)(void *context, const char *text);
	/* A file that was read; may be NULL. */
	void (*file)(void *context, const char *path);
	void *context;
};

/*
 * Reads them over what is there: what a later one says of a key counts, lists
 * add up. @must: the first file must be there, else those beside it will do.
 * Return: 0, or -EINVAL or another negative errno if something was told; all
 * files were read to their ends then as well.
 */
int conf_files_load(struct settings *settings, const char *path, int must,
		    const struct conf_ear *ear);
/* One file. */
int conf_file_load(struct settings *settings, const char *path,
		   const struct conf_ear *ear);

#endif
