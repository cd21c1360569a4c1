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
/* Longer than this by so much, it was the daemon that stood still. */
#define OUTLIER 4

void pace_init(struct pace *pace)
{
	for (unsigned int i = 0; i < PACE_KINDS; i++) {
		pace->kinds[i].bytes = FIRST_BYTES;
		pace->kinds[i].ns = FIRST_BYTES / FIRST_RATE;
	}
}

unsigned int pace_kind(unsigned int direction, const struct plxdma_mode *mode)
{
	uint32_t word = mode ? mode_word(mode) : 0;

	/* Width, wait states and READY# in the low byte, bursts above it. */
	word ^= word >> 8 ^ word >> 16;
	word ^= word >> 3 ^ word >> 6;
	return (word & 7) << 1 | (direction & 1);
}

static double ns_per_byte(const struct pace *pace, unsigned int kind)
{
	return pace->kinds[kind].ns / pace->kinds[kind].bytes;
}

void pace_learn(struct pace *pace, unsigned int kind, uint64_t bytes,
		uint64_t ns)
{
	double most = (double)bytes * ns_per_byte(pace, kind) * OUTLIER;

	if (bytes < LEAST_BYTES)
		return;
	pace->kinds[kind].bytes *= FADING;
	pace->kinds[kind].ns *= FADING;
	pace->kinds[kind].bytes += (double)bytes;
	pace->kinds[kind].ns += (double)ns < most ? (double)ns : most;
}

uint64_t pace_cost(const struct pace *pace, unsigned int kind, uint64_t bytes)
{
	return START_NS + (uint64_t)((double)bytes * ns_per_byte(pace, kind));
}

uint64_t pace_bytes(const struct pace *pace, unsigned int kind, uint64_t ns)
{
	double known = 2 * pace->kinds[kind].bytes;
	double bytes = ns > START_NS ? (double)(ns - START_NS) /
				       ns_per_byte(pace, kind) : 0;

	return (uint64_t)(bytes < known ? bytes : known);
}
