/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is a recording what was recorded?  The journal is believed entry by entry,
 * the data by the hash of each block; both may come from anywhere.
 */
#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "record/entry.h"

struct verdict {
	uint64_t blocks;	/* that are whole and right */
	uint64_t bytes;		/* in them */
	uint64_t dropped;	/* blocks that were counted as dropped */
	uint64_t missing;	/* blocks that were not */
	uint64_t wrong;		/* blocks whose data isn't what it was */
	uint64_t cut;		/* bytes of data or journal behind the last */
	bool closed;		/* the recorder said how it ended */
	bool torn;		/* an entry is not right, with more behind it */
	bool fewer;		/* closed with other than these */
	char ended[128];	/* what it said, "" if it didn't */
};

/* Reads all of it.  0, whatever it finds; -ENOENT and other negative errnos if
 * a file can't be read. */
int record_verify(const char *name, struct verdict *verdict);
/* Not one block of it is missing or wrong; dropped ones are counted, and cut
 * ones were never promised. */
bool record_good(const struct verdict *verdict);

/* One entry after the other (journal.c). */
struct journal {
	int fd;
	uint64_t next;		/* sequence that is expected */
	uint64_t offset;	/* into the data */
	bool begun;
};
/* Judges an entry by those before it.  0, or -EBADMSG if it can't follow. */
int journal_follow(struct journal *journal, const struct record_entry *entry,
		   struct verdict *verdict);

#endif
