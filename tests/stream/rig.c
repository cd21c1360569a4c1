/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See rig.h. */
#include "rig.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "scenario/daemon-child.h"

#define CSR 0x48
#define CSR_RUN 1
#define CLEAR 0xf4
#define SNAPSHOT 0x100
#define PRODUCED 0x104
#define DELIVERED 0x10c
#define OVERFLOWED 0x114
#define LEVEL 0x11c
#define CARD_NUMBER 0x130
#define WORD_RATE 0x140
#define FIFO_PORT 0x200000
#define COUNTER_BITS 27

static struct daemon_child child;

static uint32_t get(struct rig *rig, unsigned int offset)
{
	uint32_t value = 0;

	ck_assert_msg(!plxdma_peek(rig->card, 2, offset, 32, &value), "%s",
		      plxdma_error(rig->card));
	return value;
}

static void put(struct rig *rig, unsigned int offset, uint32_t value)
{
	ck_assert_msg(!plxdma_poke(rig->card, 2, offset, 32, value), "%s",
		      plxdma_error(rig->card));
}

static void channel_open(struct rig *rig)
{
	struct plxdma_mode *mode = plxdma_mode_new();

	ck_assert_msg(!plxdma_claim(rig->card, PLXDMA_CLAIM_CHANNEL0, 0, SOON),
		      "%s", plxdma_error(rig->card));
	ck_assert_msg(!plxdma_channel_open(rig->card, 0, &rig->channel), "%s",
		      plxdma_error(rig->card));
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1), 0);
	ck_assert_msg(!plxdma_channel_set_mode(rig->channel, mode), "%s",
		      plxdma_error(rig->card));
	plxdma_mode_free(mode);
}

void rig_open(struct rig *rig, enum rig_door door, const char *options)
{
	char spec[300];

	memset(rig, 0, sizeof(*rig));
	snprintf(spec, sizeof(spec),
		 "model:pages=small,arena=4M,board=digitizer%s", options);
	if (door != RIG_DIRECT) {
		ck_assert_int_eq(daemon_child_start(&child, "crate", spec), 0);
		strcpy(spec, "daemon:crate,arena=4M");
	}
	if (door == RIG_OBSERVED)
		strcat(spec, ",observers=yes");
	ck_assert_msg(!plxdma_open(spec, &rig->card), "%s: %s", spec,
		      plxdma_error(NULL));
	channel_open(rig);
	rig->slot = get(rig, CARD_NUMBER);
	rig->setup = (struct plxdma_stream_setup){
		.size = sizeof(rig->setup),
		.source = PLXDMA_STREAM_DEMAND,
		.slow = PLXDMA_STREAM_HOLD,
		.block_bytes = RIG_BLOCK,
		.block_count = RIG_BLOCKS,
		.local = FIFO_PORT,
	};
}

void rig_close(struct rig *rig)
{
	struct plxdma_counters counters = {.size = sizeof(counters)};

	plxdma_stream_close(rig->stream);
	ck_assert_int_eq(plxdma_card_counters(rig->card, &counters), 0);
	ck_assert_uint_eq(counters.violations, 0);
	plxdma_close(rig->card);
	daemon_child_stop(&child);
}

void rig_daemon_kill(void)
{
	kill(child.pid, SIGKILL);
	waitpid(child.pid, NULL, 0);
	child.pid = 0;
	daemon_child_stop(&child);
}

void rig_stream(struct rig *rig)
{
	ck_assert_msg(
		!plxdma_stream_open(rig->channel, &rig->setup, &rig->stream),
		"%s", plxdma_error(rig->card));
	rig->place = 0;
}

void rig_clock(struct rig *rig, int on)
{
	put(rig, CSR, on ? CSR_RUN : 0);
}

void rig_set_rate(struct rig *rig, uint32_t words_per_second)
{
	put(rig, WORD_RATE, words_per_second);
}

void rig_start(struct rig *rig, uint64_t run)
{
	ck_assert_msg(!plxdma_stream_start(rig->stream, run), "%s",
		      plxdma_error(rig->card));
	rig_clock(rig, 1);
}

#define STOPS 40

static const char *stops_wanted(void)
{
	return getenv("PLXDMA_STOPS");
}

unsigned int rig_stops(void)
{
	return stops_wanted() ? (unsigned int)atoi(stops_wanted()) : STOPS;
}

int64_t rig_stop_ns(unsigned int *seed)
{
	unsigned int number;

	*seed = *seed * 1664525 + 1013904223;
	number = *seed >> 8;
	if (!stops_wanted())
		return number % 60000 * 1000;
	/* Twelve doublings, and anything within one. */
	return (1000000 + number / 12 % 1441000) * (INT64_C(1) << number % 12);
}

void rig_pause(int64_t ns)
{
	nanosleep(&(struct timespec){.tv_sec = ns / SECOND,
				     .tv_nsec = ns % SECOND},
		  NULL);
}

