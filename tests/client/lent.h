/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card that a daemon of the test lends, opened and with channel 0 open.
 */
#ifndef TESTS_CLIENT_LENT_H
#define TESTS_CLIENT_LENT_H

#include <check.h>
#include <plxdma/plxdma.h>

#include "../daemon/fixture.h"

#define SRAM 0x20000000u
/* A bound for what comes in milliseconds, on a machine with time for it. */
#define SOON_MS 60000
#define SOON (SOON_MS * INT64_C(1000000))

extern struct fixture lender;
extern struct plxdma_card *card;
extern struct plxdma_channel *channel;
extern char *memory;		/* 1 MiB of the card's memory */
extern plxdma_handle handle;
#define MEMORY (1u << 20)

/* model:pages=small with these options more, or none. */
void lent_open(const char *options);
/* One card that moves data at once, one of 250 kB/s: 4 s for all memory, so
 * that what has to happen meanwhile does, even if others have the CPU. */
void lent_fast(void);
void lent_slow(void);
void lent_close(void);

/* The daemon with --test-faults, the card not opened. */
void lender_start(const char *options);

void ok(int result);
/* It failed so, and the card's text holds that word. */
void failed(int result, int expected, const char *word);
struct plxdma_request range(enum plxdma_direction direction, uint32_t local,
			    uint64_t offset, uint64_t length);

#endif
