/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdmad with one of several planted defects of its sharing, by --wrap and
 * $PLXDMA_DEFECT; what tests/daemon/sharing must catch.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/pace.h"
#include "daemon/shares.h"

static int defect(const char *name)
{
	const char *chosen = getenv("PLXDMA_DEFECT");

	return chosen && !strcmp(chosen, name);
}

void __wrap_shares_charge(struct shares *shares, struct sharer *sharer,
			 uint64_t cost, unsigned int weight);
void __real_shares_charge(struct shares *shares, struct sharer *sharer,
			 uint64_t cost, unsigned int weight);
uint64_t __wrap_pace_bytes(const struct pace *pace, unsigned int kind,
			   uint64_t ns);
uint64_t __real_pace_bytes(const struct pace *pace, unsigned int kind,
			   uint64_t ns);

/* A turn each, whatever it costs; or the same to everybody. */
void __wrap_shares_charge(struct shares *shares, struct sharer *sharer,
			 uint64_t cost, unsigned int weight)
{
	__real_shares_charge(shares, sharer,
			    defect("round-robin") ? 1000000 : cost,
			    defect("no-weights") ? 1 : weight);
}

/* Nothing is cut. */
uint64_t __wrap_pace_bytes(const struct pace *pace, unsigned int kind,
			   uint64_t ns)
{
	return defect("whole") ? UINT64_MAX / 2 :
				 __real_pace_bytes(pace, kind, ns);
}
