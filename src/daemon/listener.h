/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The socket that clients connect to.
 */
#ifndef DAEMON_LISTENER_H
#define DAEMON_LISTENER_H

#include "error/error.h"

/*
 * Makes and binds the socket, mode 0660. One that a living daemon listens on
 * is refused (-EADDRINUSE), one that a dead daemon left is replaced; anything
 * else of that name is left alone (-EEXIST).
 * Return: the descriptor, non-blocking, or a negative errno.
 */
int listener_open(const char *path, struct error *error);
/* Closes it and removes its name. */
void listener_close(int fd, const char *path);

#endif
