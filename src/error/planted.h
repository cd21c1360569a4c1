/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bugs that are put in on purpose, to see that the fuzzers find them: in builds
 * configured with --enable-planted-bugs $PLXDMA_PLANTED names one of these, and
 * that one is there. In any other build PLANTED() is 0, and all of them are as
 * if they had never been written.
 *
 * tests/fuzz/planted reads this list: a bug's name, and in its comment, before
 * the colon, the fuzzer that has to find it.
 */
#ifndef PLANTED_H
#define PLANTED_H

enum planted {
	PLANTED_NONE,
	/* control: a card's number isn't compared with how many there are */
	PLANTED_CARD_NUMBER,
	/* control: a channel too many */
	PLANTED_CHANNEL_NUMBER,
	/* control: an interrupt's number isn't compared with anything */
	PLANTED_IRQ_NUMBER,
	/* control: a name beyond the last card's is read */
	PLANTED_CARD_NAME,
	/* control: a channel that was closed is used, and freed, again */
	PLANTED_CHANNEL_CLOSED,
	/* ring: one entry is taken for whose completion there is no room */
	PLANTED_RING_ROOM,
	/* ring: an offset and a length are added, and wrap */
	PLANTED_RANGE_SUM,
	/* ring: a list may go on behind the area */
	PLANTED_LIST_END,
	/* ring: values are written to a place that isn't checked */
	PLANTED_VALUES_PLACE,
	/* ring: a recipe is believed how many steps it has */
	PLANTED_RECIPE_STEPS,
	/* batch: a step too many */
	PLANTED_BATCH_COUNT,
	/* batch: the count is read a second time, when it may be another */
	PLANTED_BATCH_TWICE,
	/* batch: the daemon is believed how many steps it did */
	PLANTED_BATCH_DONE,
	/* batch: the daemon's text is believed to end */
	PLANTED_BATCH_TEXT,
	/* batch: an error of the daemon's may be none */
	PLANTED_BATCH_ERROR,
	/* settings: there may be more cards than there is room for */
	PLANTED_CARDS_ROOM,
	/* settings: one user too many */
	PLANTED_USERS_ROOM,
	/* settings: a number with a unit wraps */
	PLANTED_UNIT,
	/* settings: no room for the zero of a word */
	PLANTED_WORD,
	/* settings: a section's name is copied whatever its length */
	PLANTED_SECTION_NAME,
	/* policy: what only begins to be denied is allowed */
	PLANTED_DENY_LAST,
	/* policy: an end beyond 4 GiB is cut to 32 bits */
	PLANTED_BEYOND,
	/* policy: ranges that almost touch are joined */
	PLANTED_MERGE,
	/* policy: ranges of two spaces have something in common */
	PLANTED_TWO_SPACES,
	/* policy: ranges may be more than there is room for */
	PLANTED_RANGES_ROOM,
};

#ifdef PLANTED_BUGS
int planted_is(enum planted bug);
#define PLANTED(bug) (planted_is(PLANTED_##bug) ? 1u : 0u)
#else
#define PLANTED(bug) 0u
#endif

#endif
