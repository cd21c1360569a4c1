/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The local bus in Lwords: what a board stores and loads, little-endian, and
 * registers of 32 bits that are accessed in parts.
 */
#ifndef BOARDS_LWORDS_H
#define BOARDS_LWORDS_H

#include <stddef.h>
#include <stdint.h>

static inline void lword_store(uint8_t *to, uint32_t lword)
{
	to[0] = (uint8_t)lword;
	to[1] = (uint8_t)(lword >> 8);
	to[2] = (uint8_t)(lword >> 16);
	to[3] = (uint8_t)(lword >> 24);
}

static inline uint32_t lword_load(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* Registers from @offset on; each that is touched is read or written once. */
typedef uint32_t lword_get_fn(void *board, uint32_t offset);
typedef void lword_set_fn(void *board, uint32_t offset, uint32_t value);
void lwords_read(void *board, uint32_t offset, uint8_t *to, size_t size,
		 lword_get_fn *get);
/* Of a register that is written in part the other bytes stay as @get tells. */
void lwords_write(void *board, uint32_t offset, const uint8_t *from,
		  size_t size, lword_get_fn *get, lword_set_fn *set);

#endif
