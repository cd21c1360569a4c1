/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The options, one by one: what each takes, and where it goes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/options.h"

int option_refuse(struct error *error, const char *name, const char *value,
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

static int option_engine(struct model *m, struct options *o, const char *value)
{
	(void)m;
	o->engine = !strcmp(value, "thread") ? ENGINE_THREAD :
		    !strcmp(value, "inline") ? ENGINE_INLINE :
					       ENGINE_DEFAULT;
	return o->engine == ENGINE_DEFAULT ? -EINVAL : 0;
}

static int option_rate(struct model *m, struct options *o, const char *value)
{
	double rate = 0;

	(void)m;
	if (parse_number(value, 0, 1e12, &rate) || (rate > 0 && rate < 1000))
		return -EINVAL;
	o->rate = (uint64_t)rate;
	return 0;
}

static int option_prefetch(struct model *m, struct options *o,
			   const char *value)
{
	double bytes = 0;

	(void)o;
	if (parse_number(value, 0, 4096, &bytes))
		return -EINVAL;
	m->prefetch = (unsigned int)bytes;
	return 0;
}

static int option_iommu(struct model *m, struct options *o, const char *value)
{
	(void)o;
	return parse_bool(value, &m->iommu);
}

static int option_posted(struct model *m, struct options *o, const char *value)
{
	(void)o;
	return parse_bool(value, &m->posted.on);
}

static int option_iova(struct model *m, struct options *o, const char *value)
{
	(void)o;
	return parse_address(value, &m->ranges.iova);
}

static int option_seed(struct model *m, struct options *o, const char *value)
{
	(void)o;
	return parse_address(value, &m->faults.random);
}

static int option_bus(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return replace(&o->bus, value);
}

static int option_eeprom(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return replace(&o->eeprom, value);
}

static int option_board(struct model *m, struct options *o, const char *value)
{
	(void)o;
	return replace(&m->board.file, value);
}

/* DOMAIN:BUS:DEVICE.FUNCTION, or without the domain, which then is 0. */
static int option_slot(struct model *m, struct options *o, const char *value)
{
	unsigned int domain = 0, bus, device, function;
	int end = 0;

	(void)o;
	if (value[strspn(value, "0123456789abcdefABCDEF:.")])
		return -EINVAL;
	if (sscanf(value, "%4x:%2x:%2x.%1u%n", &domain, &bus, &device,
		   &function, &end) != 4) {
		domain = 0;
		end = 0;
		if (sscanf(value, "%2x:%2x.%1u%n", &bus, &device, &function,
			   &end) != 3)
			return -EINVAL;
	}
	if (value[end] || device > 31 || function > 7)
		return -EINVAL;
	snprintf(m->slot, sizeof(m->slot), "%04x:%02x:%02x.%u", domain & 0xffff,
		 bus & 0xff, device, function);
	return 0;
}

static int option_trace(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return *value ? replace(&o->trace, value) : -EINVAL;
}

static int option_fault(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return replace(&o->fault, value);
}

static int option_sram(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return board_option_add(o, "sram", value);
}

static int option_fifo(struct model *m, struct options *o, const char *value)
{
	(void)m;
	return board_option_add(o, "fifo", value);
}

/* find_chip() dealt with it. */
static int option_chip(struct model *m, struct options *o, const char *value)
{
	(void)m;
	(void)o;
	(void)value;
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct model *m, struct options *o, const char *value);
	const char *wanted;
} table[] = {
	{ "chip", option_chip, "" },
	{ "engine", option_engine, "thread or inline" },
	{ "rate", option_rate, "0, or 1000 and more bytes per second" },
	{ "bus", option_bus, "a name" },
	{ "iommu", option_iommu, "on or off" },
	{ "iova", option_iova, "a bus address" },
	{ "posted", option_posted, "on or off" },
	{ "prefetch", option_prefetch, "0 to 4096 bytes" },
	{ "sram", option_sram, "a size" },
	{ "fifo", option_fifo, "a number of Lwords" },
	{ "board", option_board, "a file" },
	{ "eeprom", option_eeprom, "a file, blank or none" },
	{ "fault", option_fault, "see model_fault()" },
	{ "seed", option_seed, "a number" },
	{ "slot", option_slot, "a PCI path like 0000:05:0d.0" },
	{ "trace", option_trace, "a file" },
};

int option_parse(struct model *m, struct options *o, const char *name,
		 const char *value, struct error *error)
{
	int ret;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name))
			continue;
		ret = table[i].parse(m, o, value);
		return ret == -EINVAL ?
			       option_refuse(error, name, value,
					     table[i].wanted) :
			       ret;
	}
	if (!strncmp(name, "board.", 6))
		return board_option_add(o, name + 6, value);
	ret = switch_parse(m, name, value, error);
	if (ret)
		return ret < 0 ? ret : 0;
	return error_set(error, -EINVAL,
			 "model: no option \"%s\"; switches are listed by "
			 "model_switches()", name);
}
