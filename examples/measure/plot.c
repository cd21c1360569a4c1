/* SPDX-License-Identifier: MIT */
#include "plot.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GNUPLOT_MS 30000

extern char **environ;

/* gnuplot takes a text in single quotes as it is, and '' for one quote. */
static void put_text(FILE *file, const char *text)
{
	(void)fputc('\'', file);
	for (; *text; text++) {
		if (*text == '\'')
			(void)fputc('\'', file);
		if ((unsigned char)*text >= ' ')
			(void)fputc(*text, file);
	}
	(void)fputc('\'', file);
}

static bool same_line(const struct cell *a, const struct cell *b)
{
	return a->spec == b->spec && a->side == b->side && a->form == b->form &&
	       a->waiting == b->waiting;
}

/* Rows come line by line.  Return: the first row of the next line. */
static unsigned int line_end(const struct plan *plan, unsigned int first)
{
	unsigned int i = first;

	while (i < plan->row_count &&
	       same_line(&plan->rows[i].cell, &plan->rows[first].cell))
		i++;
	return i;
}

static void put_data(const struct plan *plan, FILE *file)
{
	unsigned int first, end, i;

	for (first = 0; first < plan->row_count; first = end) {
		end = line_end(plan, first);
		(void)fprintf(file, "$line%u << EOD\n", first);
		for (i = first; i < end; i++)
			if (plan->rows[i].transfers && !plan->rows[i].errors)
				(void)fprintf(file, "%llu %.3f\n",
					      (unsigned long long)plan->rows[i]
						      .cell.size,
					      row_rate(&plan->rows[i]));
		(void)fputs("EOD\n", file);
	}
}

/* What the words in the keys stand for, as the title's second line. */
static void put_cards(const struct plan *plan, FILE *file)
{
	unsigned int i;

	(void)fputs(".\"\\n\"", file);
	for (i = 0; i < plan->source_count; i++) {
		char text[300];

		(void)snprintf(text, sizeof(text), "%s%s: %s", i ? "    " : "",
			       plan->sources[i].label, plan->sources[i].full);
		(void)fputc('.', file);
		put_text(file, text);
	}
}

static void put_head(const struct plan *plan, const struct machine *machine,
		     const char *path, FILE *file)
{
	char title[512];

	(void)snprintf(title, sizeof(title),
		       "plxdma throughput: %s, %ld CPUs, %s, %s, %u in flight",
		       machine->cpu, machine->cpus, machine->kernel,
		       machine->date, plan->depth);
	(void)fputs("set terminal pngcairo size 1800,800 font 'Sans,11'\n"
		    "set output ", file);
	put_text(file, path);
	(void)fputs("\nset multiplot layout 1,3 title ", file);
	put_text(file, title);
	put_cards(plan, file);
	(void)fputs(" noenhanced\n"
		    "set logscale x 2\n"
		    "set logscale y 10\n"
		    "set format y '%g'\n"
		    "set grid xtics ytics lt 1 lc rgb '#cccccc'\n"
		    "set xlabel 'bytes a transfer'\n"
		    "set ylabel 'MB/s'\n"
		    "set key bottom right\n"
		    "set xtics ('64' 64, '256' 256, '1K' 1024, '4K' 4096, "
		    "'16K' 16384, '64K' 65536, '256K' 262144, '1M' 1048576, "
		    "'4M' 4194304, '16M' 16777216, '64M' 67108864)\n", file);
}

/* All panels share their axis. */
static void put_ranges(const struct plan *plan, FILE *file)
{
	double low = 1e12, high = 1;
	unsigned int i;

	for (i = 0; i < plan->row_count; i++) {
		double rate = row_rate(&plan->rows[i]);

		if (rate > high)
			high = rate;
		if (rate > 0 && rate < low)
			low = rate;
	}
	(void)fprintf(file, "set yrange [%g:%g]\nset xrange [%llu:%llu]\n",
		      low < high ? low / 4 : high / 4, high * 1.5,
		      (unsigned long long)plan->sizes[0] / 2 + 1,
		      (unsigned long long)plan->sizes[plan->size_count - 1] *
			      2);
}

static void put_bus(const struct plan *plan, FILE *file)
{
	unsigned int i;

	for (i = 0; i < plan->source_count; i++) {
		if (plan->sources[i].rate <= 0)
			continue;
		(void)fprintf(file,
			      "%g with lines dt 2 lc rgb '#444444' title "
			      "'bus, %g MB/s', ",
			      plan->sources[i].rate / 1e6,
			      plan->sources[i].rate / 1e6);
		return;
	}
}

/* Colour: form and waiting; solid or dashed: the card. */
static void put_line(const struct plan *plan, unsigned int first, FILE *file)
{
	static const char *const colours[2][2] = {
		{ "#1f77b4", "#2ca02c" }, /* block: event, spin */
		{ "#d62728", "#ff7f0e" }, /* chain */
	};
	const struct cell *cell = &plan->rows[first].cell;

	(void)fprintf(file,
		      "$line%u with linespoints lw 2 pt %d ps 0.8 dt %u lc "
		      "rgb '%s' title '%s, %s, %s' noenhanced, ",
		      first, cell->spec ? 6 : 7, cell->spec + 1,
		      colours[cell->form == PLXDMA_FORM_CHAIN]
			     [cell->waiting == PLXDMA_WAIT_SPIN],
		      plan->sources[cell->spec].label, form_name(cell->form),
		      waiting_name(cell->waiting));
}

static void put_panel(const struct plan *plan, enum side side, FILE *file)
{
	unsigned int first;
	bool any = false;

	for (first = 0; first < plan->row_count;
	     first = line_end(plan, first)) {
		if (plan->rows[first].cell.side != side)
			continue;
		if (!any) {
			(void)fprintf(file, "set title '%s'\nplot ",
				      side_name(side));
			put_bus(plan, file);
		}
		any = true;
		put_line(plan, first, file);
	}
	(void)fputs(any ? "NaN notitle\n" : "set multiplot next\n", file);
}

static int write_script(const struct plan *plan, const struct machine *machine,
			const char *path, const char *script)
{
	FILE *file = fopen(script, "we");
	int side, bad;

	if (!file)
		return -errno;
	put_data(plan, file);
	put_head(plan, machine, path, file);
	put_ranges(plan, file);
	for (side = SIDE_TO_HOST; side <= SIDE_BOTH; side++)
		put_panel(plan, (enum side)side, file);
	(void)fputs("unset multiplot\n", file);
	bad = ferror(file);
	return fclose(file) || bad ? -EIO : 0;
}

static int wait_for(pid_t child)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	int status, i;

	for (i = 0; i < GNUPLOT_MS / 10; i++) {
		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child)
			return WIFEXITED(status) && !WEXITSTATUS(status) ?
				       0 :
				       -EIO;
		if (ended < 0 && errno != EINTR)
			return -errno;
		(void)nanosleep(&nap, NULL);
	}
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	return -ETIMEDOUT;
}

int plot_draw(const struct plan *plan, const struct machine *machine,
	      const char *path)
{
	char script[512];
	char name[] = "gnuplot";
	char *argv[] = { name, script, NULL };
	pid_t child;
	int code;

	if (strlen(path) + 4 > sizeof(script))
		return -ENAMETOOLONG;
	(void)snprintf(script, sizeof(script), "%s.gp", path);
	code = write_script(plan, machine, path, script);
	if (code)
		return code;
	code = posix_spawnp(&child, name, NULL, NULL, argv, environ);
	return code ? -code : wait_for(child);
}
