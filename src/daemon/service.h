/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service manager's side of a daemon, as systemd defines it: readiness, a
 * watchdog, a socket that was made before. Three environment variables and a
 * datagram, which is no reason for a library; without them nothing happens.
 */
#ifndef DAEMON_SERVICE_H
#define DAEMON_SERVICE_H

#include <stdint.h>

/* Tells it a line or several, "READY=1". */
void service_tell(const char *text);

/* How often it wants to hear that this lives, in ns; 0: not at all. Half of
 * what it waits for. */
uint64_t service_watchdog(void);

/* The listening socket of clients that it passed, non-blocking and not for
 * children; -ENOENT: none; -EINVAL: another kind of descriptor. */
int service_socket(void);

#endif
