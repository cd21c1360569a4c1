/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where clients come in, or are turned away.
 */
#ifndef DAEMON_DOOR_H
#define DAEMON_DOOR_H

#include "server.h"

/* Listens on the socket of the settings. 0 or a negative errno. */
int door_open(struct server *server, struct error *error);
void door_close(struct server *server);

#endif
