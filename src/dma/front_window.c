/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Windows: a local space as plain memory of this process.
 *
 * The mapping is the transport's and lives as long as the card; what is kept
 * here is only whether the program has it.
 */
#include <errno.h>

#include "dma/front.h"
#include "transport/transport.h"

static int bar_check(struct direct_card *card, unsigned int bar,
		     struct error *error)
{
	struct transport *transport = dma_card_transport(card->dma);
	uint32_t flags;

	if (bar != 2 && bar != 3)
		return error_set(error, -EINVAL,
				 "%s: BAR%u: the local spaces are BAR2 and "
				 "BAR3",
				 card->name, bar);
	if (!transport->ops->bar_size(transport, bar, &flags))
		return error_set(error, -ENXIO,
				 "%s: BAR%u isn't there: local space %u is not "
				 "enabled (LAS%uBA bit 0; the EEPROM sets it)",
				 card->name, bar, bar - 2, bar - 2);
	return 0;
}

static int window_find(struct direct_card *card, unsigned int bar,
		       struct direct_window *window, struct error *error)
{
	struct transport *transport = dma_card_transport(card->dma);
	int result = bar_check(card, bar, error);

	if (result)
		return result;
	result = transport->ops->window ? transport->ops->window(
						  transport, bar,
						  &window->address,
						  &window->size)
					: -EOPNOTSUPP;
	if (result == -EOPNOTSUPP)
		return error_set(error, result,
				 "%s: BAR%u can't be mapped: its board answers "
				 "by functions, not by memory; use "
				 "plxdma_peek(), plxdma_poke() or "
				 "plxdma_batch()",
				 card->name, bar);
	if (result)
		return error_set(error, result, "%s: BAR%u can't be mapped",
				 card->name, bar);
	return 0;
}

int direct_window_map(struct plxdma_card *public, unsigned int bar,
		      volatile void **address, size_t *size,
		      struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	struct direct_window window = {0};
	int result = window_find(card, bar, &window, error);

	if (result)
		return result;
	pthread_mutex_lock(&card->lock);
	card->windows[bar - 2] = window;
	pthread_mutex_unlock(&card->lock);
	*address = window.address;
	*size = window.size;
	return 0;
}

int direct_window_unmap(struct plxdma_card *public, unsigned int bar,
			struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int mapped = 0;

	if (bar == 2 || bar == 3) {
		pthread_mutex_lock(&card->lock);
		mapped = card->windows[bar - 2].address != NULL;
		card->windows[bar - 2].address = NULL;
		pthread_mutex_unlock(&card->lock);
	}
	if (mapped)
		return 0;
	return error_set(error, -EINVAL, "%s: BAR%u is not mapped", card->name,
			 bar);
}
