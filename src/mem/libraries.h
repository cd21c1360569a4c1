/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libnuma and libhugetlbfs, loaded when the first arena is made.
 *
 * They are not linked: a program that only is a client of the daemon makes no
 * arena and shall not carry them, since libhugetlbfs overrides shmget() and
 * runs a constructor.  RTLD_LOCAL keeps its symbols from overriding anything.
 */
#ifndef LIBRARIES_H
#define LIBRARIES_H

#include <stddef.h>

#include <hugetlbfs.h>
#include <numaif.h>

/* A member is NULL where its library, or the function in it, is missing. */
struct libraries {
	__typeof__(mbind) *bind;
	__typeof__(get_mempolicy) *policy;
	__typeof__(gethugepagesizes) *page_sizes;
	__typeof__(hugetlbfs_unlinked_fd_for_size) *unlinked_fd;
};

const struct libraries *libraries_get(void);

#endif
