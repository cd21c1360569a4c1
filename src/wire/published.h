/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon tells observers of a stream: which of its blocks lie where in
 * the memory of its owner, in one memfd that nobody but the daemon can write.
 *
 * Each block that has arrived has a place, by its number.  The daemon writes
 * the place, then its mark, then the number that comes next; before a block's
 * memory is given to the card again its mark is taken away.  An observer reads
 * the memory between two looks at the mark: unless it has changed, nothing of
 * what was read had been written over.  So nobody waits for an observer, and
 * none is deceived.
 *
 * Who sleeps says in a word of its own which number it waits for; storing that
 * and looking once more on one side, publishing and looking at the word on the
 * other, are ordered as the rings' are (area.h).
 */
#ifndef WIRE_PUBLISHED_H
#define WIRE_PUBLISHED_H

#include <plxdma/transfer.h>

#include "area.h"

/* Places, a power of two: of a stream's blocks none is without one. */
#define WIRE_PLACES 1024

enum wire_published_state {
	WIRE_STREAM_STOPPED = 0,
	WIRE_STREAM_RUNS = 1,
	WIRE_STREAM_CLOSED = 2,	/* for good */
};

/* All are atomic, as observers read while the daemon writes. */
struct wire_place {
	_Atomic uint64_t mark;		/* number + 1; 0: no block to be read */
	_Atomic uint64_t offset;	/* in the owner's memory */
	_Atomic uint64_t bytes;
	_Atomic int64_t time_ns;
	_Atomic uint64_t run;
	_Atomic uint32_t status;
	_Atomic uint32_t bytes_exact;
};

struct wire_published {
	WIRE_LINE _Atomic uint64_t next;	/* number of what comes next */
	_Atomic uint64_t run;
	_Atomic int64_t tai_offset_ns;
	_Atomic uint32_t state;			/* enum wire_published_state */
	WIRE_LINE struct wire_place places[WIRE_PLACES];
};

/* An observer's own word. */
struct wire_observer {
	WIRE_LINE _Atomic uint64_t wants;	/* next >= this; 0: awake */
};

_Static_assert((WIRE_PLACES & (WIRE_PLACES - 1)) == 0, "numbers are masked");
_Static_assert(sizeof(struct wire_place) == 48, "layout");
_Static_assert(offsetof(struct wire_published, state) == 24, "layout");
_Static_assert(offsetof(struct wire_published, places) == 64, "layout");

/* Sealed so that no other mapping can be written, shrunk or grown.  Returns the
 * descriptor or a negative errno. */
int wire_published_new(struct wire_published **area);
/* Maps what the daemon sent, readable, after a look at its seals. */
int wire_published_map(int fd, const struct wire_published **area);
void wire_published_unmap(const struct wire_published *area);

/* The daemon's end. */
struct publisher {
	struct wire_published *area;
	uint64_t next;
	uint64_t run;
};

/* A run begins, its first block with that number. */
void publisher_start(struct publisher *publisher, uint64_t run,
		     uint64_t number, int64_t tai_offset_ns);
void publisher_state(struct publisher *publisher,
		     enum wire_published_state state);
/* A block has arrived.  Returns its mark. */
uint64_t publisher_put(struct publisher *publisher, uint64_t offset,
		       const struct plxdma_result *result);
/* The block of that mark is about to be written over. */
void publisher_take_away(struct publisher *publisher, uint64_t mark);
/* Is there what the observer sleeps for?  Then it must be woken, once. */
int publisher_must_wake(const struct publisher *publisher,
			struct wire_observer *observer);

/* An observer's end: what it reads may be anything, should its daemon be. */
struct reader {
	const struct wire_published *area;
	uint64_t size;		/* of the memory that blocks lie in */
	uint64_t position;	/* number of the block that it wants next */
};

struct reader_block {
	uint64_t number;
	uint64_t offset;
	uint64_t bytes;
	int64_t time_ns;
	uint64_t run;
	uint32_t status;
};

/* From what comes next on. */
void reader_init(struct reader *reader, const struct wire_published *area,
		 uint64_t size);
/* The next block that can still be read; *missed says how many before it can't.
 * Who has missed some goes on where half of those that lie there are left.
 * Return: 1, or 0 if there is none, though some may have been missed. */
int reader_take(struct reader *reader, struct reader_block *block,
		uint64_t *missed);
/* Was it still there, after all that was read of it? */
int reader_intact(const struct reader *reader, uint64_t number);
/* Blocks that have arrived and weren't looked at. */
uint64_t reader_ready(const struct reader *reader);
/* Says that it is about to sleep for so many.  Look at reader_ready() and at
 * the state after that. */
void reader_sleep(const struct reader *reader, struct wire_observer *observer,
		  uint64_t blocks);
void reader_awake(struct wire_observer *observer);

#endif
