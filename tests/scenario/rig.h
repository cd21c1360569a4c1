/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stage for tests that break off transfers: one transfer of 64 KiB that is
 * slow enough to be caught in the middle, in one piece or in four.
 *
 * Whatever goes wrong here ends the test that called.
 */
#ifndef RIG_H
#define RIG_H

#include <check.h>

#include "stage.h"

#define RIG_SIZE (64u << 10)
#define RIG_PIECES 4u
#define RIG_SECOND 1000000000LL
/* A bound for what comes in milliseconds, on a machine with time for it. */
#define RIG_SOON (60 * RIG_SECOND)
/* Bus time of a transfer: 4 ms. */
#define RIG_SLOW "rate=16e6"

struct rig {
	struct stage stage;
	uint32_t piece;		/* bytes of one, RIG_SIZE / RIG_PIECES */
	struct plxdma_segment pieces[RIG_PIECES];
	struct plxdma_request request;
	uint32_t nonce;		/* of the first piece */
};

/* Options of the software card, beside those of the rig. */
void rig_open(struct rig *rig, const char *options);
/* Fails if the card counted a violation. */
void rig_close(struct rig *rig);

/* Makes rig->request: block or a chain of four; @slot tells transfers that
 * are under way together apart.  The source is filled, the rest spoilt. */
void rig_request(struct rig *rig, enum plxdma_direction direction,
		 enum plxdma_form form, unsigned int slot);
/* A new transfer for it. */
struct plxdma_transfer *rig_transfer(struct rig *rig, unsigned int channel);
/* The first @size bytes of the last request have arrived. */
void rig_check(const struct rig *rig, uint64_t size);

/* The memory is the caller's again: what it puts there stays, and the card
 * takes none of it. */
void rig_check_given_back(struct rig *rig);
/* Both channels move data, in both forms and directions. */
void rig_check_works(struct rig *rig);

void rig_set_waiting(struct rig *rig, enum plxdma_waiting waiting);
void rig_sleep_ms(unsigned int ms);
/* Sleeps, and lets the inline engine work: somebody has to call. */
void rig_pass_ms(struct rig *rig, unsigned int ms);
int64_t rig_now(void);

#endif
