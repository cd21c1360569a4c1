/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sample is a batch of operations, long enough for the clock; the median
 * of the samples is not moved by an interrupt that fell into a few of them.
 */
#include "bench/figure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static int by_value(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double figure_median(double *samples, size_t count)
{
	qsort(samples, count, sizeof(*samples), by_value);
	return count & 1 ? samples[count / 2]
			 : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

double figure_time(const struct figures *figures, figure_work *work,
		   void *context, unsigned int operations)
{
	double samples[1024] = { 0 };
	unsigned int i, count = figures->samples;
	uint64_t began;

	if (count > 1024)
		count = 1024;
	work(context, operations);
	for (i = 0; i < count; i++) {
		began = cli_now();
		work(context, operations);
		samples[i] = (double)(cli_now() - began) / operations;
	}
	return figure_median(samples, count);
}

struct figure *figure_add(struct figures *figures, const char *unit,
			  const char *format, ...)
{
	struct figure *figure = &figures->figure[figures->count];
	va_list list;

	if (figures->count < FIGURES_MAX - 1)
		figures->count++;
	memset(figure, 0, sizeof(*figure));
	figure->unit = unit;
	va_start(list, format);
	(void)vsnprintf(figure->name, sizeof(figure->name), format, list);
	va_end(list);
	return figure;
}

void figure_note(struct figure *figure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(figure->note, sizeof(figure->note), format, list);
	va_end(list);
}

static int missed(const struct figure *figure)
{
	if (figure->missing)
		return 0;
	if (figure->at_most > 0 && figure->value > figure->at_most)
		return 1;
	return figure->at_least > 0 && figure->value < figure->at_least;
}

static void promise_text(const struct figure *figure, char text[40])
{
	int most = figure->at_most > 0;

	text[0] = 0;
	if (most || figure->at_least > 0)
		(void)snprintf(text, 40, "%s %.4g %s", most ? "<=" : ">=",
			       most ? figure->at_most : figure->at_least,
			       missed(figure) ? "MISSED" : "met");
}

static void figure_print(const struct figure *figure)
{
	char promise[40];

	promise_text(figure, promise);
	if (figure->missing)
		printf("  %-48s %11s  %s\n", figure->name, "-", figure->note);
	else
		printf("  %-48s %11.*f %-10s %-15s %s\n", figure->name,
		       figure->value < 1000 ? 2 : 0, figure->value,
		       figure->unit, promise, figure->note);
}

void figures_print(const struct figures *figures)
{
	size_t i;

	for (i = 0; i < figures->count; i++)
		figure_print(&figures->figure[i]);
}

static struct json_object *figure_json(const struct figure *figure)
{
	struct json_object *object = json_object_new_object();

	cli_json_text(object, "name", figure->name);
	if (!figure->missing) {
		cli_json_double(object, "value", figure->value);
		cli_json_text(object, "unit", figure->unit);
	}
	if (figure->at_most > 0)
		cli_json_double(object, "at_most", figure->at_most);
	if (figure->at_least > 0)
		cli_json_double(object, "at_least", figure->at_least);
	if (figure->at_most > 0 || figure->at_least > 0)
		cli_json_flag(object, "met", !figure->missing &&
			      !missed(figure));
	if (figure->note[0])
		cli_json_text(object, "note", figure->note);
	return object;
}

struct json_object *figures_json(const struct figures *figures)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < figures->count; i++)
		(void)json_object_array_add(array,
					    figure_json(&figures->figure[i]));
	return array;
}

int figures_missed(const struct figures *figures)
{
	size_t i;

	for (i = 0; i < figures->count; i++)
		if (missed(&figures->figure[i]))
			return 1;
	return 0;
}
