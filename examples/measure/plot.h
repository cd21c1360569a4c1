/* SPDX-License-Identifier: MIT */
/* The picture: a panel a direction, a line a mode, drawn by gnuplot. */
#ifndef THROUGHPUT_PLOT_H
#define THROUGHPUT_PLOT_H

#include "machine.h"
#include "throughput.h"

/*
 * Writes the script beside the picture (@path and ".gp"), so that it can be
 * changed and drawn again, and runs gnuplot on it.  Return: 0 or a negative
 * errno; -ENOENT without gnuplot.
 */
int plot_draw(const struct plan *plan, const struct machine *machine,
	      const char *path);

#endif
