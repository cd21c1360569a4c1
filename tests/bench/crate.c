/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The figures of a crate: thirteen cards on one bus, each armed by a register
 * write and read by short transfers from its FIFO; one card alone.  Run by
 * scripts/bench, as figures.c.
 *
 *   crate [DAEMON]
 *
 * DAEMON is the prefix of the daemon's cards: PREFIX-0 to PREFIX-12 on one bus
 * of 132 MB/s, PREFIX-alone at 100 MB/s.
 */
#include <stdio.h>

#include <plxdma/plxdma.h>

#include "digitizer.h"
#include "report.h"

#define KIB 1024u
#define RATE 132e6
#define ALONE 100e6
#define SAMPLES 31
#define TIMEOUT INT64_C(2000000000)

static void crate_show(const char *where, const struct digitizer *crate,
		       double ns)
{
	double least = 1e9, most = 0, sum = 0, share;
	char what[96];
	int i;

	for (i = 0; i < CARDS; i++) {
		share = (double)crate[i].blocks;
		sum += share;
		least = share < least ? share : least;
		most = share > most ? share : most;
	}
	snprintf(what, sizeof(what), "%s, 13 cards, 132 MB/s, 32 KiB: the sum",
		 where);
	report(what, 100 * sum * 32 * KIB / (ns / 1e9) / RATE, "%", AT_LEAST,
	       95);
	snprintf(what, sizeof(what), "%s, the least share, of a thirteenth",
		 where);
	report(what, 100 * least * CARDS / sum, "%", AT_LEAST, 95);
	snprintf(what, sizeof(what), "%s, the largest", where);
	report(what, 100 * most * CARDS / sum, "%", AT_MOST, 105);
}

static void show_crate(const char *where, const char *prefix)
{
	struct digitizer crate[CARDS];
	char spec[128];
	int i;

	for (i = 0; i < CARDS; i++) {
		if (prefix)
			snprintf(spec, sizeof(spec), "daemon:%s-%d", prefix, i);
		else
			snprintf(spec, sizeof(spec),
				 "model:bus=crate,rate=132e6");
		digitizer_open(&crate[i], spec, i ? crate[0].card : NULL,
			       32 * KIB);
	}
	crate_run(crate, 0.5);
	crate_show(where, crate, crate_run(crate, 5));
	for (i = 0; i < CARDS; i++)
		digitizer_close(&crate[i]);
}

static void show_alone(const char *where, const char *spec, size_t length,
		       double limit)
{
	struct digitizer digitizer;
	double sample[SAMPLES], begin;
	char what[96];
	int i, k;

	digitizer_open(&digitizer, spec, NULL, length);
	for (k = 0; k < SAMPLES; k++) {
		begin = now();
		for (i = 0; i < 50; i++)
			if (plxdma_submit(digitizer.transfer) ||
			    plxdma_wait(digitizer.transfer, TIMEOUT, NULL))
				die("block", digitizer.card);
		sample[k] = (now() - begin) / 50;
	}
	snprintf(what, sizeof(what), "%s, alone, 100 MB/s, %zu KiB, one armed",
		 where, length / KIB);
	report(what, 100 * (double)length / (median(sample, SAMPLES) / 1e9) /
	       ALONE, "%", AT_LEAST, limit);
	digitizer_close(&digitizer);
}

int main(int argc, char **argv)
{
	const char *prefix = argc > 1 ? argv[1] : NULL;
	char alone[128];

	show_crate("direct", NULL);
	show_alone("direct", "model:rate=100e6", 32 * KIB, 97);
	show_alone("direct", "model:rate=100e6", 4 * KIB, 85);
	if (prefix) {
		snprintf(alone, sizeof(alone), "daemon:%s-alone", prefix);
		show_crate("daemon", prefix);
		show_alone("daemon", alone, 32 * KIB, 95);
		show_alone("daemon", alone, 4 * KIB, 75);
	}
	return report_missed();
}
