/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An eventfd that daemon and client share.
 *
 * They share its flags as well: a client may take O_NONBLOCK off, drain it
 * before the daemon reads, or fill it so that another write has to wait. Then a
 * plain read or write would hold up the daemon, and all of its clients, for as
 * long as that client likes. So nothing here waits, whatever the flags say.
 */
#ifndef DAEMON_BELL_H
#define DAEMON_BELL_H

#include <stdint.h>

/* Empties it. */
void bell_hear(int fd);
/*
 * Return: 0; -EPROTO if its client has made it one that would wait: it isn't
 * rung then, which is that client's own loss; -EINTR if it changed that at the
 * very moment, and has held up the daemon until the guard's next tick: such a
 * client is to be parted with.
 */
int bell_ring(int fd, uint64_t count);
/* Interrupts whatever this thread waits for in vain, once a second, from now
 * on. Return: 0 or a negative errno. */
int bell_guard(void);

#endif
