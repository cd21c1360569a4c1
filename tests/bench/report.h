/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A figure beside its bound: what was measured, the median, whether the bound
 * was met.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stddef.h>

struct plxdma_card;

enum bound { AT_MOST, AT_LEAST, REPORTED };

/* Prints a line. */
void report(const char *what, double value, const char *unit, enum bound bound,
	    double limit);
/* Was a bound missed so far?  The exit status. */
int report_missed(void);
/* Something that no figure says is wrong as well. */
void report_fault(const char *what);

/* CLOCK_MONOTONIC in ns. */
double now(void);
/* Sorts the sample. */
double median(double *sample, size_t count);

/* Ends the program: the library's words for what went wrong. */
void die(const char *what, const struct plxdma_card *card)
	__attribute__((noreturn));

#endif
