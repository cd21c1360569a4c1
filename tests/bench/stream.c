/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Short transfers, DEPTH of them under way at all times, COUNT in all: what
 * strace counts the system calls of.  Run by scripts/bench.
 *
 *   stream CARD DEPTH COUNT
 */
#include <stdio.h>
#include <stdlib.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define SRAM 0x20000000u
#define LENGTH 64u
#define DEEPEST 64u
#define TIMEOUT INT64_C(2000000000)

int main(int argc, char **argv)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = LENGTH,
	};
	struct plxdma_transfer *transfer[DEEPEST];
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	unsigned long depth, count;
	char spec[128];

	depth = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	if (!depth || depth > DEEPEST) {
		fprintf(stderr, "usage: stream CARD DEPTH COUNT\n");
		return 2;
	}
	count = strtoul(argv[3], NULL, 10);
	snprintf(spec, sizeof(spec), "daemon:%s", argv[1]);
	if (plxdma_open(spec, &card))
		die(spec, NULL);
	if (plxdma_channel_open(card, 0, &channel) ||
	    !plxdma_alloc_coherent(card, LENGTH, &request.handle))
		die(spec, card);
	for (unsigned long i = 0; i < depth; i++)
		if (plxdma_transfer_new(channel, &request, &transfer[i]))
			die("prepare", card);
	for (unsigned long i = 0; i < count + depth; i++) {
		if (i >= depth && i - depth < count &&
		    plxdma_wait(transfer[i % depth], TIMEOUT, NULL))
			die("wait", card);
		if (i < count && plxdma_submit(transfer[i % depth]))
			die("submit", card);
	}
	plxdma_close(card);
	return 0;
}
