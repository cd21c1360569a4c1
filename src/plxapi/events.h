/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications: who wants to hear of which interrupts of a card.
 *
 * libplxdma has one descriptor a source, and reading it takes the news.  So
 * whoever looks, for itself, tells all others that are registered; each of
 * them has a descriptor of its own to be woken by.  The end of a transfer is
 * told by the channel, which has the interrupt to itself.
 */
#ifndef PLXAPI_EVENTS_H
#define PLXAPI_EVENTS_H

#include <pthread.h>

#include "plxapi/status.h"

struct device;
struct notify;

struct events {
	pthread_mutex_t lock;
	pthread_cond_t left;
	struct notify *first;
	unsigned int next;
};

void events_init(struct events *events);
/* Cancels the notifications of a device. */
void events_device_close(struct device *device);
/* A transfer of the channel is over.  Any thread. */
void events_dma_done(struct events *events, unsigned int channel);

#endif
