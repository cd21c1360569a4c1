/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A digitizer whose clock never stops for a reader, and a stream from it, on a
 * card of this process or of a daemon.  Each word says which one it is, so the
 * rig knows without the stream's help what is missing where.
 */
#ifndef RIG_H
#define RIG_H

#include <check.h>

#include <plxdma/plxdma.h>

#define RIG_BLOCK 16384u
#define RIG_WORDS (RIG_BLOCK / 4)
#define RIG_BLOCKS 8u

#define SECOND INT64_C(1000000000)
/* A bound for what comes in milliseconds, on a machine with time for it. */
#define SOON (60 * SECOND)

/* The third: a daemon's, with memory for observers. */
enum rig_door { RIG_DIRECT, RIG_DAEMON, RIG_OBSERVED };

struct rig_account {
	uint64_t produced, delivered, overflowed, level;	/* words */
};

struct rig {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_stream *stream;
	struct plxdma_stream_setup setup;
	uint32_t slot;
	/* Of what was taken. */
	uint64_t place;			/* of the word that comes next */
	uint64_t words, blocks;
	uint64_t missing;		/* words before, between what was taken */
	uint64_t excused;		/* of these, by blocks that were dropped */
	struct plxdma_block last;
};

/* @options: of the digitizer's, with a comma before the first. */
void rig_open(struct rig *rig, enum rig_door door, const char *options);
void rig_close(struct rig *rig);
/* By SIGKILL. */
void rig_daemon_kill(void);
/* Opens the stream of rig->setup, which rig_open() has filled. */
void rig_stream(struct rig *rig);
/* Begins a run: first the stream, then the board's clock. */
void rig_start(struct rig *rig, uint64_t run);
void rig_clock(struct rig *rig, int on);
void rig_set_rate(struct rig *rig, uint32_t words_per_second);
/* How often a slow reader stops: PLXDMA_STOPS times, which takes half a second
 * each, or a few for some milliseconds. */
unsigned int rig_stops(void);
/* And for how long: 1 ms to 5 s, as often below 80 ms as above. */
int64_t rig_stop_ns(unsigned int *seed);
void rig_pause(int64_t ns);
/* Takes a block, looks at each word, and doesn't give it back. */
int rig_take(struct rig *rig, int64_t timeout_ns);
void rig_give(struct rig *rig);
/* Takes, looks and gives back so many. */
void rig_read(struct rig *rig, unsigned int blocks);
/* What is still ready; returns what ended it. */
int rig_read_rest(struct rig *rig);
void rig_account(struct rig *rig, struct rig_account *account);
struct plxdma_stream_stats rig_stats(struct rig *rig);
/* Clock off, stream stopped, rest read: then every word has its place. */
void rig_balance(struct rig *rig, enum plxdma_stream_stop how);

Suite *suite_setup(void);
Suite *suite_slow(void);
Suite *suite_ends(void);
Suite *suite_armed(void);
Suite *suite_observers(void);

#endif
