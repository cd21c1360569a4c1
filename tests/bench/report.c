/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See report.h. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <plxdma/card.h>

static int missed;

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *sample, size_t count)
{
	qsort(sample, count, sizeof(*sample), by_value);
	return sample[count / 2];
}

void report(const char *what, double value, const char *unit, enum bound bound,
	    double limit)
{
	int met = bound == REPORTED ||
		  (bound == AT_MOST ? value <= limit : value >= limit);

	printf("%-58s %9.2f %-5s", what, value, unit);
	if (bound != REPORTED)
		printf(" %s %7.2f  %s", bound == AT_MOST ? "<=" : ">=", limit,
		       met ? "met" : "MISSED");
	printf("\n");
	fflush(stdout);
	missed |= !met;
}

void report_fault(const char *what)
{
	printf("%s\n", what);
	missed = 1;
}

int report_missed(void)
{
	return missed;
}

void die(const char *what, const struct plxdma_card *card)
{
	fprintf(stderr, "%s: %s\n", what, plxdma_error(card));
	exit(2);
}
