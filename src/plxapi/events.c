/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See events.h. */
#include "plxapi/events.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "plxapi/device.h"
#include "plxapi/notify.h"

const enum plxdma_irq_source event_sources[EVENT_SOURCES] = {
	PLXDMA_IRQ_DOORBELL,
	PLXDMA_IRQ_LINT,
	PLXDMA_IRQ_ABORT,
};

void events_init(struct events *events)
{
	pthread_mutex_init(&events->lock, NULL);
	pthread_cond_init(&events->left, NULL);
}

int wants_source(const PLX_INTERRUPT *wants,
		 enum plxdma_irq_source source)
{
	switch (source) {
	case PLXDMA_IRQ_DOORBELL:
		return wants->Doorbell != 0;
	case PLXDMA_IRQ_LINT:
		return wants->LocalToPci & LINT;
	case PLXDMA_IRQ_ABORT:
		return wants->PciAbort;
	default:
		return 0;
	}
}

/* --- telling; under the lock ------------------------------------------ */

static void notify_wake(struct notify *notify)
{
	eventfd_write(notify->wake, 1);
}

static void notify_source(struct notify *notify, enum plxdma_irq_source source,
			  uint32_t bits)
{
	if (!wants_source(&notify->wants, source))
		return;
	switch (source) {
	case PLXDMA_IRQ_DOORBELL:
		bits &= notify->wants.Doorbell;
		if (!bits)
			return;
		notify->came.Doorbell |= bits;
		break;
	case PLXDMA_IRQ_LINT:
		notify->came.LocalToPci |= LINT;
		break;
	default:
		notify->came.PciAbort = 1;
		break;
	}
	notify->triggered = 1;
	notify_wake(notify);
}

static void source_collect(struct events *events, struct plxdma_card *card,
			   enum plxdma_irq_source source)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	struct notify *notify;
	int wanted = 0;

	for (notify = events->first; notify; notify = notify->next)
		wanted |= wants_source(&notify->wants, source);
	if (!wanted || plxdma_irq_read(card, source, &event) <= 0)
		return;
	for (notify = events->first; notify; notify = notify->next)
		notify_source(notify, source, event.bits);
}

void events_dma_done(struct events *events, unsigned int channel)
{
	const unsigned int bit = 1u << channel;
	struct notify *notify;

	pthread_mutex_lock(&events->lock);
	for (notify = events->first; notify; notify = notify->next) {
		if (!(notify->wants.DmaDone & bit))
			continue;
		notify->came.DmaDone = (notify->came.DmaDone | bit) & 0xf;
		notify->triggered = 1;
		notify_wake(notify);
	}
	pthread_mutex_unlock(&events->lock);
}

/* Channels first: they tell under their own lock, and take ours in it. */
void events_collect(struct crate_card *card)
{
	size_t i;

	for (i = 0; i < PLXDMA_CHANNELS; i++) {
		pthread_mutex_lock(&card->channels[i].lock);
		channel_progress(&card->channels[i]);
		pthread_mutex_unlock(&card->channels[i].lock);
	}
	pthread_mutex_lock(&card->events.lock);
	for (i = 0; i < EVENT_SOURCES; i++)
		source_collect(&card->events, card->card, event_sources[i]);
	pthread_mutex_unlock(&card->events.lock);
}

/* --- objects ---------------------------------------------------------- */

struct notify **notify_find(struct events *events, unsigned int id)
{
	struct notify **place;

	for (place = &events->first; *place; place = &(*place)->next) {
		if ((*place)->id == id)
			return place;
	}
	return NULL;
}

void notify_remove(struct events *events, struct notify *notify)
{
	struct notify **place;

	notify->cancelled = 1;
	while (notify->waiters) {
		notify_wake(notify);
		pthread_cond_wait(&events->left, &events->lock);
	}
	place = notify_find(events, notify->id);
	if (place)
		*place = notify->next;
	close(notify->wake);
	free(notify);
}

void events_device_close(struct device *device)
{
	struct events *events = &device->card->events;
	struct notify *notify;

	pthread_mutex_lock(&events->lock);
	do {
		for (notify = events->first;
		     notify && (notify->owner != device || notify->cancelled);
		     notify = notify->next)
			;
		if (notify)
			notify_remove(events, notify);
	} while (notify);
	pthread_mutex_unlock(&events->lock);
}

static PLX_STATUS notify_new(struct device *device,
			     const PLX_INTERRUPT *wants, struct notify **made)
{
	struct plxdma_card *card = device->card->card;
	struct notify *notify;
	size_t i;
	int fd;

	for (i = 0; i < EVENT_SOURCES; i++) {
		if (!wants_source(wants, event_sources[i]))
			continue;
		fd = plxdma_irq_fd(card, event_sources[i]);
		if (fd < 0)
			return status_failed("NotificationRegisterFor", card,
					     fd);
	}
	notify = calloc(1, sizeof(*notify));
	if (!notify)
		return PLX_STATUS_INSUFFICIENT_RES;
	notify->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (notify->wake < 0) {
		free(notify);
		return PLX_STATUS_INSUFFICIENT_RES;
	}
	notify->owner = device;
	notify->wants = *wants;
	*made = notify;
	return PLX_STATUS_OK;
}

PLX_STATUS PlxPci_NotificationRegisterFor(PLX_DEVICE_OBJECT *pDevice,
					  PLX_INTERRUPT *pPlxIntr,
					  PLX_NOTIFY_OBJECT *pEvent)
{
	struct notify *notify = NULL;
	struct events *events;
	struct device *device;
	PLX_STATUS status;

	if (!pPlxIntr || !pEvent)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status == PLX_STATUS_OK)
		status = notify_new(device, pPlxIntr, &notify);
	if (status != PLX_STATUS_OK)
		return status;
	events = &device->card->events;
	/* What was before is news to the others only. */
	events_collect(device->card);
	pthread_mutex_lock(&events->lock);
	notify->id = ++events->next;
	notify->next = events->first;
	events->first = notify;
	pEvent->pWaitObject = notify->id;
	pEvent->hEvent = (U64)notify->wake;
	ObjectValidate(pEvent);
	pthread_mutex_unlock(&events->lock);
	return PLX_STATUS_OK;
}
