/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See ini_file.h. */
#include "api/ini_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "error/planted.h"

/* No board and no crate has so many; a file that isn't one ends here. */
#define LINES 10000u

struct reading {
	FILE *file;
	const char *path;
	const struct ini_file_handlers *handlers;
	void *context;
	unsigned int line;
	int awaits_entry;	/* the line is neither blank nor a comment */
	int skips;		/* the rest of a line that is too long */
	int unknown;		/* the section was refused, and what is in it */
	int result;		/* of the first error */
	int over;
	struct error why;
};

/* Something is wrong with the line that is read: tells of it, or ends. */
static int fail(struct reading *reading, int code, const char *text)
{
	struct error first = { "" };

	error_set(&first, code, "%s:%u: %s", reading->path, reading->line,
		  text);
	if (!reading->result) {
		reading->result = code;
		reading->why = first;
	}
	if (reading->handlers->wrong)
		reading->handlers->wrong(reading->context, first.text);
	else
		reading->over = 1;
	return 0;
}

/* "[NAME]" at the beginning of a line. */
static void section_begin(struct reading *reading, const char *line)
{
	const char *end = strchr(line, ']');
	size_t length = end ? (size_t)(end - line) - 1 : 0;
	char name[INI_FILE_NAME + 1];
	struct error why = { "" };
	int err;

	reading->unknown = 1;
	if (!end) {
		fail(reading, -EINVAL, "a section ends with ]");
		return;
	}
	if (length > INI_FILE_NAME && !PLANTED(SECTION_NAME)) {
		fail(reading, -EINVAL, "a section's name is too long");
		return;
	}
	memcpy(name, line + 1, length);
	name[length] = '\0';
	err = reading->handlers->section(reading->context, name, &why);
	if (err)
		fail(reading, err, why.text);
	else
		reading->unknown = 0;
}

/* Between two lines: the one that was read has made an entry, if it had to. */
static void line_end(struct reading *reading)
{
	if (reading->awaits_entry)
		fail(reading, -EINVAL,
		     "neither [SECTION] nor KEY = VALUE nor a comment");
	reading->awaits_entry = 0;
}

static int is_whole(const char *line, int room)
{
	size_t length = strlen(line);

	return length + 1 < (size_t)room || line[length - 1] == '\n';
}

static void line_take(struct reading *reading, const char *line)
{
	static const char mark[] = "\xef\xbb\xbf";
	const char *text;

	if (reading->line == 1 && !strncmp(line, mark, 3))
		line += 3;
	if (line[0] == '[' && reading->handlers->section) {
		section_begin(reading, line);
		return;
	}
	text = line + strspn(line, " \t\r\n\v\f");
	reading->awaits_entry = *text && *text != '#' && *text != ';' &&
				!(*text == '[' && strchr(text, ']'));
}

static void line_begin(struct reading *reading)
{
	reading->line++;
	if (reading->handlers->line)
		*reading->handlers->line = reading->line;
	if (reading->line > LINES) {
		fail(reading, -EFBIG, "more lines than any such file");
		reading->over = 1;
	}
}

/* As fgets(); the end of the file, to inih, once something was wrong. */
static char *on_line(char *line, int room, void *stream)
{
	struct reading *reading = stream;
	int whole;

	line_end(reading);
	if (reading->over || !fgets(line, room, reading->file))
		return NULL;
	whole = is_whole(line, room);
	if (!reading->skips) {
		line_begin(reading);
		if (!whole)
			fail(reading, -EINVAL, "the line is too long: less "
			     "than 200 characters");
		else
			line_take(reading, line);
	}
	/* Of what is too long nothing is taken. */
	if (reading->skips || !whole)
		strcpy(line, "\n");
	reading->skips = !whole;
	return reading->over ? NULL : line;
}

static int on_entry(void *context, const char *section, const char *key,
		    const char *value)
{
	struct reading *reading = context;
	struct error why = { "" };
	int err;

	reading->awaits_entry = 0;
	if (reading->over || reading->unknown)
		return 0;
	if (strlen(key) > INI_FILE_NAME || strlen(section) > INI_FILE_NAME)
		return fail(reading, -EINVAL, "a name is too long");
	err = reading->handlers->entry(reading->context, section, key, value,
				       &why);
	return err ? fail(reading, err, why.text) : 1;
}

int ini_file_read(const char *path, const struct ini_file_handlers *handlers,
		  void *context, struct error *error)
{
	struct reading reading = {
		.path = path, .handlers = handlers, .context = context,
	};

	reading.file = fopen(path, "re");
	if (!reading.file) {
		reading.result = error_set(&reading.why, -errno, "%s: %s", path,
					   strerror(errno));
		if (handlers->wrong)
			handlers->wrong(context, reading.why.text);
		return error_set(error, reading.result, "%s",
				 reading.why.text);
	}
	if (ini_parse_stream(on_line, &reading, on_entry, &reading) == -2)
		fail(&reading, -ENOMEM, "no memory");
	if (ferror(reading.file))
		fail(&reading, -EIO, "it can't be read; is it a file?");
	(void)fclose(reading.file);
	return reading.result ? error_set(error, reading.result, "%s",
					  reading.why.text) : 0;
}
