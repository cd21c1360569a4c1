/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Local ranges, checked by whole Lwords, as the local bus is accessed.
 */
#include "policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static int range_parse(const char *text, char **end,
		       struct policy_range *range)
{
	unsigned long long first, last;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	first = strtoull(text, end, 0);
	if (**end != '-' || (*end)[1] < '0' || (*end)[1] > '9')
		return -EINVAL;
	last = strtoull(*end + 1, end, 0);
	if (first > last || last > UINT32_MAX)
		return -EINVAL;
	range->first = (uint32_t)first & ~3u;
	range->last = (uint32_t)last | 3u;
	return 0;
}

int policy_deny(struct policy *policy, const char *ranges, struct error *error)
{
	const char *at = ranges;
	char *end;

	for (;;) {
		if (policy->denied_count == POLICY_RANGES)
			return error_set(error, -ENOSPC,
					 "deny=%s: at most %d ranges a card",
					 ranges, POLICY_RANGES);
		if (range_parse(at, &end,
				&policy->denied[policy->denied_count]) ||
		    (*end && *end != ','))
			return error_set(error, -EINVAL,
					 "deny=%s: write FIRST-LAST[,...], e.g. "
					 "0x10000000-0x100001ff", ranges);
		policy->denied_count++;
		if (!*end)
			return 0;
		at = end + 1;
	}
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
	return 0;
}
