/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board on the bench: the plug-in alone, without a card.
 *
 * The host that it talks to only notes what happened to the pins, and its
 * clock stands until a test moves it.
 */
#ifndef BENCH_H
#define BENCH_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include <plxdma/board.h>

struct bench {
	const struct plxdma_board_ops *ops;
	void *board;
	void *plugin;
	struct plxdma_board_host host;
	uint64_t now, alarm;
	int linti, dreq[2];
	unsigned int eots;
	uint32_t bells;
	uint8_t csr; /* of channel 0, as the board reads it */
};

/* @options: ended by NULL, or NULL for none. */
struct bench *bench_new(const char *name, const char *const *options);
/* For options that are refused: the error and its text. */
int bench_refusal(const char *name, const char *option, char *why, size_t size);
void bench_free(struct bench *bench);

/* The host through a BAR; addresses are local ones. */
uint32_t bench_read(struct bench *bench, uint32_t address);
void bench_write(struct bench *bench, uint32_t address, uint32_t value);
/* Channel 0, constant address.  Return: words. */
size_t bench_dma(struct bench *bench, uint32_t address, uint32_t *words,
		 size_t count, bool demand);
/* Time goes on; alarms come on the way. */
void bench_wait(struct bench *bench, uint64_t ns);
uint64_t bench_read64(struct bench *bench, uint32_t address);

#endif
