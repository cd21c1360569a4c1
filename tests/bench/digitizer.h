/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One card of a crate, as its owner reads it: claimed, each block armed by a
 * register write and read from the FIFO.
 */
#ifndef BENCH_DIGITIZER_H
#define BENCH_DIGITIZER_H

#include <stddef.h>

struct plxdma_card;
struct plxdma_channel;
struct plxdma_transfer;

#define CARDS 13

struct digitizer {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
	unsigned long blocks;
};

/* @beside: the card whose arena is shared, or NULL. */
void digitizer_open(struct digitizer *digitizer, const char *spec,
		    struct plxdma_card *beside, size_t length);
void digitizer_close(struct digitizer *digitizer);

/*
 * One loop over CARDS of them; each has one block under way at all times.
 * Returns how long it took in ns.
 */
double crate_run(struct digitizer *crate, double seconds);

#endif
