/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PLX_DEVICE_KEY: what the SDK knows a device by. */
#ifndef PLXAPI_KEY_H
#define PLXAPI_KEY_H

#include "plxapi/status.h"

/* Does a card with @key fit what is looked for?  A field of @criteria that is
 * PCI_FIELD_IGNORE fits anything. */
int key_fits(const PLX_DEVICE_KEY *criteria, const PLX_DEVICE_KEY *key);

/* The key of the open card that is the @index-th of the crate. */
void key_of_card(struct plxdma_card *card, const struct plxdma_card_info *info,
		 unsigned int index, PLX_DEVICE_KEY *key);

#endif
