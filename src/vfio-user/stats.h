/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the card and its server counted, as JSON.
 */
#ifndef VFIO_USER_STATS_H
#define VFIO_USER_STATS_H

#include "error/error.h"
#include "vfio-user/device.h"

/* Replaces @path as a whole, so that a reader never sees half; "-" is standard
 * output. 0 or a negative errno with a text. */
int stats_write(const char *path, struct device *device,
		struct error *error);

#endif
