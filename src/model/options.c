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

static int bad(struct error *error, const char *name, const char *value,
	       const char *wanted)
{
	return error_set(error, -EINVAL, "model: %s=%s: %s", name, value,
			 wanted);
}

static int parse_number(const char *text, double low, double high,
			double *number)
{
	char *end;
	double value = strtod(text, &end);

	switch (*end) {
	case 'G':
		value *= 1024;
		/* fall through */
	case 'M':
		value *= 1024;
		/* fall through */
	case 'K':
		value *= 1024;
		end++;
		break;
	default:
		break;
	}
	if (end == text || *end || !(value >= low && value <= high))
		return -EINVAL;
	*number = value;
	return 0;
}

static int parse_address(const char *text, uint64_t *address)
{
	char *end;

	errno = 0;
	*address = strtoull(text, &end, 0);
	return errno || end == text || *end ? -EINVAL : 0;
}

static int parse_bool(const char *text, bool *value)
{
	if (strcmp(text, "on") && strcmp(text, "off"))
		return -EINVAL;
	*value = !strcmp(text, "on");
	return 0;
}

static int replace(char **place, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*place);
	*place = copy;
	return 0;
}

/* Options of the default board go to it as if they were written board.X=Y. */
static int board_option_add(struct options *o, const char *name,
			    const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char **list, *text = malloc(size);

	if (!text)
		return -ENOMEM;
	strcpy(text, name);
	strcat(text, "=");
	strcat(text, value);
	list = realloc(o->board, (o->board_count + 2) * sizeof(*list));
	if (!list) {
		free(text);
		return -ENOMEM;
	}
	o->board = list;
	o->board[o->board_count++] = text;
	o->board[o->board_count] = NULL;
	return 0;
}

static int parse_engine(struct options *o, const char *value,
			struct error *error)
{
	if (!strcmp(value, "thread"))
		o->engine = ENGINE_THREAD;
	else if (!strcmp(value, "inline"))
		o->engine = ENGINE_INLINE;
	else
		return bad(error, "engine", value, "thread or inline");
	return 0;
}

static int parse_one(struct model *m, struct options *o, const char *name,
		     const char *value, struct error *error)
{
	double number = 0;
	int ret;

	if (!strcmp(name, "chip"))
		return 0;
	if (!strcmp(name, "engine"))
		return parse_engine(o, value, error);
	if (!strcmp(name, "rate")) {
		if (parse_number(value, 0, 1e12, &number) ||
		    (number > 0 && number < 1000))
			return bad(error, name, value,
				   "0, or 1000 and more bytes per second");
		o->rate = (uint64_t)number;
		return 0;
	}
	if (!strcmp(name, "bus"))
		return replace(&o->bus, value);
	if (!strcmp(name, "eeprom"))
		return replace(&o->eeprom, value);
	if (!strcmp(name, "board"))
		return replace(&m->board.file, value);
	if (!strcmp(name, "fault"))
		return replace(&o->fault, value);
	if (!strcmp(name, "iommu"))
		return parse_bool(value, &m->iommu) ?
			bad(error, name, value, "on or off") :
			0;
	if (!strcmp(name, "iova"))
		return parse_address(value, &m->ranges.iova) ?
			bad(error, name, value, "a bus address") :
			0;
	if (!strcmp(name, "posted"))
		return parse_bool(value, &m->posted.on) ?
			bad(error, name, value, "on or off") :
			0;
	if (!strcmp(name, "prefetch")) {
		if (parse_number(value, 0, 4096, &number))
			return bad(error, name, value, "0 to 4096 bytes");
		m->prefetch = (unsigned int)number;
		return 0;
	}
	if (!strcmp(name, "seed"))
		return parse_address(value, &m->faults.random) ?
			bad(error, name, value, "a number") :
			0;
	if (!strcmp(name, "sram") || !strcmp(name, "fifo"))
		return board_option_add(o, name, value);
	if (!strncmp(name, "board.", 6))
		return board_option_add(o, name + 6, value);
	ret = switch_parse(m, name, value, error);
	if (ret)
		return ret < 0 ? ret : 0;
	return error_set(error, -EINVAL,
			 "model: no option \"%s\"; switches are listed by "
			 "model_switches()", name);
}

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
		if (size > 5 && !strncmp(at, "chip=", 5)) {
			if (size - 5 >= sizeof(name))
				size = sizeof(name) + 4;
			memcpy(name, at + 5, size - 5);
			name[size - 5] = '\0';
			m->chip = personality_find(name);
			if (!m->chip)
				return bad(error, "chip", name,
					   "9054ac 9054ab 9054aa 9080 9056 "
					   "9656 or 8311");
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
			ret = parse_one(m, o, name, value, error);
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
}
