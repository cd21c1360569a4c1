/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's options: "chip=9056,rate=132e6,fault=hang@data:100".
 *
 * The chip is looked for first, because it decides the defaults of switches
 * that stand before it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/options.h"

/* Cuts "name=value," off *text. */
static int split(char **text, char **name, char **value, struct error *error)
{
	char *end = strchr(*text, ',');

	*name = *text;
	if (end)
		*end++ = '\0';
	*text = end;
	*value = strchr(*name, '=');
	if (!*value)
		return error_set(error, -EINVAL,
				 "model: \"%s\": options are NAME=VALUE",
				 *name);
	*(*value)++ = '\0';
	return 0;
}

static int find_chip(struct model *m, const char *options, struct error *error)
{
	const char *at = options;
	char name[16];
	size_t size;

	m->chip = personality_find("9054ac");
	while (*at) {
		size = strcspn(at, ",");
		if (!strncmp(at, "chip=", 5)) {
			if (size - 5 >= sizeof(name))
				size = sizeof(name) + 4;
			memcpy(name, at + 5, size - 5);
			name[size - 5] = '\0';
			m->chip = personality_find(name);
			if (!m->chip)
				return option_refuse(error, "chip", name,
						     "9054ac 9054ab 9054aa "
						     "9080 9056 9656 or 8311");
		}
		at += strcspn(at, ",");
		at += *at == ',';
	}
	switch_defaults(m);
	return 0;
}

int options_parse(struct model *m, struct options *o, const char *options,
		  struct error *error)
{
	char *copy, *text, *name, *value;
	int ret;

	*o = (struct options){ 0 };
	m->iommu = true;
	m->ranges.iova = 0x10000000;
	m->faults.random = 1;
	ret = find_chip(m, options, error);
	if (ret)
		return ret;
	copy = strdup(options);
	if (!copy)
		return -ENOMEM;
	text = copy;
	while (text && *text && !ret) {
		ret = split(&text, &name, &value, error);
		if (!ret)
			ret = option_parse(m, o, name, value, error);
	}
	free(copy);
	return ret;
}

bool options_threaded(const struct options *o, uint64_t rate)
{
	if (o->engine != ENGINE_DEFAULT)
		return o->engine == ENGINE_THREAD;
	return rate || sysconf(_SC_NPROCESSORS_ONLN) >= 4;
}

void options_free(struct options *o)
{
	for (unsigned int i = 0; i < o->board_count; i++)
		free(o->board[i]);
	free(o->board);
	free(o->bus);
	free(o->eeprom);
	free(o->fault);
	free(o->trace);
}
