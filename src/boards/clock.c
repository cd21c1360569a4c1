/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A clock that makes words.
 */
#include "boards/clock.h"

#define SECOND 1000000000u

void clock_start(struct clock *clock, uint64_t rate, uint64_t now)
{
	*clock = (struct clock){ .rate = rate, .since = now };
}

uint64_t clock_take(struct clock *clock, uint64_t now)
{
	unsigned __int128 ticks;
	uint64_t due, words;

	if (now <= clock->since)
		return 0;
	ticks = (unsigned __int128)(now - clock->since) * clock->rate;
	due = (uint64_t)(ticks / SECOND);
	words = due - clock->made;
	clock->made = due;
	return words;
}

uint64_t clock_when(const struct clock *clock, uint64_t words)
{
	unsigned __int128 ticks = (unsigned __int128)(clock->made + words) *
				  SECOND;

	if (!clock->rate)
		return 0;
	return clock->since +
	       (uint64_t)((ticks + clock->rate - 1) / clock->rate);
}
