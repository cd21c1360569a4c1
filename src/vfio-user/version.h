/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which version of the protocol is spoken, and with which capabilities.
 */
#ifndef VFIO_USER_VERSION_H
#define VFIO_USER_VERSION_H

#include <stddef.h>
#include <stdint.h>

#include "vfio-user/message.h"

/* Mappings at one time; the protocol's default. */
#define VERSION_DMA_MAPS 65535

/*
 * What to answer a client that proposes @request: a payload of at most @room
 * bytes. Return: its size, or a negative errno if there is no common version
 * or the capabilities aren't JSON.
 */
long version_answer(const struct request *request, uint8_t *payload,
		    size_t room);

#endif
