/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupt sources of a card. */
#include <plxdma/irq.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static int source_check(const struct plxdma_card *card,
			enum plxdma_irq_source source, const char *function)
{
	if (!card)
		return failure_argument(card, function, "needs a card");
	if ((unsigned int)source >= PLXDMA_IRQ_SOURCES)
		return failure_argument(card, function,
					"no such interrupt source, see enum "
					"plxdma_irq_source");
	return 0;
}

int plxdma_irq_fd(struct plxdma_card *card, enum plxdma_irq_source source)
{
	struct error error;
	int result = source_check(card, source, __func__);

	if (result)
		return result;
	failure_begin(&error);
	return failure_end(card, card->ops->irq_fd(card, source, &error),
			   &error, __func__);
}

int plxdma_irq_read(struct plxdma_card *card, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event)
{
	struct plxdma_irq_event known = {.size = sizeof(known)};
	struct error error;
	int result = source_check(card, source, __func__);

	if (result)
		return result;
	if (!event || !sized_room(event))
		return failure_argument(card, __func__,
					"needs an event with its size member "
					"set to its sizeof");
	failure_begin(&error);
	result = card->ops->irq_read(card, source, &known, &error);
	if (result >= 0)
		sized_give(event, &known, sizeof(known));
	return failure_end(card, result, &error, __func__);
}

int plxdma_irq_enable(struct plxdma_card *card, enum plxdma_irq_source source,
		      int on)
{
	struct error error;
	int result = source_check(card, source, __func__);

	if (result)
		return result;
	if (source != PLXDMA_IRQ_DOORBELL && source != PLXDMA_IRQ_LINT)
		return failure_argument(card, __func__,
					"the channels and the abort are the "
					"library's; the doorbell and LINTi# "
					"are yours");
	failure_begin(&error);
	return failure_end(card,
			   card->ops->irq_enable(card, source, on, &error),
			   &error, __func__);
}
