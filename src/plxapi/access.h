/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An access of any size to a trapped window, as PCI would see it: 8, 16 and
 * 32 bits wide, each at a multiple of its width, at rising addresses.
 *
 * What fails reads all ones and swallows writes, as on a bus where nobody
 * answers.  Safe to call from a signal handler that interrupted no code of
 * libplxdma: it allocates nothing.
 */
#ifndef PLXAPI_ACCESS_H
#define PLXAPI_ACCESS_H

#include "plxapi/trap.h"

void access_load(const struct trap_window *window, uint64_t offset, void *data,
		 size_t size);
void access_store(const struct trap_window *window, uint64_t offset,
		  const void *data, size_t size);

#endif
