/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does a stream keep up?  A digitizer with arm=0 for so many seconds: every
 * word is looked at, and at the end each has its place, be it among those that
 * the machine was too slow for.
 *
 *	keep-up CARD SECONDS BLOCK-BYTES BLOCKS [OBSERVERS]
 *
 * Prints what came, how fast, the CPU time that it took, and TAP.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <plxdma/plxdma.h>

#include "beside.h"

#define CONFIG_DATA 0x00
#define CONFIG_CONTROL 0x04
#define CSR 0x48
#define CLEAR 0xf4
#define SNAPSHOT 0x100
#define PRODUCED 0x104
#define DELIVERED 0x10c
#define OVERFLOWED 0x114
#define LEVEL 0x11c
#define CARD_NUMBER 0x130
#define FIFO_PORT 0x200000
#define COUNTER_BITS 27
#define COUNTER_MASK ((1u << COUNTER_BITS) - 1)

static struct plxdma_card *card;
static struct plxdma_stream *stream;
static uint64_t place, words, missing, wrong;
static uint32_t slot;

static _Noreturn void give_up(const char *what)
{
	printf("not ok - %s: %s\n", what, plxdma_error(card));
	exit(1);
}

static void needs(int result, const char *what)
{
	if (result)
		give_up(what);
}

static uint32_t get(unsigned int offset)
{
	uint32_t value = 0;

	needs(plxdma_peek(card, 2, offset, 32, &value), "a register is read");
	return value;
}

static void put(unsigned int offset, uint32_t value)
{
	needs(plxdma_poke(card, 2, offset, 32, value), "one is written");
}

static uint64_t counter(unsigned int offset)
{
	return get(offset) | (uint64_t)get(offset + 4) << 32;
}

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Its logic is gone after a reset: cleared, made ready, loaded. */
static void boot(void)
{
	put(CONFIG_CONTROL, 0x551);
	put(CONFIG_CONTROL, 0xff3);
	put(CONFIG_DATA, 0);
	put(CLEAR, 0);
}

static void stream_open(uint32_t block_bytes, uint32_t blocks)
{
	const struct plxdma_stream_setup setup = {
		.size = sizeof(setup),
		.block_bytes = block_bytes,
		.block_count = blocks,
		.watermark = blocks < 16 ? blocks / 2 : 8,
		.local = FIFO_PORT,
	};
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_channel *channel;

	needs(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0), "a claim");
	needs(plxdma_channel_open(card, 0, &channel), "a channel");
	needs(!mode || plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1) ||
		      plxdma_channel_set_mode(channel, mode),
	      "a mode");
	plxdma_mode_free(mode);
	needs(plxdma_stream_open(channel, &setup, &stream), "a stream");
}

static void look_at(const struct plxdma_block *block)
{
	const uint32_t *data = block->data;

	for (size_t i = 0; i < block->bytes / 4; i++) {
		uint32_t jump = (data[i] - (uint32_t)place) & COUNTER_MASK;

		wrong += data[i] >> COUNTER_BITS != slot ||
			 jump > COUNTER_MASK / 2;
		missing += jump;
		place += jump + 1;
	}
	words += block->bytes / 4;
}

static int take(int64_t timeout_ns)
{
	struct plxdma_block block = {.size = sizeof(block)};
	int result = plxdma_stream_take(stream, timeout_ns, &block);

	if (result)
		return result;
	look_at(&block);
	return plxdma_stream_give(stream, block.sequence);
}

static uint64_t reg_reads(void)
{
	struct plxdma_counters counters = {.size = sizeof(counters)};

	needs(plxdma_card_counters(card, &counters), "counters");
	return counters.reg_reads;
}

static void balance(uint64_t reads_before)
{
	struct plxdma_stream_stats stats = {.size = sizeof(stats)};
	uint64_t inside, overflowed;

	put(CSR, 0);
	needs(plxdma_stream_stop(stream, PLXDMA_STREAM_ABORT, 0), "a stop");
	while (!take(0))
		;
	needs(plxdma_stream_stats(stream, &stats), "an account");
	printf("# %.1f register reads a block\n",
	       (double)(reg_reads() - reads_before) /
		       (double)(stats.blocks + 1));
	put(SNAPSHOT, 0);
	overflowed = counter(OVERFLOWED);
	inside = counter(DELIVERED) - stats.bytes / 4;
	printf("# %llu blocks, %llu times held, %llu words overflowed, %llu "
	       "in the last block\n",
	       (unsigned long long)stats.blocks, (unsigned long long)stats.held,
	       (unsigned long long)overflowed, (unsigned long long)inside);
	printf("%s - every word has its place\n",
	       !wrong && words * 4 == stats.bytes && missing <= overflowed &&
			       counter(PRODUCED) == words + overflowed +
							    get(LEVEL) + inside
		       ? "ok"
		       : "not ok");
}

int main(int argc, char **argv)
{
	const double seconds = argc > 2 ? strtod(argv[2], NULL) : 1;
	const uint32_t bytes = argc > 3 ? (uint32_t)atol(argv[3]) : 65536;
	int64_t start, cpu;
	uint64_t reads;
	double took;

	beside_fork(argc > 5 ? (unsigned int)atol(argv[5]) : 0);
	needs(plxdma_open(argc > 1 ? argv[1] : "", &card), "a card");
	boot();
	slot = get(CARD_NUMBER);
	stream_open(bytes, argc > 4 ? (uint32_t)atol(argv[4]) : 16);
	needs(plxdma_stream_start(stream, 1), "a start");
	beside_begin(argc > 1 ? argv[1] : "");
	reads = reg_reads();
	put(CSR, 1);
	start = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	while (now(CLOCK_MONOTONIC) < start + (int64_t)(seconds * 1e9))
		needs(take(INT64_C(10000000000)), "a block");
	took = (double)(now(CLOCK_MONOTONIC) - start);
	printf("# %.1f s, %.2f MB/s, CPU %.1f %%\n", took / 1e9,
	       (double)words * 4 / took * 1e3,
	       (double)(now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / took * 100);
	balance(reads);
	plxdma_stream_close(stream);
	plxdma_close(card);
	return beside_end() ? 1 : 0;
}
