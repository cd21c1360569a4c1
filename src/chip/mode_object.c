/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public face of modes: an opaque object around the value of mode.h. */
#include <errno.h>
#include <stdlib.h>

#include "chip/mode.h"

struct plxdma_mode *plxdma_mode_new(void)
{
	struct plxdma_mode *mode = malloc(sizeof(*mode));

	if (mode)
		mode_init(mode);
	return mode;
}

void plxdma_mode_free(struct plxdma_mode *mode)
{
	free(mode);
}

int plxdma_mode_set(struct plxdma_mode *mode, enum plxdma_mode_item item,
		    unsigned int value)
{
	return mode ? mode_set(mode, item, value) : -EINVAL;
}

int plxdma_mode_get(const struct plxdma_mode *mode, enum plxdma_mode_item item)
{
	return mode ? mode_get(mode, item) : -EINVAL;
}
