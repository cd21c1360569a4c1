/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card's log (trace=FILE), read as a judge: did anything come
 * between the steps of a recipe?
 */
#ifndef RECIPE_LOG_H
#define RECIPE_LOG_H

#include <stddef.h>

struct log_verdict {
	unsigned long groups;	/* before and after a start, whole */
	unsigned long ends;	/* steps after an end */
	unsigned long monitored; /* monitors' reads, all outside of groups */
	unsigned long starts;
	char wrong[256];	/* the first thing that is, or "" */
};

void log_judge(const char *path, struct log_verdict *verdict);
/* How many lines have @words after their sequence and time. */
unsigned long log_count(const char *path, const char *words);

#endif
