/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sleeping until there is something to do.
 */
#ifndef DAEMON_REST_H
#define DAEMON_REST_H

#include "server.h"

/* Sleeps until a descriptor is readable or something is due, and serves what
 * woke it. */
void rest(struct server *server, uint64_t now);

#endif
