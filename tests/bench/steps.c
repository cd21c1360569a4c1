/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a batch of register accesses costs through the daemon, more than the
 * accesses themselves.  Run by scripts/bench.
 *
 *   steps CARD CPU
 *
 * The daemon with CARD, model:engine=inline, is bound to CPU, and direct
 * accesses are done on that same CPU in turn with it.  A virtual CPU has
 * neighbours and two speeds, the lower one nearly half, which alternate by
 * milliseconds; what is compared is how both do undisturbed: the fastest tenth
 * of short samples.  Their medians say which speed prevailed, no more.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define STEPS 64u
#define ROUNDS 40
#define SAMPLES 4000
#define BOARD_SCRATCH 0x28u

/* Where this program runs: on @cpu alone, or anywhere else. */
static void run(unsigned int cpu, int there)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) == there)
			CPU_SET(i, &set);
	/* On a machine with one CPU there is nowhere else. */
	if (sched_setaffinity(0, sizeof(set), &set) && there)
		die("no such CPU", NULL);
}

static void steps_make(struct plxdma_step *steps)
{
	for (unsigned int i = 0; i < STEPS; i++)
		steps[i] = (struct plxdma_step){
			.op = i & 1 ? PLXDMA_STEP_READ : PLXDMA_STEP_WRITE,
			.space = PLXDMA_SPACE_BAR3,
			.width = 32,
			.offset = BOARD_SCRATCH,
		};
}

/* Some first, to wake whom it takes. */
static double steps_time(struct plxdma_card *card, unsigned int count)
{
	struct plxdma_step steps[STEPS];
	double begin = 0;

	steps_make(steps);
	for (unsigned int i = 0; i < 2 * ROUNDS; i++) {
		if (i == ROUNDS)
			begin = now();
		if (plxdma_batch(card, steps, count, NULL))
			die("batch", card);
	}
	return (now() - begin) / ROUNDS;
}

static void show(struct plxdma_card *here, struct plxdma_card *there,
		 unsigned int cpu, unsigned int count, enum bound bound)
{
	double direct[SAMPLES], daemon[SAMPLES], medians[2];
	char what[64];

	for (unsigned int k = 0; k < SAMPLES; k++) {
		run(cpu, 1);
		direct[k] = steps_time(here, count) / 1e3;
		run(cpu, 0);
		daemon[k] = steps_time(there, count) / 1e3;
	}
	medians[0] = median(direct, SAMPLES);
	medians[1] = median(daemon, SAMPLES);
	snprintf(what, sizeof(what), "direct, a batch of %u accesses", count);
	report(what, direct[SAMPLES / 10], "us", REPORTED, 0);
	report("  its median", medians[0], "us", REPORTED, 0);
	report("daemon, the same, more than direct",
	       daemon[SAMPLES / 10] - direct[SAMPLES / 10], "us", bound, 2);
	report("  of the medians", medians[1] - medians[0], "us", REPORTED, 0);
}

int main(int argc, char **argv)
{
	struct plxdma_card *here, *there;
	char spec[128];
	unsigned int cpu;

	if (argc != 3) {
		fprintf(stderr, "usage: steps CARD CPU\n");
		return 2;
	}
	cpu = (unsigned int)strtoul(argv[2], NULL, 10);
	snprintf(spec, sizeof(spec), "daemon:%s", argv[1]);
	if (plxdma_open("model:engine=inline", &here) ||
	    plxdma_open(spec, &there))
		die(spec, NULL);
	show(here, there, cpu, 1, REPORTED);
	show(here, there, cpu, STEPS, AT_MOST);
	plxdma_close(there);
	plxdma_close(here);
	return report_missed();
}
