/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The options of a spec that mean the same whatever reaches the card: how much
 * memory, of which pages, and what is allowed.  All others are handed on, to
 * those who know them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/front.h"

#define ARENA_DEFAULT (UINT64_C(64) << 20)
#define OPTION_MAX    300

/* Digits and K, M or G; 0 is no size. */
static uint64_t size_parse(const char *text)
{
	unsigned long long number;
	unsigned int shift = 0;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return 0;
	switch (*end) {
	case 'G':
		shift += 10;
		/* fall through */
	case 'M':
		shift += 10;
		/* fall through */
	case 'K':
		shift += 10;
		end++;
	}
	if (*end || number > (UINT64_MAX >> 1) >> shift)
		return 0;
	return (uint64_t)number << shift;
}

static int arena_option(struct front_spec *spec, const char *value,
			struct error *error)
{
	spec->arena = size_parse(value);
	if (!spec->arena)
		return error_set(error, -EINVAL,
				 "arena=%s: give a size such as arena=64M",
				 value);
	return 0;
}

static int pages_option(struct front_spec *spec, const char *value,
			struct error *error)
{
	spec->small_pages = !strcmp(value, "small");
	spec->page_size = spec->small_pages ? 0 : size_parse(value);
	if (!spec->small_pages && spec->page_size != UINT64_C(2) << 20 &&
	    spec->page_size != UINT64_C(1) << 30)
		return error_set(error, -EINVAL,
				 "pages=%s: give pages=2M, pages=1G or, on the "
				 "software card, pages=small",
				 value);
	return 0;
}

static int node_option(struct front_spec *spec, const char *value,
		       struct error *error)
{
	char *end;
	long node = strtol(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || node > 1023)
		return error_set(error, -EINVAL,
				 "node=%s: give the number of a NUMA node, see "
				 "/sys/devices/system/node",
				 value);
	spec->node = (int)node;
	return 0;
}

static int unpinned_option(struct front_spec *spec, const char *value,
			   struct error *error)
{
	if (*value)
		return error_set(error, -EINVAL,
				 "unpinned=%s: the option takes no value",
				 value);
	spec->unpinned = 1;
	return 0;
}

static int observers_option(struct front_spec *spec, const char *value,
			    struct error *error)
{
	if (strcmp(value, "yes"))
		return error_set(error, -EINVAL,
				 "observers=%s: give observers=yes or nothing",
				 value);
	spec->observed = 1;
	return 0;
}

static int reset_option(struct front_spec *spec, const char *value,
			struct error *error)
{
	if (strcmp(value, "allowed"))
		return error_set(error, -EINVAL,
				 "reset=%s: give reset=allowed or nothing",
				 value);
	spec->reset_allowed = 1;
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct front_spec *spec, const char *value,
		     struct error *error);
	int memory; /* of those that share it the first card's to say */
} options[] = {
	{"arena", arena_option, 1},	  {"pages", pages_option, 1},
	{"node", node_option, 1},	  {"unpinned", unpinned_option, 0},
	{"reset", reset_option, 0},	  {"observers", observers_option, 1},
};

/* Return: 1 if the option was ours, 0 if it is somebody else's. */
static int option_parse(struct front_spec *spec, char *option,
			struct error *error)
{
	size_t length = strcspn(option, "=");
	const char *value = option[length] ? option + length + 1 : "";
	size_t i;
	int result;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strlen(options[i].name) != length ||
		    strncmp(options[i].name, option, length))
			continue;
		if (options[i].memory)
			spec->memory_option = options[i].name;
		result = options[i].parse(spec, value, error);
		return result ? result : 1;
	}
	return 0;
}

/* Keeps what isn't ours, with one comma between two options. */
static void rest_append(char *rest, const char *option, size_t prefix)
{
	if (strlen(rest) > prefix)
		strcat(rest, ",");
	strcat(rest, option);
}

int front_spec_parse(const char *text, struct front_spec *spec,
		     struct error *error)
{
	size_t prefix = strcspn(text, ":");
	const char *next;

	*spec = (struct front_spec){.arena = ARENA_DEFAULT, .node = -1};
	if (!text[prefix] || strlen(text) >= sizeof(spec->rest))
		return error_set(error, -EINVAL,
				 "\"%.40s\": a card is named as uio:ADDRESS, "
				 "daemon:NAME or model:OPTIONS, in less than "
				 "%zu characters",
				 text, sizeof(spec->rest));
	prefix++;
	memcpy(spec->rest, text, prefix);
	for (next = text + prefix; *next;) {
		size_t length = strcspn(next, ",");
		char option[OPTION_MAX];
		int ours;

		if (length >= sizeof(option))
			return error_set(error, -EINVAL,
					 "option \"%.40s...\" is too long",
					 next);
		memcpy(option, next, length);
		option[length] = '\0';
		ours = option_parse(spec, option, error);
		if (ours < 0)
			return ours;
		if (!ours && length)
			rest_append(spec->rest, option, prefix);
		next += length + (next[length] == ',');
	}
	return 0;
}
