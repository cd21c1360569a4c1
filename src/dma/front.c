/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The direct front door: a card that this process drives itself.
 *
 * Here are the card and what is asked of it as a whole; its memory, channels
 * and transfers have files of their own.
 */
#include "dma/front.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip/plx9054.h"
#include "mem/arena.h"
#include "mem/heap.h"
#include "transport/transport.h"

/*
 * Cards whose engine couldn't be stopped.  Their memory must not go back to
 * the kernel while this process lives, so they are kept, and kept reachable.
 */
static struct direct_card *kept_for_ever;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

/* What offset 0 of a local space's BAR reaches (chip ref. 1.6). */
static uint32_t space_local(struct transport *transport, unsigned int space,
			    int io)
{
	uint32_t remap;

	remap = transport->ops->reg_read(transport,
					 space ? PLX_LAS1BA : PLX_LAS0BA, 32);
	return remap & (io ? PLX_LASBA_IO_REMAP_MASK : PLX_LASBA_REMAP_MASK);
}

static void bar_info(struct transport *transport, unsigned int bar,
		     struct plxdma_bar_info *info)
{
	uint32_t flags = 0;

	info->size = transport->ops->bar_size(transport, bar, &flags);
	info->io = flags & 1;
	info->space = -1;
	if (!info->size || bar < 2 || bar > 3)
		return;
	info->space = (int8_t)(bar - 2);
	info->local = space_local(transport, bar - 2, info->io);
}

static void arena_info(struct direct_card *card, struct plxdma_card_info *info)
{
	const struct arena *arena = card->shared->arena;

	info->arena_node = -1;
	if (!arena)
		return;
	info->arena_size = arena->size;
	info->arena_page = arena->page_size;
	info->arena_node = arena->node;
	if (card->map)
		info->arena_runs = (uint32_t)dma_map_runs(card->map,
							  &info->arena_longest);
	info->frames_known = arena->frames_known != 0;
	info->frames_moved = (uint32_t)arena_moved(arena);
	if (info->pin < (uint32_t)arena->pin)
		info->pin = (uint32_t)arena->pin;
}

/* The chain pointer has 32 bits, on every chip of the family. */
static void descriptors_info(const struct transport *transport,
			     struct plxdma_card_info *info)
{
	snprintf(info->descriptors, sizeof(info->descriptors),
		 transport->info.pin == PLXDMA_PIN_OWNER
			 ? "in the kernel's coherent memory below 4 GiB, "
			   "because the chain pointer has 32 bits"
		 : transport->info.iommu
			 ? "behind the IOMMU at a bus address below 4 GiB, "
			   "because the chain pointer has 32 bits"
			 : "at bus addresses below 4 GiB where no RAM is, "
			   "because the chain pointer has 32 bits");
}

static int direct_info(struct plxdma_card *public,
		       struct plxdma_card_info *info, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	struct transport *transport = direct_transport(public);
	unsigned int bar;

	(void)error;
	dma_card_info(card->dma, info);
	memcpy(info->name, card->name, sizeof(info->name));
	snprintf(info->transport, sizeof(info->transport), "%s",
		 transport->info.name);
	info->numa_node = transport->info.numa_node;
	info->iommu = transport->info.iommu != 0;
	info->pin = (uint32_t)transport->info.pin;
	for (bar = 0; bar < PLXDMA_BARS; bar++)
		bar_info(transport, bar, &info->bars[bar]);
	descriptors_info(transport, info);
	pthread_mutex_lock(&card->shared->lock);
	arena_info(card, info);
	pthread_mutex_unlock(&card->shared->lock);
	return 0;
}

static int direct_counters(struct plxdma_card *card,
			   struct plxdma_counters *counters,
			   struct error *error)
{
	(void)error;
	dma_card_counters(direct_card_of(card)->dma, counters);
	return 0;
}

static int direct_reset(struct plxdma_card *card, struct error *error)
{
	return dma_card_reset(direct_card_of(card)->dma, error);
}

static int direct_verify(struct plxdma_card *public, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	int result = 0;

	pthread_mutex_lock(&card->shared->lock);
	if (card->shared->arena)
		result = arena_verify(card->shared->arena, NULL);
	pthread_mutex_unlock(&card->shared->lock);
	if (result < 0)
		error_set(error, result,
			  "%s: the arena's frames can't be read: run as root, "
			  "or with CAP_SYS_ADMIN",
			  card->name);
	return result;
}

static int direct_fault(struct plxdma_card *card, const char *fault,
			struct error *error)
{
	struct transport *transport = direct_transport(card);

	if (!transport->ops->fault)
		return error_set(error, -EOPNOTSUPP,
				 "%s: faults can be armed on the software "
				 "card only, model:",
				 direct_card_of(card)->name);
	return transport->ops->fault(transport, fault, error);
}

