/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pairwise subset is found greedily: take the case that covers most pairs
 * that are still open, the first one of equals, until none is open.  It comes
 * out the same on every machine.
 */
#include <stdlib.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "cases.h"

#define MIB (1024u * 1024u)
#define PARAMETERS 4
#define VALUES CASES_SIZES	/* of the parameter that has most */

const uint32_t cases_sizes[CASES_SIZES] = {
	0, 1, 3, 4, 5, 4095, 4096, 65537,
	8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 33 * MIB
};

/* Size first: cases of one size stand together.  Then form, direction and
 * channel, which are one parameter: every way to start the card. */
static const unsigned int counts[PARAMETERS] = { CASES_SIZES, 8, 4, 4 };

static void values_of(size_t index, unsigned int *values)
{
	for (int i = PARAMETERS - 1; i >= 0; i--) {
		values[i] = (unsigned int)(index % counts[i]);
		index /= counts[i];
	}
}

static struct transfer_case case_of(size_t index)
{
	unsigned int values[PARAMETERS];

	values_of(index, values);
	return (struct transfer_case){
		.size = cases_sizes[values[0]],
		.form = values[1] & 4 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK,
		.direction = values[1] & 2 ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
		.channel = values[1] & 1,
		.host_align = (uint8_t)values[2],
		.local_align = (uint8_t)values[3],
	};
}

static int is_refused(size_t index)
{
	struct transfer_case one = case_of(index);

	return one.form == PLXDMA_FORM_BLOCK && one.size > CASES_BLOCK_MAX;
}

size_t cases_product(struct transfer_case *cases)
{
	for (size_t i = 0; i < CASES_MAX; i++)
		cases[i] = case_of(i);
	return CASES_MAX;
}

typedef uint8_t pair_table[PARAMETERS][VALUES][PARAMETERS][VALUES];

/* How many pairs of a case are still open; closes them if told. */
static unsigned int pairs_open(pair_table closed, size_t index, int close)
{
	unsigned int values[PARAMETERS], open = 0;

	values_of(index, values);
	for (int i = 0; i < PARAMETERS; i++)
		for (int j = i + 1; j < PARAMETERS; j++) {
			uint8_t *pair = &closed[i][values[i]][j][values[j]];

			open += !*pair;
			if (close)
				*pair = 1;
		}
	return open;
}

/* Whoever refuses a case moves nothing: those cover no pairs.  One of each
 * way to start is added at the end. */
size_t cases_pairwise(struct transfer_case *cases)
{
	uint8_t chosen[CASES_MAX] = { 0 };
	pair_table closed;
	size_t count = 0;

	memset(closed, 0, sizeof(closed));
	for (;;) {
		unsigned int most = 0;
		size_t best = 0;

		for (size_t i = 0; i < CASES_MAX; i++) {
			unsigned int open = is_refused(i) ? 0 :
					    pairs_open(closed, i, 0);

			if (open > most) {
				most = open;
				best = i;
			}
		}
		if (most == 0)
			break;
		pairs_open(closed, best, 1);
		chosen[best] = 1;
	}
	for (size_t i = 0; i < CASES_MAX; i++)
		if (chosen[i] || (is_refused(i) && i % 16 == 5))
			cases[count++] = case_of(i);
	return count;
}
