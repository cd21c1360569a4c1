/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Channels: opened, set, asked, controlled, closed; see channel.h. */
#include "plxapi/channel.h"

#include <errno.h>
#include <string.h>

#include "plxapi/device.h"
#include "plxapi/job.h"
#include "plxapi/properties.h"
#include "plxapi/transfer.h"

/* DMAMODE0 and DMAMODE1 (chip ref. 2.3). */
static const unsigned int dmamode[PLXDMA_CHANNELS] = { 0x80, 0x94 };

void channel_init(struct channel *channel, unsigned int index,
		  struct events *events)
{
	channel->index = index;
	channel->events = events;
	pthread_mutex_init(&channel->lock, NULL);
	pthread_cond_init(&channel->ended, NULL);
}

PLX_STATUS channel_of(const char *call, const PLX_DEVICE_OBJECT *object,
		      U8 number, struct device **device,
		      struct channel **channel)
{
	PLX_STATUS status = device_of(object, device);

	if (status != PLX_STATUS_OK)
		return status;
	if (number >= PLXDMA_CHANNELS)
		return status_refuse(call, PLX_STATUS_INVALID_ADDR,
				     "no channel %u: the chip has channels 0 "
				     "and 1", number);
	*channel = &(*device)->card->channels[number];
	return PLX_STATUS_OK;
}

PLX_STATUS channel_owned(const struct channel *channel,
			 const struct device *device)
{
	if (!channel->owner)
		return PLX_STATUS_INVALID_ACCESS;
	return channel->owner == device ? PLX_STATUS_OK : PLX_STATUS_IN_USE;
}

void channel_ended(struct channel *channel)
{
	channel->state = CHANNEL_IDLE;
	channel->in_place_size = 0;
	pthread_cond_broadcast(&channel->ended);
	if (!channel->quiet)
		events_dma_done(channel->events, channel->index);
	channel->quiet = 0;
}

/* The thread that waits looks at the flag between two naps. */
void channel_abort(struct channel *channel)
{
	if (channel->state == CHANNEL_STARTED) {
		transfer_cancel(channel);
		channel_ended(channel);
	}
	while (channel->state == CHANNEL_WAITING) {
		atomic_store(&channel->abort, 1);
		pthread_cond_wait(&channel->ended, &channel->lock);
	}
}

PLX_STATUS channel_progress(struct channel *channel)
{
	if (channel->state == CHANNEL_STARTED && transfer_ended(channel))
		channel_ended(channel);
	return channel->state == CHANNEL_IDLE ? PLX_STATUS_COMPLETE
					      : PLX_STATUS_IN_PROGRESS;
}

static PLX_STATUS mode_set(struct channel *channel,
			   const PLX_DMA_PROP *properties)
{
	int result = properties_to_mode(properties, channel->mode);

	if (!result)
		result = plxdma_channel_set_mode(channel->channel,
						 channel->mode);
	if (result)
		return status_failed("DmaSetProperties", channel->card,
				     result);
	channel->properties = *properties;
	/* What was prepared was prepared in the old mode. */
	pieces_forget(channel);
	return PLX_STATUS_OK;
}

/* Without properties the channel keeps those that its register has. */
static PLX_STATUS mode_open(struct channel *channel,
			    const PLX_DMA_PROP *wanted)
{
	PLX_DMA_PROP properties;
	uint32_t value;
	int result;

	if (wanted)
		return mode_set(channel, wanted);
	result = plxdma_reg_read(channel->card, dmamode[channel->index], 32,
				 &value);
	if (result)
		return status_failed("DmaChannelOpen", channel->card, result);
	properties_of_register(value, &properties);
	return mode_set(channel, &properties);
}

static void handle_close(struct channel *channel)
{
	pieces_forget(channel);
	plxdma_channel_close(channel->channel);
	channel->channel = NULL;
	bounce_drop(channel);
	plxdma_mode_free(channel->mode);
	channel->mode = NULL;
	plxdma_claim_release(channel->card,
			     (enum plxdma_claimed)channel->index);
	channel->owner = NULL;
}

static PLX_STATUS handle_open(struct channel *channel, struct device *device)
{
	struct plxdma_card *card = device->card->card;
	int result;

	channel->card = card;
	result = plxdma_claim(card, (enum plxdma_claimed)channel->index, 0, 0);
	if (result == -EBUSY) {
		status_failed("DmaChannelOpen", card, result);
		return PLX_STATUS_INVALID_ACCESS;
	}
	if (result)
		return status_failed("DmaChannelOpen", card, result);
	channel->mode = plxdma_mode_new();
	result = channel->mode ? plxdma_channel_open(card, channel->index,
						     &channel->channel)
			       : -ENOMEM;
	if (!result)
		return PLX_STATUS_OK;
	status_failed("DmaChannelOpen", card, result);
	plxdma_mode_free(channel->mode);
	channel->mode = NULL;
	plxdma_claim_release(card, (enum plxdma_claimed)channel->index);
	return result == -EBUSY ? PLX_STATUS_INVALID_ACCESS : status_of(result);
}

