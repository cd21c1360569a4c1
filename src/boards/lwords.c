/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers of 32 bits on a local bus that also knows bytes.
 */
#include "boards/lwords.h"

#include <string.h>

static size_t part(uint32_t offset, size_t size)
{
	size_t room = 4 - offset % 4;

	return size < room ? size : room;
}

void lwords_read(void *board, uint32_t offset, uint8_t *to, size_t size,
		 lword_get_fn *get)
{
	while (size) {
		size_t n = part(offset, size);
		uint8_t bytes[4];

		lword_store(bytes, get(board, offset & ~3u));
		memcpy(to, bytes + offset % 4, n);
		to += n;
		size -= n;
		offset += (uint32_t)n;
	}
}

void lwords_write(void *board, uint32_t offset, const uint8_t *from,
		  size_t size, lword_get_fn *get, lword_set_fn *set)
{
	while (size) {
		size_t n = part(offset, size);
		uint8_t bytes[4] = { 0 };

		if (n < 4)
			lword_store(bytes, get(board, offset & ~3u));
		memcpy(bytes + offset % 4, from, n);
		set(board, offset & ~3u, lword_load(bytes));
		from += n;
		size -= n;
		offset += (uint32_t)n;
	}
}