static void keep_for_ever(struct direct_card *card)
{
	pthread_mutex_lock(&kept_lock);
	card->next = kept_for_ever;
	kept_for_ever = card;
	pthread_mutex_unlock(&kept_lock);
}

static void direct_close(struct plxdma_card *public)
{
	struct direct_card *card = direct_card_of(public);
	unsigned int i;

	for (i = 0; i < PLXDMA_CHANNELS; i++)
		if (card->channels[i])
			direct_channel_close(&card->channels[i]->channel);
	if (direct_memory_free(card)) {
		keep_for_ever(card);
		return;
	}
	dma_card_close(card->dma);
	pthread_mutex_destroy(&card->lock);
	free(card);
}

static const struct front_ops direct_ops = {
	.info = direct_info,
	.counters = direct_counters,
	.reset = direct_reset,
	.verify = direct_verify,
	.fault = direct_fault,
	.report = direct_report,
	.tuning_get = direct_tuning_get,
	.tuning_set = direct_tuning_set,
	.close = direct_close,
	.claim = direct_claim,
	.claim_release = direct_claim_release,
	.claim_holder = direct_claim_holder,
	.memory = direct_memory,
	.map_sg = direct_map_sg,
	.reg = direct_reg,
	.bar = direct_bar,
	.config = direct_config,
	.eeprom = direct_eeprom,
	.batch = direct_batch,
	.window_map = direct_window_map,
	.window_unmap = direct_window_unmap,
	.irq_fd = direct_irq_fd,
	.irq_read = direct_irq_read,
	.irq_enable = direct_irq_enable,
	.channel_open = direct_channel_open,
	.channel_close = direct_channel_close,
	.channel_mode = direct_channel_mode,
	.channel_waiting = direct_channel_waiting,
	.channel_fd = direct_channel_fd,
	.channel_reap = direct_channel_reap,
	.transfer_new = direct_transfer_new,
	.transfer_change = direct_transfer_change,
	.transfer_free = direct_transfer_free,
	.transfer_value = direct_transfer_value,
	.submit = direct_submit,
	.wait = direct_wait,
	.cancel = direct_cancel,
};

static int ends_with_colon(const char *text)
{
	return text[strlen(text) - 1] == ':';
}

/* What the driver and the transport want to know: reset=allowed is the
 * driver's as well, which needs it to recover. */
static int driver_open(struct direct_card *card, struct error *error)
{
	char spec[sizeof(card->spec.rest) + 16];
	const char *rest = card->spec.rest;
	int result;

	snprintf(spec, sizeof(spec), "%s%s%s", rest,
		 card->spec.reset_allowed && !ends_with_colon(rest) ? "," : "",
		 card->spec.reset_allowed ? "reset=allowed" : "");
	result = dma_card_open(spec, &card->dma, error);
	if (!result)
		dma_card_transport(card->dma)->info.unpinned =
			card->spec.unpinned;
	return result;
}

static int share(struct direct_card *card, struct direct_card *beside,
		 struct error *error)
{
	return beside ? shared_join(card, beside, error)
		      : shared_new(card, error);
}

static int beside_check(const char *spec, const struct plxdma_card *beside,
			struct error *error)
{
	if (!beside || beside->ops == &direct_ops)
		return 0;
	return error_set(error, -EINVAL,
			 "%s can't share memory with a card of the daemon's, "
			 "which it lends for its own cards only: open both as "
			 "daemon:NAME, or both directly",
			 spec);
}

int front_direct_open(const char *spec, struct plxdma_card *beside,
		      struct plxdma_card **public, struct error *error)
{
	struct direct_card *card;
	int result;

	result = beside_check(spec, beside, error);
	if (result)
		return result;
	card = calloc(1, sizeof(*card));
	if (!card)
		return error_set(error, -ENOMEM, "no memory for a card");
	snprintf(card->name, sizeof(card->name), "%s", spec);
	card->card.ops = &direct_ops;
	result = front_spec_parse(spec, &card->spec, error);
	if (!result && card->spec.observed)
		result = error_set(error, -ENOTSUP, "%s: observers=yes is for "
				   "cards of plxdmad's: a card that this "
				   "process opens itself has no observers",
				   spec);
	if (result)
		goto out_free;
	result = driver_open(card, error);
	if (result)
		goto out_free;
	result = share(card, beside ? direct_card_of(beside) : NULL, error);
	if (result)
		goto out_close;
	pthread_mutex_init(&card->lock, NULL);
	*public = &card->card;
	return 0;

out_close:
	dma_card_close(card->dma);
out_free:
	free(card);
	return result;
}
