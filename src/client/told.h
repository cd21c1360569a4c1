/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of the daemon, which come as files: what they are read from is the
 * daemon's, where they go is the caller's.
 */
#ifndef CLIENT_TOLD_H
#define CLIENT_TOLD_H

/* All of one file into another. Return: 0 or a negative errno. */
int told_copy(int from, int to);

#endif
