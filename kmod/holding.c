// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an owner holds of a card, each under a handle: memory of his own that
 * is mapped (memory.c), coherent blocks, windows.  The card's BARs are the
 * first of them, and stay.
 *
 * There is one list and one way out of it, so whatever ends a holding (the
 * owner's word, his death, the card's) does the same: no new mapping, no old
 * one, then the memory.  What a channel may still write to is kept instead.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "card.h"

static unsigned int coherent_limit = 256;
module_param(coherent_limit, uint, 0644);
MODULE_PARM_DESC(coherent_limit, "MiB of coherent memory that a card may have");

/* It is in no list yet.  Offsets for mmap() are never used twice. */
struct holding *holding_new(struct card *card, enum kind kind, u64 size)
{
	struct holding *holding = kzalloc(sizeof(*holding),
					  GFP_KERNEL_ACCOUNT);

	if (!holding)
		return NULL;
	INIT_LIST_HEAD(&holding->list);
	holding->kind = kind;
	holding->size = size;
	holding->handle = ++card->last_handle;
	if (kind != MAP) {
		holding->offset = card->next_offset;
		card->next_offset += size;
	}
	return holding;
}

/* At the head: windows come before what they show. */
u32 holding_add(struct card *card, struct holding *holding)
{
	down_write(&card->views_lock);
	list_add(&holding->list, &card->holdings);
	up_write(&card->views_lock);
	return holding->handle;
}

static void holding_move(struct card *card, struct holding *holding,
			 struct list_head *list)
{
	down_write(&card->views_lock);
	list_move(&holding->list, list);
	up_write(&card->views_lock);
	if (card->inode && holding->kind != MAP)
		unmap_mapping_range(card->inode->i_mapping, holding->offset,
				    holding->size, 1);
}

/* Wherever it is, and however much of it was made. */
void holding_free(struct card *card, struct holding *holding)
{
	LIST_HEAD(last);

	holding_move(card, holding, &last);
	if (holding->kind == MAP)
		map_free(card, holding);
	if (holding->cpu)
		dma_free_coherent(&card->pdev->dev, holding->size,
				  holding->cpu, holding->bus);
	kfree(holding);
}

struct holding *holding_find(struct card *card, u32 handle)
{
	struct holding *holding;

	list_for_each_entry(holding, &card->holdings, list)
		if (holding->handle == handle && holding->kind != BAR)
			return holding;
	return NULL;
}

u64 holdings_size(const struct list_head *holdings, enum kind kind)
{
	struct holding *holding;
	u64 size = 0;

	list_for_each_entry(holding, holdings, list)
		if (holding->kind == kind)
			size += holding->size;
	return size;
}

int owner_free(struct card *card, void *data)
{
	struct plx9054_handle *arg = data;
	struct holding *holding = holding_find(card, arg->handle);
	struct holding *window, *next;

	if (!holding)
		return -ENOENT;
	if (holding->kind != WINDOW && card_stuck(card) && !channels_done(card))
		return -EBUSY;
	list_for_each_entry_safe(window, next, &card->holdings, list)
		if (window->shows == holding)
			holding_free(card, window);
	holding_free(card, holding);
	return 0;
}

int owner_coherent(struct card *card, void *data)
{
	u64 have = holdings_size(&card->holdings, BLOCK);
	u64 limit = (u64)coherent_limit << 20;
	struct plx9054_coherent *arg = data;
	struct holding *block;

	if (!arg->length || arg->length & ~PAGE_MASK)
		return -EINVAL;
	if (arg->length > limit || have > limit - arg->length)
		return -EDQUOT;
	block = holding_new(card, BLOCK, arg->length);
	if (!block)
		return -ENOMEM;
	block->cpu = dma_alloc_coherent(&card->pdev->dev, block->size,
					&block->bus,
					GFP_KERNEL | __GFP_NOWARN);
	if (!block->cpu) {
		holding_free(card, block);
		return -ENOMEM;
	}
	arg->bus = block->bus;
	arg->offset = block->offset;
	arg->handle = holding_add(card, block);
	return 0;
}

/* The owner's BARs, at PLX9054_MMAP_BAR(). */
int holdings_begin(struct card *card)
{
	for (unsigned int i = 0; i < PLX9054_BARS; i++) {
		phys_addr_t start = pci_resource_start(card->pdev, i);
		u64 size = pci_resource_len(card->pdev, i);
		struct holding *bar;

		card->next_offset = PLX9054_MMAP_BAR(i);
		if (!size ||
		    !(pci_resource_flags(card->pdev, i) & IORESOURCE_MEM))
			continue;
		size = PAGE_ALIGN(offset_in_page(start) + size);
		bar = holding_new(card, BAR, size);
		if (!bar)
			return -ENOMEM;
		bar->bar = start & PAGE_MASK;
		holding_add(card, bar);
	}
	card->next_offset = PLX9054_MMAP_BAR(PLX9054_BARS);
	return 0;
}

u64 card_quarantined(struct card *card)
{
	return holdings_size(&card->kept, MAP) +
	       holdings_size(&card->kept, BLOCK);
}

/* The owner is gone.  What a channel may still write to is kept. */
void holdings_release(struct card *card, bool safe)
{
	struct holding *holding, *next;

	list_for_each_entry_safe(holding, next, &card->holdings, list) {
		if (holding->kind == BAR)
			continue;
		if (safe || holding->kind == WINDOW)
			holding_free(card, holding);
		else
			holding_move(card, holding, &card->kept);
	}
	if (!list_empty(&card->kept))
		dev_err(&card->pdev->dev,
			"a channel doesn't end: %llu bytes stay pinned, bus mastering stays off\n",
			card_quarantined(card));
}

void quarantine_release(struct card *card)
{
	struct holding *holding, *next;

	list_for_each_entry_safe(holding, next, &card->kept, list)
		holding_free(card, holding);
}

void holdings_end(struct card *card)
{
	struct holding *holding, *next;

	list_for_each_entry_safe(holding, next, &card->holdings, list)
		kfree(holding);
}
