/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <stdio.h>
#include <unistd.h>

static void erase_progress(void)
{
	if (isatty(STDERR_FILENO))
		(void)fputs("\r\033[K", stderr);
}

void table_begin(const struct plan *plan, const struct machine *machine)
{
	unsigned int i;

	(void)printf("%s, %ld CPUs, %s, %s\n", machine->cpu, machine->cpus,
		     machine->kernel, machine->date);
	for (i = 0; i < plan->source_count; i++)
		(void)printf("%s: %s\n", plan->sources[i].label,
			     plan->sources[i].full);
	(void)printf("%u in flight a channel; MB = 10^6 bytes; us/MiB: CPU "
		     "time;\nwr, rd, sys: register writes, reads, system "
		     "calls of a transfer\n\n",
		     plan->depth);
	(void)printf("%-9s %-8s %-5s %-5s %8s %9s %6s %11s %9s %9s %9s %5s "
		     "%6s %5s\n",
		     "via", "where", "form", "wait", "size", "MB/s", "bus",
		     "transfers/s", "p50 us", "p99 us", "us/MiB", "wr",
		     "rd", "sys");
}

void table_progress(const struct plan *plan, unsigned int done,
		    const char *doing)
{
	if (!isatty(STDERR_FILENO))
		return;
	(void)fflush(stdout);
	(void)fprintf(stderr, "\r\033[K[%u/%u] %s", done, plan->row_count,
		      doing);
	(void)fflush(stderr);
}

/* A figure that may be unknown. */
static const char *figure(char text[16], double value, const char *unit)
{
	if (value < 0)
		return "-";
	(void)snprintf(text, 16, "%.1f%s", value, unit);
	return text;
}

void table_row(const struct plan *plan, const struct row *row)
{
	const struct cell *cell = &row->cell;
	double seconds = (double)row->elapsed_ns / 1e9;
	char size[24], share[16], writes[16], reads[16], calls[16];

	erase_progress();
	(void)printf("%-9s %-8s %-5s %-5s %8s ",
		     plan->sources[cell->spec].label, side_name(cell->side),
		     form_name(cell->form), waiting_name(cell->waiting),
		     size_text(cell->size, size));
	if (row->why[0]) {
		(void)printf("%s%s\n", row->errors ? "ERROR: " : "",
			     row->why);
	} else {
		(void)printf("%9.1f %6s %11.0f %9.2f %9.2f %9.1f %5s %6s "
			     "%5s\n",
			     row_rate(row),
			     figure(share, row_share(plan, row) * 100, "%"),
			     (double)row->transfers / seconds,
			     (double)row->p50_ns / 1e3,
			     (double)row->p99_ns / 1e3,
			     row_cpu(row),
			     figure(writes, row->reg_writes, ""),
			     figure(reads, row->reg_reads, ""),
			     figure(calls, row->syscalls, ""));
	}
	(void)fflush(stdout);
}
