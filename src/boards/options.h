/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board's options: numbers with a name and bounds, as board.NAME=NUMBER.
 */
#ifndef BOARDS_OPTIONS_H
#define BOARDS_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

struct board_option {
	const char *name; /* NULL ends a table */
	double low, high;
	uint64_t *value;
	uint64_t *upper; /* also takes LOW-HIGH; else NULL */
};

/* K, M and G are powers of two, 1e6 is a million.  Return: 0, or a negative
 * errno with a text. */
int board_options(const char *const *options, const struct board_option *table,
		  char *why, size_t why_size);

#endif
