/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests on a client's socket.
 */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include "client.h"

/* Receives one request and answers it; marks the client dead if it is gone,
 * talks nonsense, or doesn't read its answers. */
void control_serve(struct client *client);

#endif
