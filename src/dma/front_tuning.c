/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bus tuning and reports of a card that this process drives itself: the driver
 * says -EAGAIN while somebody has the card's turn, and here is who waits. */
#include <errno.h>

#include "dma/card.h"
#include "dma/front.h"

#define TURN_NS (PLXDMA_POLL_MAX_US * UINT64_C(1000))

/* @set: NULL to read into @get. */
static int tuning_access(struct direct_card *card, struct plxdma_tuning *get,
			 const struct plxdma_tuning *set, struct error *error)
{
	const uint64_t end = clock_ns() + TURN_NS;
	unsigned int looks;
	int result;

	for (looks = 0;; looks++) {
		result = set ? dma_card_tuning_set(card->dma, set, error)
			     : dma_card_tuning_get(card->dma, get, error);
		if (result != -EAGAIN)
			return result;
		if (clock_ns() >= end)
			return direct_turn_refused(card, error);
		direct_pause(card, looks);
	}
}

int direct_tuning_get(struct plxdma_card *card, struct plxdma_tuning *tuning,
		      struct error *error)
{
	return tuning_access(direct_card_of(card), tuning, NULL, error);
}

int direct_tuning_set(struct plxdma_card *card,
		      const struct plxdma_tuning *tuning, struct error *error)
{
	return tuning_access(direct_card_of(card), NULL, tuning, error);
}

int direct_report(struct plxdma_card *public, int fd, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	const uint64_t end = clock_ns() + TURN_NS;
	unsigned int looks;
	int result;

	for (looks = 0;; looks++) {
		result = dma_card_report(card->dma, 1, fd, error);
		if (result != -EAGAIN)
			return result;
		if (clock_ns() >= end)
			return direct_turn_refused(card, error);
		direct_pause(card, looks);
	}
}
