/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client that always has transfers waiting for the card, of sizes that are
 * drawn anew for each. It has a MiB of memory and a MiB of the card's SRAM of
 * its own, by which it is known in the account; longer transfers are lists that
 * go over both again and again.
 */
#ifndef TESTS_DAEMON_BUSY_H
#define TESTS_DAEMON_BUSY_H

#include <stdint.h>

#include "raw.h"

#define BUSY_SLOTS 64		/* transfers under way at most */
#define BUSY_MIB (1u << 20)
#define BUSY_MOST (64 * BUSY_MIB)

struct busy {
	struct raw raw;
	unsigned int owner;		/* in the account */
	unsigned int depth;		/* transfers under way */
	uint32_t least, most;		/* bytes of one */
	int modes;			/* of two, or of one */
	int both_directions;
	uint64_t random;
	uint64_t free;			/* a bit for each slot */
	uint64_t ended;
	uint64_t failed;
};

/* Connects to a channel. @least, @most, @depth and @owner are filled in. 0, or
 * a negative errno. */
int busy_open(struct busy *busy, unsigned int channel);
void busy_close(struct busy *busy);
/* Takes what has ended, submits as many. */
void busy_turn(struct busy *busy);
/* The same without anything new, until nothing is under way. -1: it lasts. */
int busy_end(struct busy *busy);

#endif
