/* SPDX-License-Identifier: MIT */
/*
 * The benchmark from start to end: count system calls, measure row by row,
 * write the files, draw. Any wrong byte or failed transfer makes it fail.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "measure.h"
#include "plot.h"
#include "syscalls.h"
#include "table.h"
#include "throughput.h"

struct outcome {
	uint64_t verified;
	uint64_t errors;
	unsigned int done;
};

static void finish_row(const struct plan *plan, const struct row *row,
		       struct outcome *outcome)
{
	outcome->verified += row->verified;
	outcome->errors += row->errors;
	outcome->done++;
	table_row(plan, row);
}

static void show_progress(const struct plan *plan, const struct row *row,
			  unsigned int done)
{
	char text[96], size[24];

	(void)snprintf(text, sizeof(text), "%s %s %s %s %s",
		       plan->sources[row->cell.spec].label,
		       side_name(row->cell.side), form_name(row->cell.form),
		       waiting_name(row->cell.waiting),
		       size_text(row->cell.size, size));
	table_progress(plan, done, text);
}

static void measure_source(struct plan *plan, unsigned int spec,
			   struct outcome *outcome)
{
	struct source *source = &plan->sources[spec];
	struct rig rig;
	unsigned int i;

	if (rig_open(&rig, plan, source)) {
		(void)fflush(stdout);
		(void)fprintf(stderr, "throughput: %s: %s\n", source->spec,
			      rig.why);
		outcome->errors++;
		return;
	}
	for (i = 0; i < plan->row_count; i++) {
		struct row *row = &plan->rows[i];

		if (row->cell.spec != spec)
			continue;
		show_progress(plan, row, outcome->done);
		measure_row(&rig, plan, row);
		finish_row(plan, row, outcome);
	}
	rig_close(&rig);
}

static int report(const char *path, int code)
{
	if (code)
		(void)fprintf(stderr, "throughput: %s: %s\n", path,
			      strerror(-code));
	return code ? 1 : 0;
}

static int write_files(const struct plan *plan, const struct machine *machine)
{
	int bad = 0;

	if (plan->csv)
		bad |= report(plan->csv, files_write_csv(plan, plan->csv));
	if (plan->json)
		bad |= report(plan->json,
			      files_write_json(plan, machine, plan->json));
	if (plan->plot) {
		int code = plot_draw(plan, machine, plan->plot);

		if (code == -ENOENT)
			(void)fprintf(stderr,
				      "throughput: no picture: gnuplot was not "
				      "found (apt-get install gnuplot-nox); "
				      "its script is %s.gp\n", plan->plot);
		bad |= code == -ENOENT ? 1 : report(plan->plot, code);
	}
	return bad;
}

int throughput_main(int argc, char **argv)
{
	struct outcome outcome = { 0 };
	struct machine machine;
	struct plan plan;
	char notice[240];
	unsigned int spec;
	int code = plan_read(&plan, argc, argv);

	if (code)
		return code;
	machine_describe(&machine);
	table_progress(&plan, 0, "counting system calls");
	syscalls_count(&plan, notice);
	table_begin(&plan, &machine);
	for (spec = 0; spec < plan.source_count; spec++)
		measure_source(&plan, spec, &outcome);
	code = write_files(&plan, &machine);
	if (notice[0])
		(void)printf("\n%s", notice);
	(void)printf("\nverified %llu bytes, %llu errors\n",
		     (unsigned long long)outcome.verified,
		     (unsigned long long)outcome.errors);
	plan_free(&plan);
	return code || outcome.errors || !outcome.verified ? 1 : 0;
}
