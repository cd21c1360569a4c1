/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

#define REDRAW_NS 100000000u
#define BAR_WIDTH 30

void progress_start(struct progress *progress, uint64_t total)
{
	progress->total = total;
	progress->started = cli_now();
	progress->drawn = progress->started;
	progress->shown = isatty(STDERR_FILENO);
}

static void draw_bar(uint64_t done, uint64_t total)
{
	unsigned int filled = (unsigned int)((double)done / (double)total *
					     BAR_WIDTH);
	char bar[BAR_WIDTH + 1];
	unsigned int i;

	for (i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	(void)fprintf(stderr, " [%s]", bar);
}

void progress_step(struct progress *progress, uint64_t done)
{
	uint64_t now = cli_now();
	double seconds, rate;

	if (!progress->shown || now - progress->drawn < REDRAW_NS)
		return;
	progress->drawn = now;
	seconds = (double)(now - progress->started) / 1e9;
	rate = (double)done / seconds;
	(void)fputs("\r\033[K", stderr);
	(void)fprintf(stderr, "%9.1f MB", (double)done / 1e6);
	if (progress->total)
		draw_bar(done, progress->total);
	(void)fprintf(stderr, " %8.1f MB/s", rate / 1e6);
	if (progress->total && rate > 0)
		(void)fprintf(stderr, "  %.0f s left",
			      (double)(progress->total - done) / rate);
	(void)fflush(stderr);
}

uint64_t progress_end(struct progress *progress)
{
	if (progress->shown)
		(void)fputs("\r\033[K", stderr);
	return cli_now() - progress->started;
}
