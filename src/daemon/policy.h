/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which local addresses clients may move data to and from.
 *
 * What is allowed, or everything where nothing is said, but for what is denied.
 * On boards that answer their chip's CCS# on the local bus, the chip's own
 * local configuration space is denied: who can write the DMA registers from the
 * local side owns all memory. So denied beats allowed, whoever says it.
 */
#ifndef DAEMON_POLICY_H
#define DAEMON_POLICY_H

#include <stdint.h>

#include "error/error.h"
#include "ranges.h"

struct policy {
	struct ranges denied;
	struct ranges allowed;	/* ascending, apart: transfers cross seams */
};

/* "FIRST-LAST[,FIRST-LAST...]", inclusive; hexadecimal with 0x. Adds to what
 * is denied. -EINVAL, -ENOSPC. */
int policy_deny(struct policy *policy, const char *ranges, struct error *);
/* The same for what is allowed ("dma="); "none" forgets what was and allows
 * nothing. */
int policy_allow(struct policy *policy, const char *ranges, struct error *);
/* What both allow. */
void policy_both(const struct policy *a, const struct policy *b,
		 struct policy *both);

/* May a transfer touch these bytes? 0, -EACCES, or -ERANGE beyond 4 GiB. The
 * address stays where it is if @constant. */
int policy_check(const struct policy *policy, uint32_t local, uint64_t length,
		 int constant);

#endif
