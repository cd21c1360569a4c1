/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of `plxdma selftest`, each a group of numbered results. */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include <stdbool.h>

#include <plxdma/plxdma.h>

#include "cli/tap.h"

struct selftest {
	struct plxdma_card *card;
	struct plxdma_card_info info;
	struct tap tap;
	bool known;	/* the board is the software card's */
	uint32_t local; /* memory that may be overwritten */
	uint32_t local_size;
};

/* What can be seen without writing anything. */
void selftest_look(struct selftest *test);
/* Mailboxes, the board's scratch register, memory behind BAR2, doorbell. */
void selftest_registers(struct selftest *test);
/* Block and chain, both channels, both directions, unaligned. */
void selftest_transfers(struct selftest *test);

#endif