/* Words count up; a jump is words that were dropped or had no room.  An
 * assertion a word would take longer than the words. */
static void words_check(struct rig *rig)
{
	const uint32_t mask = (1u << COUNTER_BITS) - 1;
	const uint32_t *words = rig->last.data;
	size_t i, count = rig->last.bytes / 4;

	for (i = 0; i < count; i++) {
		uint32_t jump = (words[i] - (uint32_t)rig->place) & mask;

		if (words[i] >> COUNTER_BITS != rig->slot || jump > mask / 2)
			ck_abort_msg("block %llu: word %zu is %#x, after %#llx",
				     (unsigned long long)rig->last.sequence, i,
				     words[i], (unsigned long long)rig->place);
		rig->missing += jump;
		rig->place += jump + 1;
	}
	rig->words += count;
	rig->blocks++;
}

int rig_take(struct rig *rig, int64_t timeout_ns)
{
	const uint64_t expected =
		rig->last.size ? rig->last.sequence + 1 : rig->setup.sequence;
	struct plxdma_block block = {.size = sizeof(block)};
	int result = plxdma_stream_take(rig->stream, timeout_ns, &block);

	if (result)
		return result;
	ck_assert_uint_eq(block.sequence, expected + block.dropped);
	ck_assert_int_ge(block.time_ns, rig->last.time_ns);
	ck_assert_uint_eq(plxdma_handle_of(rig->card, block.data),
			  block.handle);
	rig->last = block;
	rig->excused += block.dropped * RIG_WORDS;
	words_check(rig);
	return 0;
}

void rig_give(struct rig *rig)
{
	ck_assert_int_eq(
		plxdma_stream_give(rig->stream, rig->last.sequence), 0);
}

void rig_read(struct rig *rig, unsigned int blocks)
{
	unsigned int i;
	int result;

	for (i = 0; i < blocks; i++) {
		result = rig_take(rig, SOON);
		ck_assert_msg(!result, "block %u: %d, %s", i, result,
			      plxdma_error(rig->card));
		rig_give(rig);
	}
}

int rig_read_rest(struct rig *rig)
{
	int result;

	while (!(result = rig_take(rig, 0)))
		rig_give(rig);
	return result;
}

static uint64_t counter(struct rig *rig, unsigned int offset)
{
	return get(rig, offset) | (uint64_t)get(rig, offset + 4) << 32;
}

void rig_account(struct rig *rig, struct rig_account *account)
{
	put(rig, SNAPSHOT, 0);
	account->produced = counter(rig, PRODUCED);
	account->delivered = counter(rig, DELIVERED);
	account->overflowed = counter(rig, OVERFLOWED);
	account->level = get(rig, LEVEL);
}

struct plxdma_stream_stats rig_stats(struct rig *rig)
{
	struct plxdma_stream_stats stats = {.size = sizeof(stats)};

	ck_assert_int_eq(plxdma_stream_stats(rig->stream, &stats), 0);
	ck_assert_uint_eq(stats.blocks,
			  stats.delivered + stats.dropped + stats.ready);
	ck_assert_uint_eq(stats.bytes, stats.delivered_bytes +
					       stats.dropped_bytes +
					       stats.ready_bytes);
	return stats;
}

void rig_balance(struct rig *rig, enum plxdma_stream_stop how)
{
	struct plxdma_stream_stats stats;
	struct rig_account board;
	uint64_t inside;

	rig_clock(rig, 0);
	ck_assert_msg(!plxdma_stream_stop(rig->stream, how, SECOND / 20), "%s",
		      plxdma_error(rig->card));
	ck_assert_int_eq(rig_read_rest(rig), -ENODATA);
	rig_account(rig, &board);
	stats = rig_stats(rig);
	ck_assert_uint_eq(stats.status, PLXDMA_DONE);
	ck_assert_uint_eq(stats.queued, 0);
	ck_assert_uint_eq(stats.ready, 0);
	ck_assert_uint_eq(rig->blocks, stats.delivered);
	ck_assert_uint_eq(rig->words * 4, stats.delivered_bytes);
	/* What has left the FIFO is in blocks, or was on its way into one: all
	 * of it may be there, and the engine not yet have said so. */
	ck_assert_uint_ge(board.delivered, stats.bytes / 4);
	inside = board.delivered - stats.bytes / 4;
	ck_assert_uint_le(inside, RIG_WORDS);
	ck_assert_uint_eq(board.produced,
			  rig->words + stats.dropped_bytes / 4 +
				  board.overflowed + board.level + inside);
	/* And what is missing between the words is that, and nothing else. */
	ck_assert_uint_ge(rig->missing, rig->excused);
	ck_assert_uint_le(rig->missing - rig->excused, board.overflowed);
}
