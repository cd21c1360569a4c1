/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json-has SCHEMA [KEY...]: is the standard input one JSON object of that
 * schema with those keys, and nothing behind it? A bare machine has no other
 * program that could tell.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define INPUT_MAX (1 << 20)

static char input[INPUT_MAX];

static int fail(const char *what, const char *which)
{
	(void)fprintf(stderr, "json-has: %s %s\n", what, which);
	return 1;
}

static int check(struct json_object *object, int argc, char **argv)
{
	struct json_object *schema;
	int i;

	if (!json_object_object_get_ex(object, "schema", &schema) ||
	    strcmp(json_object_get_string(schema), argv[1]) != 0)
		return fail("not of schema", argv[1]);
	for (i = 2; i < argc; i++)
		if (!json_object_object_get_ex(object, argv[i], NULL))
			return fail("no key", argv[i]);
	return 0;
}

int main(int argc, char **argv)
{
	struct json_tokener *tokener = json_tokener_new();
	size_t size = fread(input, 1, sizeof(input) - 1, stdin);
	struct json_object *object;
	const char *rest;
	int bad;

	if (argc < 2 || !tokener)
		return fail("usage:", "json-has SCHEMA [KEY...]");
	object = json_tokener_parse_ex(tokener, input, (int)size);
	rest = input + json_tokener_get_parse_end(tokener);
	if (!object || !json_object_is_type(object, json_type_object))
		bad = fail("no object:", json_tokener_error_desc(
			json_tokener_get_error(tokener)));
	else if (rest[strspn(rest, " \n")])
		bad = fail("something behind the object:", rest);
	else
		bad = check(object, argc, argv);
	(void)json_object_put(object);
	json_tokener_free(tokener);
	return bad;
}
