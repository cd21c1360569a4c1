/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Local ranges, checked by whole Lwords, as the local bus is accessed.
 */
#include "policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

static const char *skip(const char *text)
{
	return text + strspn(text, BLANKS);
}

/* One range; where the next begins or the end, or NULL. */
static const char *range_parse(const char *text, struct policy_range *range)
{
	unsigned long long first, last;
	char *end;

	text = skip(text);
	if (*text < '0' || *text > '9')
		return NULL;
	first = strtoull(text, &end, 0);
	if (*end != '-' || end[1] < '0' || end[1] > '9')
		return NULL;
	last = strtoull(end + 1, &end, 0);
	if (first > last || last > UINT32_MAX)
		return NULL;
	text = skip(end);
	if (*text && *text != ',')
		return NULL;
	range->first = (uint32_t)first & ~3u;
	range->last = (uint32_t)last | 3u;
	return text;
}

static int ranges_parse(struct policy_range *list, unsigned int *count,
			const char *key, const char *ranges,
			struct error *error)
{
	const char *at = ranges;

	for (;; at++) {
		if (*count >= POLICY_RANGES)
			return error_set(error, -ENOSPC,
					 "%s=%s: at most %d ranges", key,
					 ranges, POLICY_RANGES);
		at = range_parse(at, &list[*count]);
		if (!at)
			return error_set(error, -EINVAL,
					 "%s=%s: write FIRST-LAST[,...], e.g. "
					 "0x10000000-0x100001ff", key, ranges);
		(*count)++;
		if (!*at)
			return 0;
	}
}

int policy_deny(struct policy *policy, const char *ranges, struct error *error)
{
	return ranges_parse(policy->denied, &policy->denied_count, "deny",
			    ranges, error);
}

static int ascending(const void *a, const void *b)
{
	const struct policy_range *left = a, *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

/* Sorts them and joins what touches: a transfer may cross the seam. */
static void ranges_merge(struct policy_range *list, unsigned int *count)
{
	unsigned int kept = 0;

	qsort(list, *count, sizeof(*list), ascending);
	for (unsigned int i = 1; i < *count; i++) {
		if (list[i].first <= (uint64_t)list[kept].last + 1) {
			if (list[i].last > list[kept].last)
				list[kept].last = list[i].last;
		} else {
			list[++kept] = list[i];
		}
	}
	if (*count)
		*count = kept + 1;
}

int policy_allow(struct policy *policy, const char *ranges, struct error *error)
{
	int err;

	policy->allowed_given = 1;
	if (!strcmp(ranges, "none")) {
		policy->allowed_count = 0;
		return 0;
	}
	err = ranges_parse(policy->allowed, &policy->allowed_count, "dma",
			   ranges, error);
	ranges_merge(policy->allowed, &policy->allowed_count);
	return err;
}

/* Of two ascending lists; what is common to them has at most as many parts as
 * both together. */
static void allowed_both(const struct policy *a, const struct policy *b,
			 struct policy *both)
{
	unsigned int i = 0, j = 0;

	while (i < a->allowed_count && j < b->allowed_count) {
		const struct policy_range *left = &a->allowed[i];
		const struct policy_range *right = &b->allowed[j];
		struct policy_range common = {
			.first = left->first > right->first ? left->first :
							      right->first,
			.last = left->last < right->last ? left->last :
							   right->last,
		};

		if (common.first <= common.last)
			both->allowed[both->allowed_count++] = common;
		if (left->last < right->last)
			i++;
		else
			j++;
	}
}

void policy_both(const struct policy *a, const struct policy *b,
		 struct policy *both)
{
	memset(both, 0, sizeof(*both));
	memcpy(both->denied, a->denied,
	       a->denied_count * sizeof(a->denied[0]));
	memcpy(both->denied + a->denied_count, b->denied,
	       b->denied_count * sizeof(b->denied[0]));
	both->denied_count = a->denied_count + b->denied_count;
	both->allowed_given = a->allowed_given || b->allowed_given;
	if (a->allowed_given && b->allowed_given) {
		allowed_both(a, b, both);
		return;
	}
	if (!a->allowed_given)
		a = b;
	memcpy(both->allowed, a->allowed, sizeof(a->allowed));
	both->allowed_count = a->allowed_count;
}

static int is_allowed(const struct policy *policy, uint32_t first,
		      uint64_t last)
{
	if (!policy->allowed_given)
		return 1;
	for (unsigned int i = 0; i < policy->allowed_count; i++) {
		if (first >= policy->allowed[i].first &&
		    last <= policy->allowed[i].last)
			return 1;
	}
	return 0;
}

int policy_check(const struct policy *policy, uint32_t local, uint64_t length,
		 int constant)
{
	uint64_t last;

	if (!length)
		return 0;
	if (constant)
		length = 4;
	last = (local | (constant ? 3u : 0u)) + (constant ? 0 : length - 1);
	if (length > (UINT64_C(1) << 32) || last > UINT32_MAX)
		return -ERANGE;
	for (unsigned int i = 0; i < policy->denied_count; i++) {
		if (local <= policy->denied[i].last &&
		    last >= policy->denied[i].first)
			return -EACCES;
	}
	return is_allowed(policy, local, last) ? 0 : -EACCES;
}
