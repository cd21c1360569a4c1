/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program to be killed in mid-transfer: both channels write its memory, over
 * and over, until it dies; says "running" once they do.
 *
 *	victim SPEC [BYTES]		of each channel
 */
#include <plxdma/plxdma.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHANNELS 2
#define LOCAL	 0x40000000u /* the default board's pattern */
#define SECONDS	 120

static _Noreturn void die(struct plxdma_card *card)
{
	(void)fprintf(stderr, "victim: %s\n", plxdma_error(card));
	exit(1);
}

int main(int argc, char **argv)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = LOCAL,
		.length = argc > 2 ? strtoull(argv[2], NULL, 0) : 4u << 20,
	};
	struct plxdma_transfer *transfers[CHANNELS];
	struct plxdma_channel *channels[CHANNELS];
	struct plxdma_card *card = NULL;

	if (argc < 2)
		return 2;
	alarm(SECONDS);
	if (plxdma_open(argv[1], &card))
		die(NULL);
	for (unsigned int i = 0; i < CHANNELS; i++) {
		if (!plxdma_alloc_coherent(card, request.length,
					   &request.handle) ||
		    plxdma_channel_open(card, i, &channels[i]) ||
		    plxdma_transfer_new(channels[i], &request, &transfers[i]) ||
		    plxdma_submit(transfers[i]))
			die(card);
	}
	(void)printf("running\n");
	(void)fflush(stdout);
	for (unsigned int i = 0;; i = (i + 1) % CHANNELS)
		if (plxdma_wait(transfers[i], -1, NULL) ||
		    plxdma_submit(transfers[i]))
			die(card);
}
