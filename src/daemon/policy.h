/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which local addresses clients may move data to and from.
 *
 * Everything but what is denied. On boards that answer their chip's CCS# on
 * the local bus, the chip's own local configuration space is denied: who can
 * write the DMA registers from the local side owns all memory.
 */
#ifndef DAEMON_POLICY_H
#define DAEMON_POLICY_H

#include <stdint.h>

#include "error/error.h"

#define POLICY_RANGES 16

struct policy_range {
	uint32_t first;
	uint32_t last;		/* inclusive */
};

struct policy {
	struct policy_range denied[POLICY_RANGES];
	unsigned int denied_count;
};

/* "FIRST-LAST[,FIRST-LAST...]", inclusive; hexadecimal with 0x. Adds to what
 * is denied. -EINVAL, -ENOSPC. */
int policy_deny(struct policy *policy, const char *ranges, struct error *);

/* May a transfer touch these bytes? 0, -EACCES, or -ERANGE beyond 4 GiB. The
 * address stays where it is if @constant. */
int policy_check(const struct policy *policy, uint32_t local, uint64_t length,
		 int constant);

#endif
