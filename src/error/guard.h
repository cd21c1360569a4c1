/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fault in memory that another process can take away, as an errno.
 *
 * A client of the daemon may punch holes in its arena, one of plxdma-model may
 * truncate its guest's memory, and the next access there is SIGBUS. The
 * software card reaches such memory by one accessor, and in programs that
 * serve strangers that one goes through here (model_set_copy()): a fault ends
 * the copy, and the card sees what a bus would show it, a target abort. The
 * library has no business with its program's signals, so only programs
 * install this.
 */
#ifndef ERROR_GUARD_H
#define ERROR_GUARD_H

#include <stddef.h>

/* Installs the handler for all threads. Before any card. */
int guard_install(void);
/* 0, or -EFAULT if a page of either side is not there. Any thread. */
int guard_copy(void *to, const void *from, size_t size);

#endif
