/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board's options.
 */
#include "boards/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct board_option *
option_find(const struct board_option *table, const char *text, size_t length)
{
	for (; table->name; table++) {
		if (strlen(table->name) == length &&
		    !strncmp(table->name, text, length))
			return table;
	}
	return NULL;
}

/* Return: what follows the number, or NULL if it isn't one within bounds. */
static const char *option_number(const struct board_option *option,
				 const char *text, uint64_t *value)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	double number;

	if (!strncmp(text, "0x", 2))
		number = (double)strtoull(text, &end, 16);
	else
		number = strtod(text, &end);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit)
		number *= (double)(1ull << 10 * (unit - units + 1));
	end += unit != NULL;
	if (end == text || !(number >= option->low && number <= option->high))
		return NULL;
	*value = (uint64_t)number;
	return end;
}

static bool option_set(const struct board_option *option, const char *text)
{
	const char *end = option_number(option, text, option->value);

	if (!end || !option->upper)
		return end && !*end;
	*option->upper = *option->value;
	if (*end == '-')
		end = option_number(option, end + 1, option->upper);
	return end && !*end && *option->upper >= *option->value;
}

int board_options(const char *const *options, const struct board_option *table,
		  char *why, size_t why_size)
{
	for (; *options; options++) {
		size_t length = strcspn(*options, "=");
		const struct board_option *option =
			option_find(table, *options, length);

		if (!option || !(*options)[length]) {
			snprintf(why, why_size, "no option \"%s\"; see "
				 "plxdma-boards(7)", *options);
			return -EINVAL;
		}
		if (option_set(option, *options + length + 1))
			continue;
		snprintf(why, why_size, "%s: takes %.0f to %.0f", *options,
			 option->low, option->high);
		return -EINVAL;
	}
	return 0;
}
