/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines "Directive=value"; the unit continues none, and quotes nothing.
 */
#include "sandbox-unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int line_take(struct unit *unit, char *text)
{
	struct unit_line *line = &unit->lines[unit->count];
	char *equals = strchr(text, '=');

	text[strcspn(text, "\n")] = 0;
	if (!*text || *text == '#' || *text == ';')
		return 0;
	if (!equals || unit->count == UNIT_LINES)
		return -EINVAL;
	*equals = 0;
	if (strlen(text) >= sizeof(line->key) ||
	    strlen(equals + 1) >= sizeof(line->value))
		return -EINVAL;
	strcpy(line->key, text);
	strcpy(line->value, equals + 1);
	line->heard = 0;
	unit->count++;
	return 0;
}

int unit_read(struct unit *unit, const char *path)
{
	FILE *file = fopen(path, "re");
	int err = file ? 0 : -errno, inside = 0;
	char text[512];

	unit->count = 0;
	while (!err && fgets(text, sizeof(text), file)) {
		if (*text == '[')
			inside = !strcmp(text, "[Service]\n");
		else if (inside)
			err = line_take(unit, text);
	}
	if (file)
		fclose(file);
	return err ? err : unit->count ? 0 : -EINVAL;
}

const char *unit_next(struct unit *unit, const char *key, unsigned int *at)
{
	while (*at < unit->count) {
		struct unit_line *line = &unit->lines[(*at)++];

		if (!strcmp(line->key, key)) {
			line->heard = 1;
			return line->value;
		}
	}
	return NULL;
}

const char *unit_value(struct unit *unit, const char *key)
{
	const char *value, *last = "";
	unsigned int at = 0;

	while ((value = unit_next(unit, key, &at)))
		last = value;
	return last;
}

int unit_is(struct unit *unit, const char *key, const char *value)
{
	return !strcmp(unit_value(unit, key), value);
}

const char *unit_unheard(const struct unit *unit)
{
	for (unsigned int i = 0; i < unit->count; i++) {
		if (!unit->lines[i].heard)
			return unit->lines[i].key;
	}
	return NULL;
}