PLX_STATUS PlxPci_DmaChannelOpen(PLX_DEVICE_OBJECT *pDevice, U8 number,
				 PLX_DMA_PROP *pDmaProp)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status = channel_of("DmaChannelOpen", pDevice, number,
				       &device, &channel);

	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	if (channel->owner) {
		status = status_refuse("DmaChannelOpen",
				       PLX_STATUS_INVALID_ACCESS,
				       "channel %u is open already", number);
		goto out_unlock;
	}
	status = handle_open(channel, device);
	if (status != PLX_STATUS_OK)
		goto out_unlock;
	channel->owner = device;
	status = mode_open(channel, pDmaProp);
	if (status != PLX_STATUS_OK)
		handle_close(channel);

out_unlock:
	pthread_mutex_unlock(&channel->lock);
	return status;
}

PLX_STATUS PlxPci_DmaChannelClose(PLX_DEVICE_OBJECT *pDevice, U8 number)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status = channel_of("DmaChannelClose", pDevice, number,
				       &device, &channel);

	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	status = channel_owned(channel, device);
	if (status == PLX_STATUS_OK &&
	    channel_progress(channel) == PLX_STATUS_IN_PROGRESS)
		status = PLX_STATUS_IN_PROGRESS;
	if (status == PLX_STATUS_OK)
		handle_close(channel);
	pthread_mutex_unlock(&channel->lock);
	return status;
}

void channel_leave(struct channel *channel, plxdma_handle handle, size_t size)
{
	pthread_mutex_lock(&channel->lock);
	if (channel->in_place_size && channel->in_place < handle + size &&
	    handle < channel->in_place + channel->in_place_size)
		channel_abort(channel);
	pthread_mutex_unlock(&channel->lock);
}

void channel_device_abort(struct channel *channel, struct device *device)
{
	pthread_mutex_lock(&channel->lock);
	if (channel->owner == device)
		channel_abort(channel);
	pthread_mutex_unlock(&channel->lock);
}

void channel_device_close(struct channel *channel, struct device *device)
{
	pthread_mutex_lock(&channel->lock);
	if (channel->owner == device) {
		channel_abort(channel);
		handle_close(channel);
	}
	pthread_mutex_unlock(&channel->lock);
}

PLX_STATUS PlxPci_DmaGetProperties(PLX_DEVICE_OBJECT *pDevice, U8 number,
				   PLX_DMA_PROP *pDmaProp)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status;

	if (!pDmaProp)
		return PLX_STATUS_NULL_PARAM;
	status = channel_of("DmaGetProperties", pDevice, number, &device,
			    &channel);
	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	/* Another's can't be told: the SDK has one code for both. */
	if (channel->owner == device)
		*pDmaProp = channel->properties;
	else
		status = PLX_STATUS_INVALID_ACCESS;
	pthread_mutex_unlock(&channel->lock);
	return status;
}

PLX_STATUS PlxPci_DmaSetProperties(PLX_DEVICE_OBJECT *pDevice, U8 number,
				   PLX_DMA_PROP *pDmaProp)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status;

	if (!pDmaProp)
		return PLX_STATUS_NULL_PARAM;
	status = channel_of("DmaSetProperties", pDevice, number, &device,
			    &channel);
	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	status = channel_owned(channel, device);
	if (status == PLX_STATUS_OK &&
	    channel_progress(channel) == PLX_STATUS_IN_PROGRESS)
		status = PLX_STATUS_IN_PROGRESS;
	if (status == PLX_STATUS_OK)
		status = mode_set(channel, pDmaProp);
	pthread_mutex_unlock(&channel->lock);
	return status;
}

PLX_STATUS PlxPci_DmaStatus(PLX_DEVICE_OBJECT *pDevice, U8 number)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status =
		channel_of("DmaStatus", pDevice, number, &device, &channel);

	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	if (channel->owner && channel->owner != device)
		status = PLX_STATUS_IN_USE;
	else
		status = channel_progress(channel);
	pthread_mutex_unlock(&channel->lock);
	return status;
}

/* libplxdma doesn't pause an engine: of the commands there is the one that
 * ends a transfer. */
static PLX_STATUS channel_control(struct channel *channel,
				  PLX_DMA_COMMAND command)
{
	int running = channel_progress(channel) == PLX_STATUS_IN_PROGRESS;

	switch (command) {
	case DmaAbort:
		channel_abort(channel);
		return running ? PLX_STATUS_OK : PLX_STATUS_COMPLETE;
	case DmaResume:
		return PLX_STATUS_IN_PROGRESS;
	case DmaPause:
	case DmaPauseImmediate:
		return status_refuse("DmaControl", PLX_STATUS_INVALID_DATA,
				     "a transfer can be aborted, not paused");
	default:
		return status_refuse("DmaControl", PLX_STATUS_INVALID_DATA,
				     "no command %d", (int)command);
	}
}

PLX_STATUS PlxPci_DmaControl(PLX_DEVICE_OBJECT *pDevice, U8 number,
			     PLX_DMA_COMMAND command)
{
	struct device *device;
	struct channel *channel;
	PLX_STATUS status =
		channel_of("DmaControl", pDevice, number, &device, &channel);

	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&channel->lock);
	status = channel_owned(channel, device);
	if (status == PLX_STATUS_OK)
		status = channel_control(channel, command);
	pthread_mutex_unlock(&channel->lock);
	return status;
}
