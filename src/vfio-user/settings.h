/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line: this program's own options, and all of the card's.
 */
#ifndef VFIO_USER_SETTINGS_H
#define VFIO_USER_SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "error/error.h"

struct settings {
	const char *socket;
	const char *stats; /* NULL: none wanted */
	bool once, quiet;
	bool help, version;
	char *card; /* options for model_new() */
};

/* -EINVAL with a text, -ENOMEM, or 0. */
int settings_parse(struct settings *settings, int argc, char **argv,
		   struct error *error);
void settings_free(struct settings *settings);
void settings_help(FILE *file);

#endif
