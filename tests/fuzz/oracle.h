/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a policy's lines mean, judged anew for every question from the lines as
 * they were written: nothing is sorted, joined or made one beforehand.
 */
#ifndef TESTS_FUZZ_ORACLE_H
#define TESTS_FUZZ_ORACLE_H

#include <stdint.h>

#include <plxdma/registers.h>

enum oracle_key {
	ORACLE_DENY,
	ORACLE_DMA,
	ORACLE_READ,
	ORACLE_WRITE,
	ORACLE_CLAIM_WRITE,
	ORACLE_KEYS,
};
#define ORACLE_LINES 96		/* of a key: policy joins some of them */

struct oracle_line {
	uint8_t space;		/* 0 for local addresses */
	uint32_t first;
	uint32_t last;
};

/* One section. */
struct oracle {
	struct {
		int given;
		unsigned int count;
		struct oracle_line lines[ORACLE_LINES];
	} keys[ORACLE_KEYS];
};

/* May this be moved? Local addresses go by Lwords; a constant one is one. */
int oracle_local(const struct oracle *oracle, uint32_t local, uint64_t length,
		 int constant);
/* May this be done, by one who owns the card or doesn't? */
int oracle_step(const struct oracle *oracle, const struct plxdma_step *step,
		int owns);

#endif
