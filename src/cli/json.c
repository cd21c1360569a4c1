/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON for scripts: one object a run.  "schema" names what the object holds;
 * its number changes when a key changes its meaning or goes.
 */
#include "cli/cli.h"

#include <stdio.h>

#include "config.h"

struct json_object *cli_json_new(const char *schema)
{
	struct json_object *object = json_object_new_object();

	cli_json_text(object, "schema", schema);
	cli_json_text(object, "plxdma", PACKAGE_VERSION);
	return object;
}

void cli_json_print(struct json_object *object)
{
	(void)puts(json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
				JSON_C_TO_STRING_NOSLASHESCAPE));
	(void)json_object_put(object);
}

void cli_json_text(struct json_object *object, const char *key,
		   const char *value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_string(value));
}

void cli_json_number(struct json_object *object, const char *key,
		     uint64_t value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_uint64(value));
}

void cli_json_signed(struct json_object *object, const char *key,
		     int64_t value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_int64(value));
}

void cli_json_double(struct json_object *object, const char *key,
		     double value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_double(value));
}

void cli_json_flag(struct json_object *object, const char *key, bool value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_boolean(value));
}

void cli_json_hex(struct json_object *object, const char *key, uint32_t value,
		  unsigned int width)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "0x%0*x", (int)(width / 4), value);
	cli_json_text(object, key, text);
}
