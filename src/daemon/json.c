/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See json.h. */
#include "json.h"

#include <inttypes.h>

static void member(struct json *json, const char *key)
{
	fputs(json->more ? ",\n" : "\n", json->file);
	json->more = 1;
	if (key)
		fprintf(json->file, "\"%s\": ", key);
}

void json_begin(struct json *json, const char *key, char bracket)
{
	member(json, key);
	fputc(bracket, json->file);
	json->more = 0;
}

void json_end(struct json *json, char bracket)
{
	fputc(bracket, json->file);
	json->more = 1;
}

void json_text(struct json *json, const char *key, const char *text)
{
	member(json, key);
	fputc('"', json->file);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', json->file);
		fputc(*text < ' ' || *text > '~' ? '?' : *text, json->file);
	}
	fputc('"', json->file);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	member(json, key);
	fprintf(json->file, "%" PRIu64, value);
}

void json_flag(struct json *json, const char *key, int value)
{
	member(json, key);
	fputs(value ? "true" : "false", json->file);
}
