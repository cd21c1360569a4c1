/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdmad with one of several planted defects of its claims, by --wrap and
 * $PLXDMA_DEFECT; what tests/daemon/claims must catch.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/claim.h"

static int defect(const char *name)
{
	const char *chosen = getenv("PLXDMA_DEFECT");

	return chosen && !strcmp(chosen, name);
}

int __wrap_claims_take(struct claims *claims, struct claim_party *party,
		       enum plxdma_claimed what, uint64_t lease_ns,
		       uint64_t now, struct error *error);
int __real_claims_take(struct claims *claims, struct claim_party *party,
		       enum plxdma_claimed what, uint64_t lease_ns,
		       uint64_t now, struct error *error);
void __wrap_claims_turn(struct claims *claims, uint64_t now);
void __real_claims_turn(struct claims *claims, uint64_t now);
int __wrap_claims_permit_transfer(const struct claims *claims,
				  const struct claim_party *party,
				  unsigned int channel, int needs,
				  uint64_t now, struct error *error);
int __real_claims_permit_transfer(const struct claims *claims,
				  const struct claim_party *party,
				  unsigned int channel, int needs,
				  uint64_t now, struct error *error);
int __wrap_claims_refuse(const struct claims *claims,
			 const struct claim_party *party,
			 enum plxdma_claimed what, struct error *error);
int __real_claims_refuse(const struct claims *claims,
			 const struct claim_party *party,
			 enum plxdma_claimed what, struct error *error);

/* Says yes to one who may not have it. */
int __wrap_claims_take(struct claims *claims, struct claim_party *party,
		       enum plxdma_claimed what, uint64_t lease_ns,
		       uint64_t now, struct error *error)
{
	int err = __real_claims_take(claims, party, what, lease_ns, now,
				     error);

	return err == -EBUSY && defect("two-holders") ? 0 : err;
}

/* Its clock is fast. */
void __wrap_claims_turn(struct claims *claims, uint64_t now)
{
	__real_claims_turn(claims, defect("short-leases") ?
			   now + UINT64_C(60000000000) : now);
}

/* Forgets to ask before a transfer. */
int __wrap_claims_permit_transfer(const struct claims *claims,
				  const struct claim_party *party,
				  unsigned int channel, int needs,
				  uint64_t now, struct error *error)
{
	if (defect("open-door"))
		return 0;
	return __real_claims_permit_transfer(claims, party, channel, needs, now,
					     error);
}

/* Names whoever asked. */
int __wrap_claims_refuse(const struct claims *claims,
			 const struct claim_party *party,
			 enum plxdma_claimed what, struct error *error)
{
	int err = __real_claims_refuse(claims, party, what, error);

	if (defect("wrong-name"))
		error_set(error, err, "the card is claimed by process %d (%s)",
			  (int)party->pid, party->name);
	return err;
}
