/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Test results in TAP, the Test Anything Protocol, or as JSON. */
#ifndef CLI_TAP_H
#define CLI_TAP_H

#include <json-c/json.h>
#include <stdbool.h>

struct tap {
	unsigned int count;
	unsigned int failed;
	unsigned int skipped;
	struct json_object *rows; /* NULL: print TAP */
};

void tap_start(struct tap *tap, bool json);
void tap_ok(struct tap *tap, bool ok, const char *name, const char *why, ...)
	__attribute__((format(printf, 4, 5)));
void tap_skip(struct tap *tap, const char *name, const char *why);
/* Prints the plan, or the JSON.  Return: an exit code of cli.h. */
int tap_end(struct tap *tap, const char *spec);

#endif
