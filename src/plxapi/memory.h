/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory for block transfers: physical buffers and the common buffer.
 *
 * The SDK hands out bus addresses and takes them back from anybody, right or
 * wrong.  Here PhysicalAddr is the handle of libplxdma's memory: a number that
 * is looked up, and that names nothing but what was allocated through this
 * card in this process.
 */
#ifndef PLXAPI_MEMORY_H
#define PLXAPI_MEMORY_H

#include <pthread.h>

#include "plxapi/status.h"

struct crate_card;
struct device;
struct allocation;

/* What is allocated of a card's memory. */
struct memory {
	pthread_mutex_t lock;
	struct allocation *first;
};

void memory_init(struct memory *memory);
/* Does all of the range lie within one buffer that is allocated? */
int memory_holds(struct memory *memory, plxdma_handle handle, size_t size);
/* Frees what a device has left. */
void memory_device_close(struct device *device);
/* Forgets the common buffer; the card is about to be closed. */
void memory_close(struct memory *memory);

#endif
