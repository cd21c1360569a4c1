/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known and what was counted of a card. */
#include <stdio.h>
#include <string.h>

#include "dma/card.h"

static void bar_describe(struct dma_card *card, unsigned int n,
			 struct plxdma_bar_info *bar)
{
	static const unsigned int remap[] = { PLX_LAS0BA, PLX_LAS1BA };
	struct transport *transport = card->transport;
	uint32_t flags = 0;

	bar->size = transport->ops->bar_size(transport, n, &flags);
	bar->io = flags & 1;
	bar->space = -1;
	if (!bar->size || (n != 2 && n != 3))
		return;
	bar->space = (int8_t)(n - 2);
	bar->local = reg_get(card, remap[n - 2]) &
		     (bar->io ? PLX_LASBA_IO_REMAP_MASK : PLX_LASBA_REMAP_MASK);
}

static void descriptors_describe(struct dma_card *card, char *text,
				 size_t size)
{
	const char *format =
		card->dac ? "16 bytes, or 32 where data lies above 4 GiB"
		: card->family->dac ? "16 bytes: no dual-address cycles here"
				    : "16 bytes: the chip has no other";

	snprintf(text, size, "coherent memory below 4 GiB, because the chain "
		 "pointer has 32 bits; %s", format);
}

void dma_card_info(struct dma_card *card, struct plxdma_card_info *info)
{
	const struct transport_info *transport = &card->transport->info;
	unsigned int i;

	*info = (struct plxdma_card_info){
		.size = sizeof(*info),
		.chip = card->family->hidr,
		.revision = card->revision,
		.vendor_device = card->vendor_device,
		.subsystem = card->subsystem,
		.numa_node = transport->numa_node,
		.pin = (uint32_t)transport->pin,
		.iommu = (uint32_t)transport->iommu,
		.dac = (uint32_t)card->dac,
		.in_service = (uint32_t)dma_card_in_service(card),
		.arena_node = -1,
	};
	snprintf(info->chip_name, sizeof(info->chip_name), "%s",
		 family_name(card->family, card->subsystem));
	snprintf(info->transport, sizeof(info->transport), "%s",
		 transport->name);
	snprintf(info->name, sizeof(info->name), "%s", card->name);
	snprintf(info->pci, sizeof(info->pci), "%s",
		 transport->pci ? transport->pci : "");
	for (i = 0; i < PLXDMA_BARS; i++)
		bar_describe(card, i, &info->bars[i]);
	descriptors_describe(card, info->descriptors,
			     sizeof(info->descriptors));
}

static uint64_t count_get(atomic_ullong *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

unsigned int dma_card_resets(struct dma_card *card)
{
	return atomic_load(&card->resets);
}

void dma_card_counters(struct dma_card *card,
		       struct plxdma_counters *counters)
{
	struct channel_counts *counts;
	unsigned int n;

	*counters = (struct plxdma_counters){ .size = sizeof(*counters) };
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		counts = &card->channels[n].counts;
		counters->reg_reads += count_get(&counts->reg_reads);
		counters->reg_writes += count_get(&counts->reg_writes);
		counters->descriptors += count_get(&counts->descriptors);
		counters->bytes_to_host +=
			count_get(&counts->bytes[PLXDMA_TO_HOST]);
		counters->bytes_to_card +=
			count_get(&counts->bytes[PLXDMA_TO_CARD]);
		counters->transfers += count_get(&counts->transfers);
		counters->faults += count_get(&counts->faults);
	}
	card->transport->ops->counters(card->transport, counters);
}
