/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A block of data that tells whose it is, which one it is, and whether every
 * byte of it is right.
 */
#ifndef TESTS_DAEMON_SOAK_BLOCK_H
#define TESTS_DAEMON_SOAK_BLOCK_H

#include <stdint.h>

#define BLOCK_LEAST 64u
#define BLOCK_MOST 16384u

enum block_found {
	BLOCK_RIGHT,		/* a block of this source, whole */
	BLOCK_NONE,		/* nothing came here */
	BLOCK_CORRUPT,		/* anything else */
};

void block_make(void *memory, uint32_t length, uint32_t source,
		uint64_t sequence);
/* What is to be overwritten by a block, so that one that doesn't come is seen
 * to be missing. */
void block_blank(void *memory, uint32_t length);
/* @sequence: that of the block that is there, if it is whole. */
enum block_found block_check(const void *memory, uint32_t length,
			     uint32_t source, uint64_t *sequence);

#endif
