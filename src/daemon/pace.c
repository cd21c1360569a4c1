/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See pace.h. */
#include "pace.h"

#include "chip/mode.h"

/* What is taken for granted at first: PCI, 32 bits at 33 MHz. */
#define FIRST_BYTES 32768.0
#define FIRST_RATE 0.132		/* bytes a ns */
/* A start and the look at its end, which keep the bus from others as well. */
#define START_NS 1000u
/* What is shorter tells of its start and not of its bytes. */
#define LEAST_BYTES 4096u
#define FADING (31.0 / 32)
/* Below that much of a difference, or before so many samples, a kind is like
 * all others. */
#define DISTINCT 0.125
#define DISTINCT_SAMPLES 16
/* Longer than this by so much, it was the daemon that stood still. */
#define OUTLIER 4

static const struct pace_sum first = {
	.bytes = FIRST_BYTES,
	.ns = FIRST_BYTES / FIRST_RATE,
};

void pace_init(struct pace *pace)
{
	pace->all = first;
	for (unsigned int i = 0; i < PACE_KINDS; i++)
		pace->kinds[i] = first;
}

unsigned int pace_kind(unsigned int direction, const struct plxdma_mode *mode)
{
	uint32_t word = mode ? mode_word(mode) : 0;

	/* Width, wait states and READY# in the low byte, bursts above it. */
	word ^= word >> 8 ^ word >> 16;
	word ^= word >> 3 ^ word >> 6;
	return (word & 7) << 1 | (direction & 1);
}

static double quotient(const struct pace_sum *sum)
{
	return sum->ns / sum->bytes;
}

static int distinct(const struct pace_sum *sum, const struct pace_sum *all)
{
	double ratio = quotient(sum) / quotient(all);

	return sum->count >= DISTINCT_SAMPLES &&
	       (ratio > 1 + DISTINCT || ratio < 1 - DISTINCT);
}

static double ns_per_byte(const struct pace *pace, unsigned int kind)
{
	const struct pace_sum *own = &pace->kinds[kind];

	return quotient(distinct(own, &pace->all) ? own : &pace->all);
}

static void sum_add(struct pace_sum *sum, double bytes, double ns)
{
	double most = bytes * quotient(sum) * OUTLIER;

	sum->bytes = sum->bytes * FADING + bytes;
	sum->ns = sum->ns * FADING + (ns < most ? ns : most);
	sum->count++;
}

void pace_learn(struct pace *pace, unsigned int kind, uint64_t bytes,
		uint64_t ns)
{
	if (bytes < LEAST_BYTES)
		return;
	sum_add(&pace->kinds[kind], (double)bytes, (double)ns);
	sum_add(&pace->all, (double)bytes, (double)ns);
}

uint64_t pace_cost(const struct pace *pace, unsigned int kind, uint64_t bytes)
{
	return START_NS + (uint64_t)((double)bytes * ns_per_byte(pace, kind));
}

uint64_t pace_bytes(const struct pace *pace, unsigned int kind, uint64_t ns)
{
	double known = 2 * pace->all.bytes;
	double bytes = ns > START_NS ? (double)(ns - START_NS) /
				       ns_per_byte(pace, kind) : 0;

	return (uint64_t)(bytes < known ? bytes : known);
}
