/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card on the kernel stub as a transport: "uio:0000:05:00.0".
 *
 * The stub's companion device is opened and asked what it speaks and what the
 * card has; the rest is in the files beside this one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <plxdma/card.h>

#include "chip/plx9054.h"
#include "transport/uio_transport.h"

int uio_ioctl(const struct uio_card *card, unsigned long request,
	      void *argument)
{
	int result;

	do {
		result = ioctl(card->fd, request, argument);
	} while (result < 0 && errno == EINTR);
	return result < 0 ? -errno : 0;
}

static int card_bus_master(struct transport *transport, int on)
{
	struct plx9054_value value = {
		.size = sizeof(value),
		.value = on != 0,
	};

	return uio_ioctl(uio_card_of(transport), PLX9054_SET_MASTER, &value);
}

static int card_reset(struct transport *transport)
{
	return uio_ioctl(uio_card_of(transport), PLX9054_RESET, NULL);
}

static int card_service_fd(struct transport *transport)
{
	(void)transport;
	return -1;
}

static void card_service(struct transport *transport)
{
	(void)transport;
}

static void card_counters(struct transport *transport,
			  struct plxdma_counters *counters)
{
	struct plx9054_info info = { .size = sizeof(info) };

	if (!uio_ioctl(uio_card_of(transport), PLX9054_INFO, &info))
		counters->interrupts = info.interrupts;
}

static void card_close(struct transport *transport)
{
	struct uio_card *card = uio_card_of(transport);

	uio_memory_end(card);
	uio_bars_unmap(card);
	/* Each mapping holds the file open, so this one is the last. */
	close(card->fd);
	uio_sources_close(card);
	pthread_mutex_destroy(&card->source_lock);
	pthread_mutex_destroy(&card->lock);
	free(card);
}

static const struct transport_ops uio_ops = {
	.reg_read = uio_reg_read,
	.reg_write = uio_reg_write,
	.bar_read = uio_bar_read,
	.bar_write = uio_bar_write,
	.bar_size = uio_bar_size,
	.config_read = uio_config_read,
	.config_write = uio_config_write,
	.window = uio_window,
	.window_lend = uio_window_lend,
	.window_end = uio_window_end,
	.bus_master = card_bus_master,
	.map = uio_memory_map,
	.unmap = uio_memory_unmap,
	.arena_below = uio_arena_below,
	.below_lend = uio_below_lend,
	.coherent_alloc = uio_coherent_alloc,
	.coherent_free = uio_coherent_free,
	.channel_control = uio_channel_control,
	.clear_status = uio_clear_status,
	.reset = card_reset,
	.irq_fd = uio_irq_fd,
	.irq_read = uio_irq_read,
	.irq_enable = uio_irq_enable,
	.service_fd = card_service_fd,
	.service = card_service,
	.counters = card_counters,
	.close = card_close,
};

/* "ADDRESS[,OPTION...]"; no option is this transport's own. */
static int options_parse(const char *options, char address[SYSFS_ADDRESS],
			 struct error *error)
{
	const size_t length = strcspn(options, ",");
	char text[32];

	if (length >= sizeof(text))
		return error_set(error, -EINVAL, "uio:%.40s: give a PCI "
				 "address as in uio:0000:05:00.0", options);
	memcpy(text, options, length);
	text[length] = '\0';
	if (sysfs_address(text, address))
		return error_set(error, -EINVAL, "uio:%s: give a PCI address "
				 "as in uio:0000:05:00.0; plxdma list shows "
				 "them", text);
	if (options[length])
		return error_set(error, -EINVAL, "uio:%s: \"%.60s\" is no "
				 "option of a card on the stub: dac=no, "
				 "quirk=zero, reset=allowed, unpinned, tune., "
				 "report=, arena=, pages=, node=", address,
				 options + length + 1);
	return 0;
}

static int device_open(struct uio_card *card, struct error *error)
{
	char path[64];

	(void)snprintf(path, sizeof(path), UIO_DEVICES "/%s", card->address);
	card->fd = open(path, O_RDWR | O_CLOEXEC);
	if (card->fd < 0)
		return uio_refusal(card->address, -errno, error);
	return 0;
}

static int info_get(struct uio_card *card, struct error *error)
{
	int result;

	card->info.size = sizeof(card->info);
	result = uio_ioctl(card, PLX9054_INFO, &card->info);
	if (result == -ENODEV)
		return error_set(error, result, "uio:%s: the card is gone",
				 card->address);
	if (result || card->info.abi != PLX9054_ABI)
		return error_set(error, -EPROTO, "uio:%s: the loaded module "
				 "speaks version %u, this library %u: build "
				 "both from the same release (dkms, then "
				 "modprobe -r " SYSFS_STUB " and modprobe it)",
				 card->address, card->info.abi, PLX9054_ABI);
	return 0;
}

static void info_tell(struct uio_card *card)
{
	const uint32_t flags = card->info.flags;

	card->transport.ops = &uio_ops;
	card->transport.info = (struct transport_info){
		.name = "uio",
		.pci = card->address,
		.numa_node = card->info.numa_node,
		.iommu = (flags & PLX9054_TRANSLATED) != 0,
		.dac = (flags & PLX9054_DAC) != 0,
		.pin = PLXDMA_PIN_OWNER,
	};
}

int transport_uio_open(const char *options, struct transport **transport,
		       struct error *error)
{
	struct uio_card *card = calloc(1, sizeof(*card));
	int result;

	if (!card)
		return error_set(error, -ENOMEM, "uio: out of memory");
	pthread_mutex_init(&card->lock, NULL);
	pthread_mutex_init(&card->source_lock, NULL);
	result = options_parse(options, card->address, error);
	if (!result)
		result = device_open(card, error);
	if (result)
		goto out_free;
	result = info_get(card, error);
	if (!result)
		result = uio_bars_map(card, error);
	if (result)
		goto out_close;
	result = uio_sources_open(card, error);
	if (result)
		goto out_unmap;
	info_tell(card);
	*transport = &card->transport;
	return 0;

out_unmap:
	uio_bars_unmap(card);
out_close:
	close(card->fd);
out_free:
	pthread_mutex_destroy(&card->source_lock);
	pthread_mutex_destroy(&card->lock);
	free(card);
	return result;
}
