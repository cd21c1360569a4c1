/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See names.h. */
#include "api/names.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/ini_file.h"

struct looking {
	const char *name;
	char *spec;
	size_t room;
	int found;
};

int names_is_name(const char *text)
{
	const char *at = text;

	while (isalnum((unsigned char)*at) || (*at && strchr("._-", *at)))
		at++;
	return at > text && !*at && strcmp(text, "auto") != 0;
}

static int spec_check(const char *name, const char *spec, struct error *error)
{
	if (strchr(spec, ':') || !strcmp(spec, "auto"))
		return 0;
	return error_set(error, -EINVAL,
			 "%s = %s: a name stands for a spec such as "
			 "uio:0000:05:0d.0 or daemon:digi0, not for another "
			 "name", name, spec);
}

static int name_take(struct looking *looking, const char *spec,
		     struct error *error)
{
	if (looking->found)
		return error_set(error, -EEXIST, "%s is there twice",
				 looking->name);
	if (strlen(spec) >= looking->room)
		return error_set(error, -EINVAL,
				 "%s: a spec has less than %zu characters",
				 looking->name, looking->room);
	strcpy(looking->spec, spec);
	looking->found = 1;
	return 0;
}

/* Every line is looked at: what is wrong with one is told to whoever opens
 * any, before it bites the one that it is about. */
static int on_entry(void *context, const char *section, const char *key,
		    const char *value, struct error *error)
{
	struct looking *looking = context;
	int result;

	if (*section)
		return error_set(error, -EINVAL,
				 "[%s]: the names file has no sections",
				 section);
	if (!names_is_name(key))
		return error_set(error, -EINVAL,
				 "\"%s\": a name has letters, digits, dots, "
				 "hyphens and underscores, and isn't \"auto\"",
				 key);
	result = spec_check(key, value, error);
	if (result || strcmp(key, looking->name) != 0)
		return result;
	return name_take(looking, value, error);
}

static int unknown(const char *name, const char *path, struct error *error)
{
	return error_set(error, -ENOENT,
			 "%.64s: no such name in %.100s.  Add the line \"%.64s "
			 "= SPEC\" there, or open a spec such as model: or "
			 "daemon:NAME", name, path, name);
}

int names_resolve(const char *name, char *spec, size_t room,
		  struct error *error)
{
	static const struct ini_file_handlers handlers = { .entry = on_entry };
	struct looking looking = { .name = name, .spec = spec, .room = room };
	const char *path = secure_getenv(NAMES_VARIABLE);
	int result;

	if (!path || !*path)
		path = NAMES_FILE;
	result = ini_file_read(path, &handlers, &looking, error);
	if (result == -ENOENT || (!result && !looking.found))
		return unknown(name, path, error);
	return result;
}
