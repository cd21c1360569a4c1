/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See oracle.h. */
#include "oracle.h"

/* A stretch, of 64 bits so that it can't wrap. */
struct stretch {
	uint8_t space;
	uint64_t first;
	uint64_t last;
};

static int touches(const struct oracle *oracle, enum oracle_key key,
		   const struct stretch *stretch)
{
	for (unsigned int i = 0; i < oracle->keys[key].count; i++) {
		const struct oracle_line *line = &oracle->keys[key].lines[i];

		if (line->space == stretch->space &&
		    line->first <= stretch->last &&
		    line->last >= stretch->first)
			return 1;
	}
	return 0;
}

/* How far the lines of a key go on from an address without a gap. */
static uint64_t goes_on(const struct oracle *oracle, enum oracle_key key,
			uint8_t space, uint64_t from)
{
	for (unsigned int i = 0; i < oracle->keys[key].count; i++) {
		const struct oracle_line *line = &oracle->keys[key].lines[i];

		if (line->space == space && line->first <= from &&
		    line->last >= from)
			return (uint64_t)line->last + 1;
	}
	return from;
}

/* Does one of both keys name every address of it? */
static int covers(const struct oracle *oracle, enum oracle_key key,
		  enum oracle_key also, const struct stretch *stretch)
{
	uint64_t at = stretch->first, next;

	while (at <= stretch->last) {
		next = goes_on(oracle, key, stretch->space, at);
		if (next == at)
			next = goes_on(oracle, also, stretch->space, at);
		if (next == at)
			return 0;
		at = next;
	}
	return 1;
}

int oracle_local(const struct oracle *oracle, uint32_t local, uint64_t length,
		 int constant)
{
	struct stretch stretch = {
		.first = local & ~UINT64_C(3),
		.last = (constant ? local : local + length - 1) | 3,
	};

	if (!length)
		return 1;
	if (!constant &&
	    (length > UINT64_C(1) << 32 || stretch.last > UINT32_MAX))
		return 0;
	return !touches(oracle, ORACLE_DENY, &stretch) &&
	       (!oracle->keys[ORACLE_DMA].given ||
		covers(oracle, ORACLE_DMA, ORACLE_DMA, &stretch));
}

int oracle_step(const struct oracle *oracle, const struct plxdma_step *step,
		int owns)
{
	const struct stretch stretch = {
		.space = step->space,
		.first = step->offset,
		.last = step->offset + step->width / 8u - 1,
	};

	if (step->op != PLXDMA_STEP_WRITE)
		return !oracle->keys[ORACLE_READ].given ||
		       covers(oracle, ORACLE_READ, ORACLE_READ, &stretch);
	if (!owns && touches(oracle, ORACLE_CLAIM_WRITE, &stretch))
		return 0;
	return !oracle->keys[ORACLE_WRITE].given ||
	       covers(oracle, ORACLE_WRITE, ORACLE_CLAIM_WRITE, &stretch);
}
