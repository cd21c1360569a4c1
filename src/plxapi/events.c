/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See events.h. */
#include "plxapi/events.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "plxapi/device.h"

/* Interrupts can be lost on real machines: look again after so long. */
#define LOOK_MS 100
#define MS_NS INT64_C(1000000)
#define LINT 1u /* PLX_INTERRUPT.LocalToPci: the LINTi# pin */

static const enum plxdma_irq_source sources[] = {
	PLXDMA_IRQ_DOORBELL,
	PLXDMA_IRQ_LINT,
	PLXDMA_IRQ_ABORT,
};
#define SOURCES (sizeof(sources) / sizeof(*sources))

struct notify {
	struct notify *next;
	struct device *owner;
	unsigned int id;
	PLX_INTERRUPT wants;
	PLX_INTERRUPT came; /* since it was last asked for */
	int triggered;
	int cancelled;
	unsigned int waiters;
	int wake;
};

void events_init(struct events *events)
{
	pthread_mutex_init(&events->lock, NULL);
	pthread_cond_init(&events->left, NULL);
}

static int wants_source(const PLX_INTERRUPT *wants,
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
static void collect(struct crate_card *card)
{
	size_t i;

	for (i = 0; i < PLXDMA_CHANNELS; i++) {
		pthread_mutex_lock(&card->channels[i].lock);
		channel_progress(&card->channels[i]);
		pthread_mutex_unlock(&card->channels[i].lock);
	}
	pthread_mutex_lock(&card->events.lock);
	for (i = 0; i < SOURCES; i++)
		source_collect(&card->events, card->card, sources[i]);
	pthread_mutex_unlock(&card->events.lock);
}

/* --- objects ---------------------------------------------------------- */

static struct notify **notify_find(struct events *events, unsigned int id)
{
	struct notify **place;

	for (place = &events->first; *place; place = &(*place)->next) {
		if ((*place)->id == id)
			return place;
	}
	return NULL;
}

/* The caller has the lock; waiting gives it up for a moment. */
static void notify_remove(struct events *events, struct notify *notify)
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

	for (i = 0; i < SOURCES; i++) {
		if (!wants_source(wants, sources[i]))
			continue;
		fd = plxdma_irq_fd(card, sources[i]);
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
	collect(device->card);
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

/* --- waiting ---------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / MS_NS;
}

static int channel_descriptor(struct channel *channel)
{
	int fd = -1;

	pthread_mutex_lock(&channel->lock);
	if (channel->state == CHANNEL_STARTED)
		fd = plxdma_channel_fd(channel->channel);
	pthread_mutex_unlock(&channel->lock);
	return fd;
}

/* Sleeps until there may be something.  0, or -EINTR. */
static int doze(struct crate_card *card, const PLX_INTERRUPT *wants, int wake,
		int milliseconds)
{
	struct pollfd polled[1 + SOURCES + PLXDMA_CHANNELS];
	nfds_t count = 0;
	size_t i;

	polled[count++] = (struct pollfd){ .fd = wake, .events = POLLIN };
	for (i = 0; i < SOURCES; i++) {
		if (wants_source(wants, sources[i]))
			polled[count++] = (struct pollfd){
				.fd = plxdma_irq_fd(card->card, sources[i]),
				.events = POLLIN,
			};
	}
	for (i = 0; i < PLXDMA_CHANNELS; i++) {
		if (wants->DmaDone >> i & 1)
			polled[count++] = (struct pollfd){
				.fd = channel_descriptor(&card->channels[i]),
				.events = POLLIN,
			};
	}
	if (poll(polled, count, milliseconds) < 0)
		return -errno;
	return 0;
}

static int slice(int64_t left)
{
	if (left < 0)
		return 0;
	return left < LOOK_MS ? (int)left : LOOK_MS;
}

/* What the notification has for us; takes the trigger. */
static PLX_STATUS notify_take(struct events *events, struct notify *notify)
{
	PLX_STATUS status = PLX_STATUS_PENDING;
	eventfd_t count;

	pthread_mutex_lock(&events->lock);
	if (notify->cancelled) {
		status = PLX_STATUS_CANCELED;
	} else if (notify->triggered) {
		notify->triggered = 0;
		eventfd_read(notify->wake, &count);
		status = PLX_STATUS_OK;
	}
	pthread_mutex_unlock(&events->lock);
	return status;
}

static PLX_STATUS notify_wait(struct crate_card *card, struct notify *notify,
			      U64 timeout_ms)
{
	int forever = timeout_ms >= (U64)PLX_TIMEOUT_INFINITE;
	int64_t start = now_ms(), left = INT64_MAX;
	PLX_STATUS status;

	for (;;) {
		collect(card);
		status = notify_take(&card->events, notify);
		if (status != PLX_STATUS_PENDING)
			return status;
		if (!forever)
			left = (int64_t)(timeout_ms & INT64_MAX) -
			       (now_ms() - start);
		if (left <= 0)
			return PLX_STATUS_TIMEOUT;
		if (doze(card, &notify->wants, notify->wake, slice(left)) ==
		    -EINTR)
			return PLX_STATUS_CANCELED;
	}
}

/* The notification of an object, kept from going away while it is used. */
static PLX_STATUS notify_hold(const PLX_DEVICE_OBJECT *object,
			      const PLX_NOTIFY_OBJECT *event,
			      struct device **device, struct notify **held)
{
	PLX_STATUS status = device_of(object, device);
	struct events *events;
	struct notify **place;

	if (status != PLX_STATUS_OK)
		return status;
	if (!IsObjectValid(event))
		return PLX_STATUS_FAILED;
	events = &(*device)->card->events;
	pthread_mutex_lock(&events->lock);
	place = notify_find(events, (unsigned int)event->pWaitObject);
	if (place && !(*place)->cancelled) {
		*held = *place;
		(*held)->waiters++;
	} else {
		status = PLX_STATUS_FAILED;
	}
	pthread_mutex_unlock(&events->lock);
	return status;
}

static void notify_release(struct events *events, struct notify *notify)
{
	pthread_mutex_lock(&events->lock);
	notify->waiters--;
	pthread_cond_broadcast(&events->left);
	pthread_mutex_unlock(&events->lock);
}

PLX_STATUS PlxPci_NotificationWait(PLX_DEVICE_OBJECT *pDevice,
				   PLX_NOTIFY_OBJECT *pEvent, U64 Timeout_ms)
{
	struct notify *notify;
	struct device *device;
	PLX_STATUS status;

	if (!pEvent)
		return PLX_STATUS_NULL_PARAM;
	status = notify_hold(pDevice, pEvent, &device, &notify);
	if (status != PLX_STATUS_OK)
		return status;
	status = notify_wait(device->card, notify, Timeout_ms);
	notify_release(&device->card->events, notify);
	return status;
}

PLX_STATUS PlxPci_NotificationStatus(PLX_DEVICE_OBJECT *pDevice,
				     PLX_NOTIFY_OBJECT *pEvent,
				     PLX_INTERRUPT *pPlxIntr)
{
	struct notify *notify;
	struct device *device;
	PLX_STATUS status;

	if (!pEvent || !pPlxIntr)
		return PLX_STATUS_NULL_PARAM;
	status = notify_hold(pDevice, pEvent, &device, &notify);
	if (status != PLX_STATUS_OK)
		return status;
	collect(device->card);
	pthread_mutex_lock(&device->card->events.lock);
	*pPlxIntr = notify->came;
	memset(&notify->came, 0, sizeof(notify->came));
	pthread_mutex_unlock(&device->card->events.lock);
	notify_release(&device->card->events, notify);
	return PLX_STATUS_OK;
}

PLX_STATUS PlxPci_NotificationCancel(PLX_DEVICE_OBJECT *pDevice,
				     PLX_NOTIFY_OBJECT *pEvent)
{
	struct events *events;
	struct notify **place;
	struct device *device;
	PLX_STATUS status;

	if (!pEvent)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (!IsObjectValid(pEvent))
		return PLX_STATUS_FAILED;
	events = &device->card->events;
	pthread_mutex_lock(&events->lock);
	place = notify_find(events, (unsigned int)pEvent->pWaitObject);
	if (place && !(*place)->cancelled)
		notify_remove(events, *place);
	else
		status = PLX_STATUS_FAILED;
	pthread_mutex_unlock(&events->lock);
	if (status == PLX_STATUS_OK)
		ObjectInvalidate(pEvent);
	return status;
}

/* --- enabling --------------------------------------------------------- */

/*
 * Of the sources a program may switch, these chips' boards have two; the
 * channels', the aborts' and the main switch are the library's, and stay as
 * it needs them.
 */
static PLX_STATUS interrupts_switch(const char *call,
				    const PLX_DEVICE_OBJECT *object,
				    const PLX_INTERRUPT *which, int on)
{
	struct device *device;
	PLX_STATUS status;
	int result = 0;

	if (!which)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(object, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (which->Doorbell)
		result = plxdma_irq_enable(device->card->card,
					   PLXDMA_IRQ_DOORBELL, on);
	if (!result && which->LocalToPci & LINT)
		result = plxdma_irq_enable(device->card->card, PLXDMA_IRQ_LINT,
					   on);
	return status_failed(call, device->card->card, result);
}

PLX_STATUS PlxPci_InterruptEnable(PLX_DEVICE_OBJECT *pDevice,
				  PLX_INTERRUPT *pPlxIntr)
{
	return interrupts_switch("InterruptEnable", pDevice, pPlxIntr, 1);
}

PLX_STATUS PlxPci_InterruptDisable(PLX_DEVICE_OBJECT *pDevice,
				   PLX_INTERRUPT *pPlxIntr)
{
	return interrupts_switch("InterruptDisable", pDevice, pPlxIntr, 0);
}
