/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A clock that makes words, whether anybody reads them or not.
 *
 * How many there are by now follows from the time alone, so nothing has to run
 * meanwhile, and no word is made twice or forgotten however seldom somebody
 * looks.
 */
#ifndef BOARDS_CLOCK_H
#define BOARDS_CLOCK_H

#include <stdint.h>

struct clock {
	uint64_t rate; /* words per second; 0 stands still */
	uint64_t since, made;
};

/* Runs from @now on. */
void clock_start(struct clock *clock, uint64_t rate, uint64_t now);
/* Words that were made since this was last asked. */
uint64_t clock_take(struct clock *clock, uint64_t now);
/* When @words more will have been made; 0: never. */
uint64_t clock_when(const struct clock *clock, uint64_t words);

#endif
