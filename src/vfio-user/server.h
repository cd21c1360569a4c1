/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Serves the card to one client after the other, until a signal ends it.
 */
#ifndef VFIO_USER_SERVER_H
#define VFIO_USER_SERVER_H

#include <stdbool.h>

#include "error/error.h"
#include "model/model.h"

struct settings;

/* SIGTERM, SIGINT and SIGUSR1 are blocked from here on: before any thread. */
int server_block_signals(struct error *error);
/* Returns 0 when it was told to end, or has served one client if the settings
 * say so; a negative errno with a text if it can't go on. */
int server_run(struct model *model, const struct settings *settings,
	       int signals, struct error *error);

#endif
