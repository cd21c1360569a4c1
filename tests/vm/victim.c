/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program to be killed in mid-transfer: both channels write its memory, over
 * and over, until it dies; says "running" once they do.  FILE tells at any time
 * how many bytes have come so far: those of a transfer whose last word changed,
 * as a card that is cut off may well report that it is done.
 *
 *	victim SPEC [BYTES [FILE]]		BYTES of each channel
 */
#include <fcntl.h>
#include <plxdma/plxdma.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHANNELS 2
#define LOCAL	 0x40000000u /* the default board's pattern */
#define SECONDS	 120

struct stream {
	struct plxdma_transfer *transfer;
	volatile uint32_t *last;
	uint32_t mark;
};

static _Noreturn void die(struct plxdma_card *card)
{
	(void)fprintf(stderr, "victim: %s\n", plxdma_error(card));
	exit(1);
}

static int stream_start(struct stream *stream)
{
	stream->mark = ~*stream->last;
	*stream->last = stream->mark;
	return plxdma_submit(stream->transfer);
}

static int stream_wait(const struct stream *stream)
{
	int ret = plxdma_wait(stream->transfer, -1, NULL);

	if (!ret && *stream->last == stream->mark) {
		(void)fprintf(stderr, "victim: done, and nothing came\n");
		exit(3);
	}
	return ret;
}

/* Of one length always, so that no reader sees half of it. */
static void tell(int file, uint64_t bytes)
{
	char text[24];
	int length = snprintf(text, sizeof(text), "%020llu\n",
			      (unsigned long long)bytes);

	if (file >= 0 && pwrite(file, text, (size_t)length, 0) != length)
		exit(2);
}

int main(int argc, char **argv)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = LOCAL,
		.length = argc > 2 ? strtoull(argv[2], NULL, 0) : 4u << 20,
	};
	int file = argc > 3 ? open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644)
			    : -1;
	struct stream streams[CHANNELS], *stream;
	struct plxdma_channel *channels[CHANNELS];
	struct plxdma_card *card = NULL;
	uint64_t bytes = 0;

	if (argc < 2 || (argc > 3 && file < 0))
		return 2;
	alarm(SECONDS);
	tell(file, 0);
	if (plxdma_open(argv[1], &card))
		die(NULL);
	for (unsigned int i = 0; i < CHANNELS; i++) {
		uint32_t *words = plxdma_alloc_coherent(card, request.length,
							&request.handle);

		stream = &streams[i];
		if (!words || plxdma_channel_open(card, i, &channels[i]) ||
		    plxdma_transfer_new(channels[i], &request,
					&stream->transfer))
			die(card);
		stream->last = words + request.length / sizeof(*words) - 1;
		if (stream_start(stream))
			die(card);
	}
	(void)printf("running\n");
	(void)fflush(stdout);
	for (unsigned int i = 0;; i = (i + 1) % CHANNELS) {
		if (stream_wait(&streams[i]))
			die(card);
		bytes += request.length;
		tell(file, bytes);
		if (stream_start(&streams[i]))
			die(card);
	}
}
