/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See ranges.h. */
#include "ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error/planted.h"

#define BLANKS " \t"

static const char *skip(const char *text)
{
	return text + strspn(text, BLANKS);
}

static const char *number_read(const char *text, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || value > UINT32_MAX)
		return NULL;
	*number = (uint32_t)value;
	return end;
}

const char *range_read(const char *text, struct range *range)
{
	text = number_read(skip(text), &range->first);
	if (!text || *text != '-')
		return NULL;
	text = number_read(text + 1, &range->last);
	return text && range->first <= range->last ? skip(text) : NULL;
}

int ranges_read(struct ranges *ranges, range_reader *read, const char *key,
		const char *text, const char *form, struct error *error)
{
	const char *at = text;

	ranges->given = 1;
	for (;; at++) {
		struct range *range = &ranges->list[ranges->count];

		if (ranges->count >= RANGES)
			return error_set(error, -ENOSPC, "%s=%s: at most %d "
					 "ranges", key, text, RANGES);
		range->space = 0;
		at = read(at, range);
		if (!at || (*at && *at != ','))
			return error_set(error, -EINVAL, "%s=%s: write %s",
					 key, text, form);
		ranges->count++;
		if (!*at)
			return 0;
	}
}

int ranges_allow(struct ranges *ranges, range_reader *read, const char *key,
		 const char *text, const char *form, struct error *error)
{
	if (strcmp(text, "none") != 0)
		return ranges_read(ranges, read, key, text, form, error);
	ranges->given = 1;
	ranges->count = 0;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	const struct range *left = a, *right = b;

	if (left->space != right->space)
		return left->space < right->space ? -1 : 1;
	return (left->first > right->first) - (left->first < right->first);
}

void ranges_merge(struct ranges *ranges)
{
	struct range *kept = ranges->list;

	if (!ranges->count)
		return;
	qsort(ranges->list, ranges->count, sizeof(*kept), ascending);
	for (unsigned int i = 1; i < ranges->count; i++) {
		const struct range *range = &ranges->list[i];

		if (range->space != kept->space ||
		    range->first > (uint64_t)kept->last + 1 + PLANTED(MERGE))
			*++kept = *range;
		else if (range->last > kept->last)
			kept->last = range->last;
	}
	ranges->count = (unsigned int)(kept - ranges->list) + 1;
}

static int range_add(struct ranges *ranges, const struct range *range)
{
	if (ranges->count == RANGES_MOST && !PLANTED(RANGES_ROOM))
		return -ENOSPC;
	ranges->list[ranges->count++] = *range;
	return 0;
}

int ranges_append(struct ranges *to, const struct ranges *from)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < from->count; i++)
		err = range_add(to, &from->list[i]);
	return err;
}

static int common_add(struct ranges *ranges, const struct range *a,
		      const struct range *b)
{
	const struct range common = {
		.space = a->space,
		.first = a->first > b->first ? a->first : b->first,
		.last = a->last < b->last ? a->last : b->last,
	};

	if ((a->space != b->space && !PLANTED(TWO_SPACES)) ||
	    common.first > common.last)
		return 0;
	return range_add(ranges, &common);
}

int ranges_both(const struct ranges *a, const struct ranges *b,
		struct ranges *both)
{
	int err = 0;

	memset(both, 0, sizeof(*both));
	both->given = a->given || b->given;
	if (!a->given || !b->given) {
		err = ranges_append(both, a->given ? a : b);
	} else {
		for (unsigned int i = 0; !err && i < a->count; i++)
			for (unsigned int j = 0; !err && j < b->count; j++)
				err = common_add(both, &a->list[i],
						 &b->list[j]);
	}
	ranges_merge(both);
	return err;
}
