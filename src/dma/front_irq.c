/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupt sources of a card that this process drives itself: the transport
 * has the descriptors. */
#include <errno.h>

#include "dma/front.h"
#include "transport/transport.h"

/* A channel's interrupt is the library's own while the channel is open. */
static int source_check(struct direct_card *card, enum plxdma_irq_source source,
			struct error *error)
{
	int open;

	if ((unsigned int)source >= PLXDMA_CHANNELS)
		return 0;
	pthread_mutex_lock(&card->lock);
	open = card->channels[source] != NULL;
	pthread_mutex_unlock(&card->lock);
	if (open)
		return error_set(error, -EBUSY,
				 "%s: channel %d is open and its interrupt the "
				 "library's: use plxdma_channel_fd()",
				 card->name, (int)source);
	return 0;
}

int direct_irq_fd(struct plxdma_card *card, enum plxdma_irq_source source,
		  struct error *error)
{
	struct transport *transport = direct_transport(card);
	int result = source_check(direct_card_of(card), source, error);

	return result ? result : transport->ops->irq_fd(transport, source);
}

int direct_irq_read(struct plxdma_card *card, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event, struct error *error)
{
	struct transport *transport = direct_transport(card);
	int result = source_check(direct_card_of(card), source, error);

	return result ? result
		      : transport->ops->irq_read(transport, source, event);
}

int direct_irq_enable(struct plxdma_card *card, enum plxdma_irq_source source,
		      int on, struct error *error)
{
	struct transport *transport = direct_transport(card);

	(void)error;
	return transport->ops->irq_enable(transport, source, on);
}
