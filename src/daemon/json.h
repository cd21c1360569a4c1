/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON as it is written, a member after the other: the daemon reads none, so
 * it needs no library, and no tree of what it is about to say.
 */
#ifndef DAEMON_JSON_H
#define DAEMON_JSON_H

#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *file;
	int more;			/* a comma comes before what is next */
};

/* @key: NULL in an array, and for the outermost. @bracket: '{' or '['. */
void json_begin(struct json *json, const char *key, char bracket);
void json_end(struct json *json, char bracket);
/* What isn't printable ASCII is a question mark. */
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t value);
void json_flag(struct json *json, const char *key, int value);

#endif
