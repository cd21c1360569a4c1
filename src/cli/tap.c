/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/tap.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/cli.h"

void tap_start(struct tap *tap, bool json)
{
	*tap = (struct tap){ .rows = json ? json_object_new_array() : NULL };
	if (!json)
		(void)puts("TAP version 13");
}

static void add_row(struct tap *tap, const char *name, const char *result,
		    const char *why)
{
	struct json_object *row = json_object_new_object();

	cli_json_text(row, "test", name);
	cli_json_text(row, "result", result);
	if (*why)
		cli_json_text(row, "why", why);
	(void)json_object_array_add(tap->rows, row);
}

void tap_ok(struct tap *tap, bool ok, const char *name, const char *why, ...)
{
	char text[400] = "";
	va_list args;

	tap->count++;
	tap->failed += !ok;
	if (!ok) {
		va_start(args, why);
		(void)vsnprintf(text, sizeof(text), why, args);
		va_end(args);
	}
	if (tap->rows) {
		add_row(tap, name, ok ? "ok" : "not ok", text);
		return;
	}
	(void)printf("%sok %u - %s\n", ok ? "" : "not ", tap->count, name);
	if (*text)
		(void)printf("# %s\n", text);
}

void tap_skip(struct tap *tap, const char *name, const char *why)
{
	tap->count++;
	tap->skipped++;
	if (tap->rows)
		add_row(tap, name, "skip", why);
	else
		(void)printf("ok %u - %s # SKIP %s\n", tap->count, name, why);
}

int tap_end(struct tap *tap, const char *spec)
{
	struct json_object *object;

	if (tap->rows) {
		object = cli_json_new("plxdma.selftest/1");
		cli_json_text(object, "spec", spec);
		cli_json_number(object, "tests", tap->count);
		cli_json_number(object, "failed", tap->failed);
		cli_json_number(object, "skipped", tap->skipped);
		(void)json_object_object_add(object, "results", tap->rows);
		cli_json_print(object);
	} else {
		(void)printf("1..%u\n", tap->count);
	}
	return tap->failed ? CLI_FAILED : CLI_OK;
}
