/* SPDX-License-Identifier: MIT */
/*
 * Continuous acquisition: blocks of a digitizer's FIFO for some seconds, and
 * where every word went.
 *
 *	acquire [CARD [SECONDS [BLOCK-BYTES]]]
 *
 * Without a card it runs on the software card with a digitizer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <plxdma/plxdma.h>

/* The board: BAR2 offsets and the FIFO's local address. */
#define CSR 0x48
#define SNAPSHOT 0x100
#define PRODUCED 0x104
#define OVERFLOWED 0x114
#define FIFO 0x200000

#define SECOND INT64_C(1000000000)

static struct plxdma_card *card;

static int failed(const char *what)
{
	fprintf(stderr, "acquire: %s: %s\n", what, plxdma_error(card));
	return 1;
}

static uint64_t board_counter(unsigned int offset)
{
	uint32_t low = 0, high = 0;

	plxdma_poke(card, 2, SNAPSHOT, 32, 0);
	plxdma_peek(card, 2, offset, 32, &low);
	plxdma_peek(card, 2, offset + 4, 32, &high);
	return low | (uint64_t)high << 32;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

static struct plxdma_stream *stream_of(uint32_t block_bytes)
{
	struct plxdma_stream_setup setup = {.size = sizeof(setup),
					    .slow = PLXDMA_STREAM_DROP_OLDEST,
					    .block_bytes = block_bytes,
					    .block_count = 64,
					    .watermark = 8,
					    .local = FIFO};
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_channel *channel;
	struct plxdma_stream *stream = NULL;

	if (mode && !plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, SECOND) &&
	    !plxdma_channel_open(card, 0, &channel) &&
	    !plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1) &&
	    !plxdma_channel_set_mode(channel, mode))
		plxdma_stream_open(channel, &setup, &stream);
	plxdma_mode_free(mode);
	return stream;
}

static int acquire(struct plxdma_stream *stream, double seconds)
{
	struct plxdma_stream_stats stats = {.size = sizeof(stats)};
	struct plxdma_block block = {.size = sizeof(block)};
	const int64_t start = now();
	int result = plxdma_stream_start(stream, 1);

	plxdma_poke(card, 2, CSR, 32, 1);
	while (!result && now() < start + (int64_t)(seconds * SECOND)) {
		result = plxdma_stream_take(stream, SECOND, &block);
		/* Here a program does its work on block.data. */
		if (!result)
			result = plxdma_stream_give(stream, block.sequence);
	}
	seconds = (double)(now() - start) / SECOND;
	plxdma_poke(card, 2, CSR, 32, 0);
	if (result)
		return failed("stream");
	plxdma_stream_stop(stream, PLXDMA_STREAM_DRAIN, SECOND / 10);
	plxdma_stream_stats(stream, &stats);
	printf("%.1f s, %.1f MB/s: %llu blocks = %llu delivered + %llu "
	       "dropped + %llu ready\n", seconds, (double)stats.bytes / seconds / 1e6,
	       (unsigned long long)stats.blocks,
	       (unsigned long long)stats.delivered,
	       (unsigned long long)stats.dropped,
	       (unsigned long long)stats.ready);
	printf("board: %llu words produced, %llu overflowed\n",
	       (unsigned long long)board_counter(PRODUCED),
	       (unsigned long long)board_counter(OVERFLOWED));
	return 0;
}

int main(int argc, char **argv)
{
	struct plxdma_stream *stream;
	int result;

	if (plxdma_open(argc > 1 ? argv[1] : "model:board=digitizer,rate=132e6,"
					     "board.arm=0,board.word_rate=5e6",
			&card))
		return failed("open");
	stream = stream_of(argc > 3 ? (uint32_t)atol(argv[3]) : 65536);
	result = stream ? acquire(stream, argc > 2 ? atof(argv[2]) : 2)
			: failed("stream");
	plxdma_stream_close(stream);
	plxdma_close(card);
	return result;
}
