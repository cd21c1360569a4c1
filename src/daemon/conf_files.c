/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading goes on after an error: whoever corrects a file wants to hear of all
 * of them at once.
 */
#include "conf_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/ini_file.h"

struct reading {
	struct settings *settings;
	const struct conf_ear *ear;
	const char *path;
	unsigned int line;
};

static int on_section(void *context, const char *section, struct error *error)
{
	struct reading *reading = context;
	const char *name = strrchr(reading->path, '/');
	char where[RULE_WHERE];

	name = name ? name + 1 : reading->path;
	snprintf(where, sizeof(where), "%.*s:%u", RULE_WHERE - 16, name,
		 reading->line);
	return settings_section(reading->settings, section, where, error);
}

static int on_entry(void *context, const char *section, const char *key,
		    const char *value, struct error *error)
{
	struct reading *reading = context;

	return settings_set(reading->settings, section, key, value, error);
}

static void on_wrong(void *context, const char *text)
{
	const struct conf_ear *ear = ((struct reading *)context)->ear;

	ear->wrong(ear->context, text);
}

int conf_file_load(struct settings *settings, const char *path,
		   const struct conf_ear *ear)
{
	struct reading reading = {
		.settings = settings, .ear = ear, .path = path,
	};
	const struct ini_file_handlers handlers = {
		.section = on_section,
		.entry = on_entry,
		.wrong = on_wrong,
		.line = &reading.line,
	};

	if (ear->file)
		ear->file(ear->context, path);
	return ini_file_read(path, &handlers, &reading, NULL);
}

static int is_conf(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

/* Not as the locale sorts: everywhere the same. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int beside_load(struct settings *settings, const char *folder,
		       const struct conf_ear *ear)
{
	struct dirent **names;
	char path[PATH_MAX + 300], text[PATH_MAX + 100];
	int count = scandir(folder, &names, is_conf, by_bytes);
	int err = 0, result;

	if (count < 0 && errno == ENOENT)
		return 0;
	if (count < 0) {
		err = -errno;
		snprintf(text, sizeof(text), "%s: %s: give the daemon's user "
			 "read permission, or remove it", folder,
			 strerror(-err));
		ear->wrong(ear->context, text);
		return err;
	}
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder,
			 names[i]->d_name);
		result = conf_file_load(settings, path, ear);
		if (result)
			err = result;
		free(names[i]);
	}
	free(names);
	return err;
}

int conf_files_load(struct settings *settings, const char *path, int must,
		    const struct conf_ear *ear)
{
	char folder[PATH_MAX + 3];
	int err = 0, result;

	if (must || !access(path, F_OK))
		err = conf_file_load(settings, path, ear);
	snprintf(folder, sizeof(folder), "%s.d", path);
	result = beside_load(settings, folder, ear);
	return err ? err : result;
}
