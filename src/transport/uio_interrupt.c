/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts on the stub: its handler acknowledges, counts, and signals an
 * eventfd for each source; what shares registers with it is an ioctl under its
 * lock.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "transport/uio_transport.h"

static const uint32_t sources[PLXDMA_IRQ_SOURCES] = {
	[PLXDMA_IRQ_DMA0] = PLX9054_DMA0,
	[PLXDMA_IRQ_DMA1] = PLX9054_DMA1,
	[PLXDMA_IRQ_DOORBELL] = PLX9054_DOORBELL,
	[PLXDMA_IRQ_LINT] = PLX9054_LINT,
	[PLXDMA_IRQ_ABORT] = PLX9054_ABORT,
};

static const uint32_t operations[] = {
	[TRANSPORT_PAUSE] = PLX9054_PAUSE,
	[TRANSPORT_RESUME] = PLX9054_RESUME,
	[TRANSPORT_ABORT] = PLX9054_ABORT_CHANNEL,
	[TRANSPORT_CLEAR] = PLX9054_CLEAR,
};

static int source_open(struct uio_card *card, unsigned int source)
{
	struct plx9054_eventfd binding = {
		.size = sizeof(binding),
		.source = sources[source],
	};
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	card->source_fds[source] = fd;
	binding.fd = fd;
	return uio_ioctl(card, PLX9054_EVENTFD, &binding);
}

int uio_sources_open(struct uio_card *card, struct error *error)
{
	unsigned int source;
	int result = 0;

	for (source = 0; source < PLXDMA_IRQ_SOURCES; source++)
		card->source_fds[source] = -1;
	for (source = 0; !result && source < PLXDMA_IRQ_SOURCES; source++)
		result = source_open(card, source);
	if (!result)
		return 0;
	uio_sources_close(card);
	return error_set(error, result, "uio:%s: no eventfds for its "
			 "interrupts: %s", card->address, strerror(-result));
}

void uio_sources_close(struct uio_card *card)
{
	unsigned int source;

	for (source = 0; source < PLXDMA_IRQ_SOURCES; source++)
		if (card->source_fds[source] >= 0)
			close(card->source_fds[source]);
}

int uio_irq_fd(struct transport *transport, enum plxdma_irq_source source)
{
	return uio_card_of(transport)->source_fds[source];
}

int uio_irq_read(struct transport *transport, enum plxdma_irq_source source,
		 struct plxdma_irq_event *event)
{
	struct uio_card *card = uio_card_of(transport);
	struct plx9054_event got = {
		.size = sizeof(got),
		.source = sources[source],
	};
	uint64_t count, signalled;
	int result;

	pthread_mutex_lock(&card->source_lock);
	/* First the signal, then what it was about: what comes in between is
	 * signalled again, and is told once. */
	if (read(card->source_fds[source], &signalled, sizeof(signalled)) < 0)
		signalled = 0;
	result = uio_ioctl(card, PLX9054_EVENT, &got);
	if (result)
		goto out_unlock;
	count = got.count - card->taken[source];
	card->taken[source] = got.count;
	event->bits = got.bits;
	event->count = got.count;
	event->time_ns = got.time_ns;
	result = count > INT32_MAX ? INT32_MAX : (int)count;
out_unlock:
	pthread_mutex_unlock(&card->source_lock);
	return result;
}

int uio_irq_enable(struct transport *transport, enum plxdma_irq_source source,
		   int on)
{
	struct plx9054_enable enable = {
		.size = sizeof(enable),
		.source = sources[source],
		.on = on != 0,
	};

	return uio_ioctl(uio_card_of(transport), PLX9054_ENABLE, &enable);
}

int uio_channel_control(struct transport *transport, unsigned int channel,
			enum transport_control control)
{
	struct plx9054_channel argument = {
		.size = sizeof(argument),
		.channel = channel,
		.operation = operations[control],
	};

	return uio_ioctl(uio_card_of(transport), PLX9054_CHANNEL, &argument);
}

int uio_clear_status(struct transport *transport, uint16_t *status)
{
	struct plx9054_value value = { .size = sizeof(value) };
	int result;

	result = uio_ioctl(uio_card_of(transport), PLX9054_CLEAR_STATUS,
			   &value);
	*status = (uint16_t)value.value;
	return result;
}
