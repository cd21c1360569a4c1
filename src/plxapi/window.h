/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Base address registers as memory: what PlxPci_PciBarMap() gives.
 *
 * Where libplxdma has a real window, it is that.  Where it has none, the
 * software card and the daemon's cards, it is address space that nobody may
 * touch, and every load and store in it is caught and done by libplxdma's
 * calls; see trap.h.
 */
#ifndef PLXAPI_WINDOW_H
#define PLXAPI_WINDOW_H

#include <pthread.h>

#include "plxapi/status.h"

struct window {
	pthread_mutex_t lock;
	unsigned int users;
	int trapped;
	void *address;
	size_t size;
};

void windows_init(struct window *windows);
/* Gives back what a program forgot to unmap. */
void windows_close(struct window *windows, struct plxdma_card *card);

#endif
