/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Local ranges, checked by whole Lwords, as the local bus is accessed.
 */
#include "policy.h"

#include <errno.h>
#include <string.h>

#include "error/planted.h"

#define FORM "FIRST-LAST[,...], e.g. 0x10000000-0x100001ff"

/* Whole Lwords. */
static const char *lwords_read(const char *text, struct range *range)
{
	text = range_read(text, range);
	range->first &= ~3u;
	range->last |= 3u;
	return text;
}

int policy_deny(struct policy *policy, const char *ranges, struct error *error)
{
	return ranges_read(&policy->denied, lwords_read, "deny", ranges, FORM,
			   error);
}

int policy_allow(struct policy *policy, const char *ranges, struct error *error)
{
	int err = ranges_allow(&policy->allowed, lwords_read, "dma", ranges,
			       FORM, error);

	ranges_merge(&policy->allowed);
	return err;
}

/* There is room: each denies RANGES at most, and what is common to two lists
 * that ascend has fewer parts than both together. */
void policy_both(const struct policy *a, const struct policy *b,
		 struct policy *both)
{
	both->denied = a->denied;
	ranges_append(&both->denied, &b->denied);
	ranges_both(&a->allowed, &b->allowed, &both->allowed);
}

static int is_allowed(const struct ranges *allowed, uint32_t first,
		      uint64_t last)
{
	if (!allowed->given)
		return 1;
	for (unsigned int i = 0; i < allowed->count; i++) {
		if (first >= allowed->list[i].first &&
		    last <= allowed->list[i].last)
			return 1;
	}
	return 0;
}

static int is_denied(const struct ranges *denied, uint32_t first, uint64_t last)
{
	for (unsigned int i = 0; i < denied->count; i++) {
		if (first <= denied->list[i].last &&
		    last >= denied->list[i].first + 4u * PLANTED(DENY_LAST))
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
	if (PLANTED(BEYOND))
		last = (uint32_t)last;
	if (length > (UINT64_C(1) << 32) || last > UINT32_MAX)
		return -ERANGE;
	if (is_denied(&policy->denied, local, last))
		return -EACCES;
	return is_allowed(&policy->allowed, local, last) ? 0 : -EACCES;
}
