/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bus tuning: what every front door needs checked. */
#include <plxdma/tuning.h>

#include <string.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static const char no_tuning[] =
	"needs a card and a tuning with its size member set to its sizeof";

int plxdma_tuning_get(struct plxdma_card *card, struct plxdma_tuning *tuning)
{
	struct plxdma_tuning known = {.size = sizeof(known)};
	struct error error;
	int result;

	if (!card || !tuning || !sized_room(tuning))
		return failure_argument(card, __func__, no_tuning);
	if (!card->ops->tuning_get)
		return failure_unsupported(card, __func__);
	failure_begin(&error);
	result = card->ops->tuning_get(card, &known, &error);
	if (!result)
		sized_give(tuning, &known, sizeof(known));
	return failure_end(card, result, &error, __func__);
}

int plxdma_tuning_set(struct plxdma_card *card,
		      const struct plxdma_tuning *tuning)
{
	struct plxdma_tuning wanted;
	struct error error;
	size_t room;

	if (!card || !tuning || !sized_room(tuning))
		return failure_argument(card, __func__, no_tuning);
	room = sized_room(tuning);
	memset(&wanted, 0xff, sizeof(wanted));
	memcpy(&wanted, tuning,
	       room < sizeof(wanted) ? room : sizeof(wanted));
	wanted.size = sizeof(wanted);
	if (!card->ops->tuning_set)
		return failure_unsupported(card, __func__);
	failure_begin(&error);
	return failure_end(card, card->ops->tuning_set(card, &wanted, &error),
			   &error, __func__);
}
