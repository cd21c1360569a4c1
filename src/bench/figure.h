/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Figures of a benchmark: medians of many samples, printed as a table or as
 * JSON, with what was promised beside what was measured.
 */
#ifndef BENCH_FIGURE_H
#define BENCH_FIGURE_H

#include <json-c/json.h>
#include <stddef.h>

#define FIGURES_MAX 96

struct figure {
	char name[64];
	const char *unit;
	double value;
	double at_most, at_least;	/* 0: nothing was promised */
	char note[64];		/* what it is compared with; why it is missing */
	int missing;
};

struct figures {
	struct figure figure[FIGURES_MAX];
	size_t count;
	unsigned int samples;
};

/* Nanoseconds that one call of @work takes when it does @operations. */
typedef void figure_work(void *context, unsigned int operations);
double figure_time(const struct figures *figures, figure_work *work,
		   void *context, unsigned int operations);
double figure_median(double *samples, size_t count);

/* The next figure; its name is set, the rest is 0. */
struct figure *figure_add(struct figures *figures, const char *unit,
			  const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void figure_note(struct figure *figure, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void figures_print(const struct figures *figures);
struct json_object *figures_json(const struct figures *figures);
/* Was anything that was promised missed? */
int figures_missed(const struct figures *figures);

#endif
