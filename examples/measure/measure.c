/* SPDX-License-Identifier: MIT */
/*
 * A row: batches, staged, run against the clock and checked, until enough time
 * was spent under way. The first batch only warms up, and is checked as well.
 */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Staging and checking may take this many times what is measured. */
#define WALL_FACTOR 5

static uint64_t thread_cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct marks {
	struct plxdma_counters counters;
	uint64_t cpu_ns;
	uint64_t now_ns;
	bool counted;
};

static void mark(struct rig *rig, struct marks *marks)
{
	marks->counters.size = sizeof(marks->counters);
	marks->counted = plxdma_card_counters(rig->card,
					      &marks->counters) == 0;
	marks->cpu_ns = thread_cpu_ns();
	marks->now_ns = rig_now();
}

static void mark_end(struct rig *rig, struct marks *marks)
{
	marks->now_ns = rig_now();
	marks->cpu_ns = thread_cpu_ns();
	marks->counters.size = sizeof(marks->counters);
	marks->counted = plxdma_card_counters(rig->card,
					      &marks->counters) == 0;
}

/* What the registers cost, summed over the batches. */
struct registers {
	uint64_t reads;
	uint64_t writes;
	bool counted;
};

static void add_batch(const struct rig *rig, struct row *row,
		      const struct marks *from, const struct marks *to,
		      struct registers *registers)
{
	unsigned int i;

	row->elapsed_ns += to->now_ns - from->now_ns;
	row->cpu_ns += to->cpu_ns - from->cpu_ns;
	for (i = 0; i < rig->lane_count; i++) {
		row->transfers += rig->lanes[i].taken;
		row->bytes += rig->lanes[i].taken * rig->lanes[i].size;
	}
	registers->reads += to->counters.reg_reads - from->counters.reg_reads;
	registers->writes +=
		to->counters.reg_writes - from->counters.reg_writes;
	registers->counted =
		registers->counted && from->counted && to->counted;
}

/* Return: 0, or -1 with the row's why. */
static int run_batch(struct rig *rig, struct row *row, bool timed,
		     struct registers *registers)
{
	struct marks from, to;
	unsigned int i;
	int64_t wrong;

	if (rig_stage(rig))
		goto fail;
	mark(rig, &from);
	if (rig_run(rig))
		goto fail;
	mark_end(rig, &to);
	if (timed)
		add_batch(rig, row, &from, &to, registers);
	wrong = rig_check(rig);
	if (wrong < 0)
		goto fail;
	for (i = 0; i < rig->lane_count; i++)
		row->verified += rig->lanes[i].taken * rig->lanes[i].size;
	row->errors += (uint64_t)wrong;
	if (!wrong)
		return 0;
	(void)snprintf(row->why, sizeof(row->why), "%lld wrong words",
		       (long long)wrong);
	return -1;
fail:
	row->errors++;
	(void)snprintf(row->why, sizeof(row->why), "%.239s", rig->why);
	return -1;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static void take_latencies(struct rig *rig, struct row *row)
{
	size_t count = rig->latency_count < LATENCIES_MAX ?
			       (size_t)rig->latency_count :
			       LATENCIES_MAX;

	if (!count)
		return;
	qsort(rig->latencies_ns, count, sizeof(uint64_t), compare);
	row->p50_ns = rig->latencies_ns[(count - 1) / 2];
	row->p99_ns = rig->latencies_ns[(count - 1) * 99 / 100];
}

void measure_row(struct rig *rig, const struct plan *plan, struct row *row)
{
	struct registers registers = { .counted = true };
	uint64_t began = rig_now();

	if (rig_prepare(rig, &row->cell, SLOTS_MAX)) {
		(void)snprintf(row->why, sizeof(row->why), "%.239s", rig->why);
		if (row->cell.size <= rig->lanes[0].room)
			row->errors++;
		goto out;
	}
	if (run_batch(rig, row, false, &registers))
		goto out;
	rig->latency_count = 0;
	do {
		if (run_batch(rig, row, true, &registers))
			goto out;
	} while (row->elapsed_ns < plan->row_ns &&
		 rig_now() - began < WALL_FACTOR * plan->row_ns);
	take_latencies(rig, row);
	if (registers.counted && row->transfers) {
		row->reg_reads =
			(double)registers.reads / (double)row->transfers;
		row->reg_writes =
			(double)registers.writes / (double)row->transfers;
	}
out:
	rig_clear(rig);
}
