/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See ini_file.h. */
#include "api/ini_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

/* No board and no crate has so many; a file that isn't one ends here. */
#define LINES 10000u

struct reading {
	FILE *file;
	const struct ini_file_handlers *handlers;
	void *context;
	unsigned int line;
	int result;
	struct error why;
};

static int fail(struct reading *reading, int code, const char *text)
{
	reading->result = error_set(&reading->why, code, "%s", text);
	return 0;
}

/* "[NAME]" at the beginning of a line. */
static int section_begin(struct reading *reading, const char *line)
{
	const char *end = strchr(line, ']');
	size_t length = end ? (size_t)(end - line) - 1 : 0;
	char name[INI_FILE_NAME + 1];

	if (!end)
		return fail(reading, -EINVAL, "a section ends with ]");
	if (length > INI_FILE_NAME)
		return fail(reading, -EINVAL,
			    "a section's name is too long");
	memcpy(name, line + 1, length);
	name[length] = '\0';
	reading->result = reading->handlers->section(reading->context, name,
						     &reading->why);
	return !reading->result;
}

static int line_take(struct reading *reading, const char *line, int room)
{
	size_t length = strlen(line);

	reading->line++;
	if (reading->line > LINES)
		return fail(reading, -EFBIG, "more lines than any such file");
	if (length + 1 == (size_t)room && line[length - 1] != '\n')
		return fail(reading, -EINVAL,
			    "the line is too long: less than 200 characters");
	if (line[0] == '[' && reading->handlers->section)
		return section_begin(reading, line);
	return 1;
}

/* As fgets(); the end of the file, to inih, once something was wrong. */
static char *on_line(char *line, int room, void *stream)
{
	struct reading *reading = stream;

	if (reading->result || !fgets(line, room, reading->file))
		return NULL;
	return line_take(reading, line, room) ? line : NULL;
}

static int on_entry(void *context, const char *section, const char *key,
		    const char *value)
{
	struct reading *reading = context;

	if (reading->result)
		return 0;
	if (strlen(key) > INI_FILE_NAME || strlen(section) > INI_FILE_NAME)
		return fail(reading, -EINVAL, "a name is too long");
	reading->result = reading->handlers->entry(
		reading->context, section, key, value, &reading->why);
	return !reading->result;
}

/* What inih itself refuses. */
static void syntax_check(struct reading *reading, int line)
{
	if (reading->result)
		return;
	if (ferror(reading->file)) {
		fail(reading, -EIO, "it can't be read; is it a file?");
	} else if (line) {
		reading->line = line < 0 ? 0 : (unsigned int)line;
		fail(reading, line < 0 ? -ENOMEM : -EINVAL,
		     "neither [SECTION] nor KEY = VALUE nor a comment");
	}
}

int ini_file_read(const char *path, const struct ini_file_handlers *handlers,
		  void *context, struct error *error)
{
	struct reading reading = { .handlers = handlers, .context = context };

	reading.file = fopen(path, "re");
	if (!reading.file)
		return error_set(error, -errno, "%s: %s", path,
				 strerror(errno));
	syntax_check(&reading,
		     ini_parse_stream(on_line, &reading, on_entry, &reading));
	(void)fclose(reading.file);
	if (!reading.result)
		return 0;
	return error_set(error, reading.result, "%s:%u: %s", path,
			 reading.line, reading.why.text);
}
