/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a notification, and what the SDK's programs ask of one.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "plxapi/device.h"
#include "plxapi/notify.h"

/* Interrupts can be lost on real machines: look again after so long. */
#define LOOK_MS 100
#define MS_NS INT64_C(1000000)

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
	struct pollfd polled[1 + EVENT_SOURCES + PLXDMA_CHANNELS];
	nfds_t count = 0;
	size_t i;

	polled[count++] = (struct pollfd){ .fd = wake, .events = POLLIN };
	for (i = 0; i < EVENT_SOURCES; i++) {
		if (wants_source(wants, event_sources[i]))
			polled[count++] = (struct pollfd){
				.fd = plxdma_irq_fd(card->card, event_sources[i]),
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
		events_collect(card);
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
	events_collect(device->card);
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
