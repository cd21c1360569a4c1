/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration read again while the daemon runs, on SIGHUP.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "server.h"

/*
 * Reads it; if anything is wrong with it everything stays as it was, and the
 * log says why. Else it holds for whatever is asked from now on, by those who
 * have cards open as well: windows and claims that are no longer allowed end,
 * transfers under way don't. Cards and the socket stay those of the start.
 */
void reload(struct server *server);

#endif
