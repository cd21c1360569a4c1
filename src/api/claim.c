/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims: what every front door needs checked. */
#include <plxdma/claim.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static int claimed_check(const struct plxdma_card *card,
			 enum plxdma_claimed what, const char *function)
{
	if (!card)
		return failure_argument(card, function, "needs a card");
	if ((unsigned int)what > PLXDMA_CLAIM_CARD)
		return failure_argument(card, function,
					"what is claimed is one of enum "
					"plxdma_claimed");
	return 0;
}

int plxdma_claim(struct plxdma_card *card, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns)
{
	struct error error;
	int result = claimed_check(card, what, __func__);

	if (result)
		return result;
	failure_begin(&error);
	return failure_end(card,
			   card->ops->claim(card, what, lease_ms, timeout_ns,
					    &error),
			   &error, __func__);
}

int plxdma_claim_release(struct plxdma_card *card, enum plxdma_claimed what)
{
	struct error error;
	int result = claimed_check(card, what, __func__);

	if (result)
		return result;
	failure_begin(&error);
	return failure_end(card, card->ops->claim_release(card, what, &error),
			   &error, __func__);
}

int plxdma_claim_holder(struct plxdma_card *card, enum plxdma_claimed what,
			struct plxdma_holder *holder)
{
	struct plxdma_holder known = {.size = sizeof(known)};
	struct error error;
	int result = claimed_check(card, what, __func__);

	if (result)
		return result;
	if (!holder || !sized_room(holder))
		return failure_argument(card, __func__,
					"needs a holder with its size member "
					"set to its sizeof");
	failure_begin(&error);
	result = card->ops->claim_holder(card, what, &known, &error);
	if (!result)
		sized_give(holder, &known, sizeof(known));
	return failure_end(card, result, &error, __func__);
}
