/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PLX_DMA_PROP, DMAMODE and libplxdma's modes: three words for one thing. */
#ifndef PLXAPI_PROPERTIES_H
#define PLXAPI_PROPERTIES_H

#include "plxapi/status.h"

/* What a channel's DMAMODE holds (chip ref. 2.3). */
void properties_of_register(uint32_t dmamode, PLX_DMA_PROP *properties);

/* Sets all of a mode's fields.  0 or -EINVAL. */
int properties_to_mode(const PLX_DMA_PROP *properties,
		       struct plxdma_mode *mode);

#endif
