/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The copy through which the software card reaches arenas.
 *
 * A client may punch holes in its arena, and with the hugepage pool empty the
 * next access is SIGBUS. Nothing in the daemon dereferences an arena but the
 * software card's one accessor, and that one goes through here: a fault ends
 * the copy, and the card sees what a bus would show it, a target abort.
 */
#ifndef DAEMON_GUARD_H
#define DAEMON_GUARD_H

#include <stddef.h>

/* Installs the handler for all threads. Before any card. */
int guard_install(void);
/* 0, or -EFAULT if a page of either side is not there. Any thread. */
int guard_copy(void *to, const void *from, size_t size);

#endif
