/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon costs on a bus of 132 MB/s: rates through it beside direct
 * ones, in turns, so that a machine that changes its speed changes both; and
 * what CPU its threads take while 1 MiB blocks pass, but for the software
 * card's engine, which on hardware is the card.  Run by scripts/bench.
 *
 *   overhead CARD PID
 *
 * CARD is the daemon's, model:rate=132e6; PID is the daemon's process.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define SRAM 0x20000000u
#define KIB 1024u
#define MIB (1024u * KIB)
#define DEEPEST 16
#define ROUNDS 5
#define BYTES (16u * MIB)	/* of one sample: 0.13 s */
#define CPU_S 3
#define TIMEOUT INT64_C(2000000000)
#define ENGINE "plx-engine"

struct lane {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer[DEEPEST];
	unsigned int depth;
	size_t length;
};

static void lane_open(struct lane *lane, const char *spec, unsigned int depth,
		      size_t length)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = length,
	};
	plxdma_handle first;

	if (plxdma_open(spec, &lane->card))
		die(spec, NULL);
	if (plxdma_channel_open(lane->card, 0, &lane->channel) ||
	    !plxdma_alloc_coherent(lane->card, depth * length, &first))
		die(spec, lane->card);
	for (unsigned int i = 0; i < depth; i++) {
		request.handle = first + i * length;
		if (plxdma_transfer_new(lane->channel, &request,
					&lane->transfer[i]))
			die("prepare", lane->card);
	}
	lane->depth = depth;
	lane->length = length;
}

/* All transfers under way at all times.  Returns bytes a second. */
static double lane_run(struct lane *lane, size_t bytes)
{
	size_t blocks = bytes / lane->length;
	double begin = now();

	for (size_t i = 0; i < blocks + lane->depth; i++) {
		struct plxdma_transfer *next = lane->transfer[i % lane->depth];

		if (i >= lane->depth && plxdma_wait(next, TIMEOUT, NULL))
			die("wait", lane->card);
		if (i < blocks && plxdma_submit(next))
			die("submit", lane->card);
	}
	return (double)(blocks * lane->length) / ((now() - begin) / 1e9);
}

static void show_rate(const char *spec, size_t length, unsigned int depth,
		      double limit)
{
	double direct[ROUNDS], daemon[ROUNDS], ratio[ROUNDS];
	struct lane here, there;
	char what[96];

	lane_open(&here, "model:rate=132e6,sram=4M", depth, length);
	lane_open(&there, spec, depth, length);
	lane_run(&here, BYTES / 4);
	lane_run(&there, BYTES / 4);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		direct[i] = lane_run(&here, BYTES);
		daemon[i] = lane_run(&there, BYTES);
		ratio[i] = daemon[i] / direct[i];
	}
	snprintf(what, sizeof(what), "direct, 132 MB/s, %zu KiB, %u in flight",
		 length / KIB, depth);
	report(what, median(direct, ROUNDS) / 1e6, "MB/s", REPORTED, 0);
	report("  through the daemon, of direct", 100 * median(ratio, ROUNDS),
	       "%", AT_LEAST, limit);
	plxdma_close(there.card);
	plxdma_close(here.card);
}

/* The first line of a thread's file. */
static int thread_line(const char *pid, const char *task, const char *name,
		       char *line, size_t size)
{
	char path[320];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "/proc/%s/task/%s/%s", pid, task, name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	got = fgets(line, (int)size, file) != NULL;
	fclose(file);
	return got;
}

/* What its threads have run so far, in ns: engines apart from the others. */
static void cpu_read(const char *pid, double *engines, double *others)
{
	char path[64], comm[64], stat[128];
	struct dirent *entry;
	DIR *directory;

	*engines = *others = 0;
	snprintf(path, sizeof(path), "/proc/%.20s/task", pid);
	directory = opendir(path);
	if (!directory)
		die("no such daemon", NULL);
	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    !thread_line(pid, entry->d_name, "comm", comm,
				 sizeof(comm)) ||
		    !thread_line(pid, entry->d_name, "schedstat", stat,
				 sizeof(stat)))
			continue;
		*(strncmp(comm, ENGINE, strlen(ENGINE)) ? others : engines) +=
			strtod(stat, NULL);
	}
	closedir(directory);
}

static void show_cpu(const char *spec, const char *pid)
{
	double engines[2], others[2], begin, spent, rate;
	struct lane lane;

	lane_open(&lane, spec, 2, MIB);
	lane_run(&lane, BYTES);
	cpu_read(pid, &engines[0], &others[0]);
	begin = now();
	rate = lane_run(&lane, (size_t)(CPU_S * 132e6));
	spent = now() - begin;
	cpu_read(pid, &engines[1], &others[1]);
	report("daemon, 1 MiB blocks, 2 in flight: the rate", rate / 1e6,
	       "MB/s", REPORTED, 0);
	report("  CPU of the card's engine, of a core",
	       100 * (engines[1] - engines[0]) / spent, "%", REPORTED, 0);
	report("  CPU of all other threads of the daemon",
	       100 * (others[1] - others[0]) / spent, "%", AT_MOST, 2);
	plxdma_close(lane.card);
}

int main(int argc, char **argv)
{
	char spec[128];

	if (argc != 3) {
		fprintf(stderr, "usage: overhead CARD PID\n");
		return 2;
	}
	snprintf(spec, sizeof(spec), "daemon:%s", argv[1]);
	show_rate(spec, MIB, 2, 99);
	show_rate(spec, 256 * KIB, 2, 99);
	show_rate(spec, 64 * KIB, 2, 99);
	show_rate(spec, 4 * KIB, 16, 95);
	show_cpu(spec, argv[2]);
	return report_missed();
}
