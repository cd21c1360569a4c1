/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's memory as the card sees it.
 */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POST_SIZE 256 /* bytes that the posting buffer holds back */

struct model;
struct channel;

struct range {
	uint64_t bus;
	uint64_t size;
	uint8_t *cpu;
	unsigned int access;
};

/* The host's memory as the card sees it. */
struct ranges {
	struct range *v;
	size_t count, room;
	size_t last; /* where the last search ended */
	uint64_t iova;
};

struct posted {
	bool on;
	uint64_t bus;
	unsigned int size;
	uint64_t due;
	uint8_t data[POST_SIZE];
};

/* ranges.c */
const struct range *ranges_find(struct ranges *r, uint64_t bus);

/* memory.c: the one way to host memory.  All called with the lock; copies
 * larger than a page are made without it. */
int memory_read(struct model *m, struct channel *ch, uint64_t bus, void *to,
		size_t size);
int memory_write(struct model *m, struct channel *ch, uint64_t bus,
		 const void *from, size_t size);
size_t memory_reach(struct model *m, uint64_t bus, size_t size,
		    unsigned int access, int *why);
void memory_prefetch(struct model *m, uint64_t bus);
void memory_drain(struct model *m);

#endif
