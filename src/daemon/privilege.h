/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon may do, given up once it needs it no more.
 */
#ifndef DAEMON_PRIVILEGE_H
#define DAEMON_PRIVILEGE_H

/*
 * Drops all capabilities for good; what needs them (pagemap, the ring that
 * pins, cards) must be open. Locked memory is unlimited from here on, because
 * arenas are pinned later: clients are limited by max-arena and max-clients.
 * Return: 0 or a negative errno.
 */
int privilege_drop(void);

#endif
