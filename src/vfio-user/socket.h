/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The socket file that clients connect to.
 */
#ifndef VFIO_USER_SOCKET_H
#define VFIO_USER_SOCKET_H

#include "error/error.h"

/* Who may connect is who may write the file: what umask leaves.  A file that
 * nobody listens on any more is replaced.  Return: the descriptor, which
 * doesn't block, or a negative errno with a text. */
int socket_listen(const char *path, struct error *error);
/* -EAGAIN: nobody is waiting. */
int socket_accept(int listener);
void socket_close(int listener, const char *path);

#endif
