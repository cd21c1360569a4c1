/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The FIFO filled from the board's side, and what came of it.
 */
#include "fifo.h"

void port_push(struct card *card, uint32_t first, unsigned int count)
{
	while (count--)
		local32_set(card, FIFO, first++);
}

bool host_counts(struct card *card, unsigned int offset, uint32_t first,
		 unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (host32(card, offset + 4 * i) != first + i)
			return false;
	return true;
}
