/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena: pinned hugepages of one owner, in frame order.
 *
 * One memfd, sealed; its pages sit in the file in the order of their frames,
 * so one linear mapping is as contiguous on the bus as the set of frames
 * allows, and whoever is given the descriptor learns nothing about frames.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/card.h>

#include "error/error.h"

#define ARENA_SMALL_PAGES 1u	/* 4 KiB pages: only for the software card */
#define ARENA_UNPINNED 2u	/* go on if no pin can be had */
#define ARENA_READ_ONLY 4u	/* for all but this process */

struct arena_options {
	size_t size;		/* bytes, rounded up to whole pages */
	size_t page_size;	/* 2 MiB or 1 GiB; 0: the smallest hugepage */
	int node;		/* NUMA node, -1 for any */
	unsigned int flags;
};

struct arena {
	char *base;		/* linear mapping of the file */
	size_t size;
	size_t page_size;
	unsigned int page_shift;
	size_t pages;
	int fd;			/* memfd */
	int sealed;		/* F_SEAL_GROW|SEAL; if not, never pass it on */
	int read_only;		/* F_SEAL_FUTURE_WRITE|SHRINK as well */
	int node;		/* where the pages were found, -1 unknown */
	enum plxdma_pin pin;
	int frames_known;
	uint64_t *frames;	/* physical address of each page, 0: unknown */
	uint8_t *quarantine;	/* pages whose frame changed */
	size_t moved;		/* how many; of any thread: arena_moved() */
	/* One that a transport made of memory of its own, which doesn't move:
	 * whose it is, and how it goes.  NULL: arena_new()'s. */
	const void *owner;
	void (*release)(struct arena *arena);
	struct arena_private *private;
};

/*
 * Opens what needs privilege (the pagemap descriptor, the ring that pins) for
 * all later arenas of the process: call it before dropping capabilities.
 * arena_new() does so itself.
 */
int arena_prepare(struct error *error);

/*
 * Takes hugepages, binds, orders, pins and seals them.
 * Return: 0 or a negative errno, with the command that mends it in the text:
 * -ENOMEM (no hugepages), -EPERM, -EINVAL, -ENOTSUP.  Without CAP_SYS_ADMIN
 * frames are unknown and the order is the kernel's.
 */
int arena_new(const struct arena_options *options, struct arena **arena,
	      struct error *error);
/* Unpins, unmaps, closes; clients that still hold the file keep its pages. */
void arena_free(struct arena *arena);
/* As arena_free(), after truncating the file to 0 for whoever still maps it:
 * their next access is SIGBUS and the pages are free.  They go back so that
 * the next arena has them in order at once: prefer it where nobody else may
 * keep the file. */
void arena_destroy(struct arena *arena);

/*
 * Compares all frames with those at the start.  Return: pages in quarantine;
 * -ENODATA if frames are unknown.  *holes receives pages that are not present
 * (the holder of the descriptor punched them), may be NULL.
 */
int arena_verify(struct arena *arena, size_t *holes);

/* Likewise, of some pages only: pages of them in quarantine. */
int arena_verify_pages(struct arena *arena, size_t first, size_t last);
/* Pages in quarantine. */
static inline size_t arena_moved(const struct arena *arena)
{
	return __atomic_load_n(&arena->moved, __ATOMIC_ACQUIRE);
}

/* Longest stretch and number of stretches of adjacent pages by bus address. */
size_t arena_longest_run(const uint64_t *bus, size_t pages, size_t page_size,
			 size_t *runs);

/* Hugepage sizes that the kernel has, ascending; returns how many. */
int arena_page_sizes(size_t *sizes, int room);

#endif
