/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Physical frames of this process's pages, from /proc/self/pagemap.
 *
 * The kernel asks for CAP_SYS_ADMIN when the file is opened, not when it is
 * read, so one descriptor is opened early, held for the life of the process,
 * and still yields frames after all capabilities were dropped.
 */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

#define PAGEMAP_UNKNOWN 0		/* hidden from us, or on the move */
#define PAGEMAP_HOLE UINT64_MAX		/* no page there */

/* Opens the descriptor if this process has none yet.  0 or -errno. */
int pagemap_open(void);
/*
 * Fills frames[] with the physical address of each page, PAGEMAP_UNKNOWN or
 * PAGEMAP_HOLE; all are unknown where the file can't be opened.  @shift: page
 * size as a power of two.  0 or -errno.
 */
int pagemap_frames(const void *base, size_t pages, unsigned int shift,
		   uint64_t *frames);

#endif
