/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ring entries, with lists and recipes, and register steps of a client that
 * says anything.
 */
#ifndef TESTS_DAEMON_GARBAGE_H
#define TESTS_DAEMON_GARBAGE_H

#include "raw.h"

#define GARBAGE_ARENA (1u << 20)	/* bytes of its arena */

struct garbage {
	const uint32_t *places;		/* local addresses to aim near */
	unsigned int count;
	uint32_t registers;		/* an offset in BAR2, likewise */
};

/* Numbers that somebody may have forgotten. */
#define GARBAGE_EDGES 33
extern const uint64_t garbage_edges[GARBAGE_EDGES];
uint64_t garbage_edge(void);

/* Its list or recipe is in the client's area. */
struct wire_submission garbage_entry(const struct garbage *garbage,
				     struct raw *raw, uint64_t cookie);
struct plxdma_step garbage_step(const struct garbage *garbage);

/* Can it be right, whatever the policy?  An arena may be larger than asked for. */
int garbage_must_be_refused(const struct raw *raw,
			    const struct wire_submission *entry);

#endif
