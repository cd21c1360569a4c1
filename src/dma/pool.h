/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptor memory.
 *
 * The chip's descriptor pointer is 32 bits wide, so chains live in coherent
 * memory below 4 GiB, apart from the data (design, section 4).  It comes from
 * the transport in chunks and is handed out in powers of two, so that each
 * chain is one stretch: its next pointers are a base plus a multiple, and
 * where an engine stopped is a division.  Only this process writes to it.
 */
#ifndef POOL_H
#define POOL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "error/error.h"

struct transport;

#define POOL_CLASSES 16
#define POOL_SMALLEST 512u
#define POOL_LARGEST ((size_t)POOL_SMALLEST << (POOL_CLASSES - 1)) /* 16 MiB */
#define POOL_CHUNK 65536u

struct pool_block {
	void *cpu;
	uint32_t bus;
	uint32_t size;
	unsigned int class;
	struct pool_block *next;
};

struct pool {
	struct transport *transport;
	pthread_mutex_t lock;
	struct pool_block *free[POOL_CLASSES];
	struct pool_chunk *chunks;
	size_t bytes;
};

int pool_init(struct pool *pool, struct transport *transport);
/* Gives everything back to the transport, save what was abandoned. */
void pool_destroy(struct pool *pool);

/* A block of at least @size bytes, aligned to 64. */
int pool_take(struct pool *pool, size_t size, struct pool_block **block,
	      struct error *error);
/* NULL is ignored. */
void pool_give(struct pool *pool, struct pool_block *block);
/* An engine may still read it: it never comes back. */
void pool_abandon(struct pool *pool, struct pool_block *block);

#endif
