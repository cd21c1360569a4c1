/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's regions: BARs and configuration space, read and written by any
 * number of bytes, as bus cycles of the card.
 */
#ifndef VFIO_USER_REGION_H
#define VFIO_USER_REGION_H

#include <stdint.h>

#include "model/model.h"
#include "vfio-user/message.h"

/* How long a region is now, 0 where there is none. */
uint64_t region_size(struct model *model, uint32_t index);
/* 0, or -EINVAL where the card has no such place. */
int region_read(struct model *model, const struct message_access *access,
		uint8_t *data);
int region_write(struct model *model, const struct message_access *access,
		 const uint8_t *data);

#endif
