/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls of src/mem that can be made to fail: the linker's --wrap sends them
 * here first.
 */
#ifndef INJECT_H
#define INJECT_H

#define INJECT_SHORT (-1)	/* a short read instead of an errno */

enum inject {
	INJECT_MEMFD,
	INJECT_FCHMOD,
	INJECT_FTRUNCATE,
	INJECT_MMAP,
	INJECT_MADVISE,
	INJECT_FALLOCATE,
	INJECT_FCNTL,
	INJECT_PREAD,
	INJECT_FOPEN,
	INJECT_CALLOC,
	INJECT_MALLOC,
	INJECT_FUTEX,
	INJECT_RING,
	INJECT_SPARSE,
	INJECT_REGISTER,
	INJECT_CALLS,
};

enum inject_library {
	INJECT_LIBRARIES_AS_THEY_ARE,
	INJECT_NO_NUMA,
	INJECT_NO_HUGETLBFS,
	INJECT_NO_MOUNT,	/* libhugetlbfs finds no mount */
	INJECT_NO_SIZES,	/* and no page sizes */
	INJECT_TWO_NODES,	/* pages lie on nodes 0 and 1 in turn */
	INJECT_BLIND_NODES,	/* get_mempolicy: EPERM; node 1: EACCES */
};

enum inject_frames {
	INJECT_FRAMES_AS_THEY_ARE,
	INJECT_DESCENDING,	/* each read shows a lower frame */
	INJECT_HALVES,		/* that at first, then two ascending pairs, the
				 * upper one first: pages of two nodes */
	INJECT_MIGRATING,	/* not present, but a swap entry */
};

/* Everything works again; counts start over. */
void inject_none(void);
/* The nth call from now on fails. */
void inject(enum inject call, unsigned int nth, int code);
void inject_always(enum inject call, int code);
/* It succeeds without being carried out, until inject_none(). */
void inject_lie(enum inject call);
unsigned int inject_count(enum inject call);
/* Before libraries are first loaded. */
void inject_library(enum inject_library library);
void inject_frames(enum inject_frames frames);
/* What uname() says of the kernel's release. */
void inject_kernel(const char *release);

#endif
