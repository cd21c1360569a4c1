/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which registers of a card clients may read and write, as its administrator
 * decided. A read may pop a FIFO, so reads are policy as well.
 *
 * A list that isn't given allows everything; one that is given allows what it
 * lists. What the engines live by stays refused whatever is written here: that
 * is the driver's (dma/registers.c).
 */
#ifndef DAEMON_REACH_H
#define DAEMON_REACH_H

#include <stdint.h>

#include <plxdma/registers.h>

#include "error/error.h"
#include "ranges.h"

struct reach {
	struct ranges read;
	struct ranges write;
	struct ranges claim_write;	/* only under the card's claim */
};

/*
 * "SPACE [FIRST-LAST][, ...]" or "none"; SPACE is chip, bar2, bar3 or config,
 * the whole of it without a range. Adds to the list; "none" forgets what was
 * there and allows nothing. @key is named in errors.
 * Return: 0, -EINVAL, -ENOSPC.
 */
int reach_allow(struct ranges *list, const char *key, const char *text,
		struct error *error);

/* What both allow; needs a claim what needs one by either. -ENOSPC if that is
 * more than RANGES_MOST ranges (reach_set.c). */
int reach_both(const struct reach *a, const struct reach *b,
	       struct reach *both);
/* Allows nothing. */
void reach_close(struct reach *reach);
/* How a space is called. */
const char *reach_space_name(unsigned int space);

/* Does it allow everything, to everybody? Then no step need be asked about. */
int reach_is_open(const struct reach *reach);

/* May it be done? @owns: does the client hold the card's claim? 0, -EACCES, or
 * -EPERM if a claim would help. */
int reach_check(const struct reach *reach, const struct plxdma_step *step,
		int owns, struct error *error);

#endif
