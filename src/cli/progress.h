/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A progress bar with rate and time left, on a terminal only: where the
 * standard error is a file or a pipe, nothing of it is printed.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t total; /* bytes, 0: not known */
	uint64_t started;
	uint64_t drawn; /* when last */
	bool shown;
};

void progress_start(struct progress *progress, uint64_t total);
void progress_step(struct progress *progress, uint64_t done);
/* Removes the bar.  Return: nanoseconds since progress_start(). */
uint64_t progress_end(struct progress *progress);

#endif
