/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a spec to a card: the transport's part and the driver's. */
#include "dma/card.h"

#define SPEC_LENGTH 1024

int dma_card_open(const char *spec, struct dma_card **card,
		  struct error *error)
{
	struct card_options options;
	struct transport *transport;
	char rest[SPEC_LENGTH];
	int result;

	result = options_strip(spec, &options, rest, sizeof(rest), error);
	if (result)
		return result;
	result = transport_open(rest, &transport, error);
	if (result)
		return result;
	return card_new(transport, &options, spec, card, error);
}
