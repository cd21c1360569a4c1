/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a card, and what can be done to it as a whole. */
#include <plxdma/card.h>

#include <string.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static const char no_card[] = "needs a card";
static const char no_size[] = "set the structure's size member to its sizeof";

int plxdma_card_info(struct plxdma_card *card, struct plxdma_card_info *info)
{
	struct plxdma_card_info known = {.size = sizeof(known)};
	struct error error;
	int result;

	if (!card || !info)
		return failure_argument(card, __func__,
					"needs a card and a place for what is "
					"known");
	if (!sized_room(info))
		return failure_argument(card, __func__, no_size);
	failure_begin(&error);
	result = card->ops->info(card, &known, &error);
	if (card->alias[0])
		memcpy(known.name, card->alias, sizeof(known.name));
	if (!result)
		sized_give(info, &known, sizeof(known));
	return failure_end(card, result, &error, __func__);
}

int plxdma_card_counters(struct plxdma_card *card,
			 struct plxdma_counters *counters)
{
	struct plxdma_counters known = {.size = sizeof(known)};
	struct error error;
	int result;

	if (!card || !counters)
		return failure_argument(card, __func__,
					"needs a card and a place for its "
					"counters");
	if (!sized_room(counters))
		return failure_argument(card, __func__, no_size);
	failure_begin(&error);
	result = card->ops->counters(card, &known, &error);
	if (!result)
		sized_give(counters, &known, sizeof(known));
	return failure_end(card, result, &error, __func__);
}

int plxdma_card_reset(struct plxdma_card *card)
{
	struct error error;

	if (!card)
		return failure_argument(card, __func__, no_card);
	failure_begin(&error);
	return failure_end(card, card->ops->reset(card, &error), &error,
			   __func__);
}

int plxdma_card_verify(struct plxdma_card *card)
{
	struct error error;

	if (!card)
		return failure_argument(card, __func__, no_card);
	failure_begin(&error);
	return failure_end(card, card->ops->verify(card, &error), &error,
			   __func__);
}

int plxdma_card_fault(struct plxdma_card *card, const char *fault)
{
	struct error error;

	if (!card || !fault)
		return failure_argument(card, __func__,
					"needs a card and a fault such as "
					"\"stuck\"");
	failure_begin(&error);
	return failure_end(card, card->ops->fault(card, fault, &error), &error,
			   __func__);
}

int plxdma_card_report(struct plxdma_card *card, int fd)
{
	struct error error;

	if (!card || fd < 0)
		return failure_argument(card, __func__,
					"needs a card and a descriptor to "
					"write to");
	if (!card->ops->report)
		return failure_unsupported(card, __func__);
	failure_begin(&error);
	return failure_end(card, card->ops->report(card, fd, &error), &error,
			   __func__);
}
