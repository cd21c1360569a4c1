// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the card reaches: the owner's own, pinned, and coherent blocks
 * below 4 GiB.
 *
 * The pin is what makes death safe: pages are given back only here, after the
 * card was brought to rest, whatever became of the process.  And because the
 * DMA API bounces silently (it answers with another memory's address, and
 * success), every granule is compared with where its page really is.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "card.h"

#define MAP_MAX (1ULL << 38)

static unsigned int coherent_limit = 256;
module_param(coherent_limit, uint, 0644);
MODULE_PARM_DESC(coherent_limit, "MiB of coherent memory that a card may have");

#ifdef PLX9054_TEST_UNSAFE
/* For tests that must fail; a normal build has none of this. */
static bool no_pin;
module_param(no_pin, bool, 0644);
static bool no_bounce_check;
module_param(no_bounce_check, bool, 0644);
#else
#define no_pin false
#define no_bounce_check false
#endif

struct map {
	struct list_head list;
	u32 handle;
	struct mm_struct *mm;	/* who pays; the process may be gone */
	struct page **pages;
	unsigned long count;
	bool pinned;
	struct sg_table table;
};

u32 handle_new(struct card *card)
{
	if (!++card->last_handle)
		++card->last_handle;
	return card->last_handle;
}

/* A kill leaves no current->mm to credit, so it is kept. */
static int map_charge(struct map *map)
{
	u64 limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;

	if (atomic64_add_return(map->count, &current->mm->pinned_vm) > limit &&
	    !capable(CAP_IPC_LOCK)) {
		atomic64_sub(map->count, &current->mm->pinned_vm);
		return -ENOMEM;
	}
	map->mm = current->mm;
	mmgrab(map->mm);
	return 0;
}

static void map_discharge(struct map *map)
{
	atomic64_sub(map->count, &map->mm->pinned_vm);
	mmdrop(map->mm);
}

static int map_pin(struct map *map, unsigned long address)
{
	unsigned long done = 0;

	while (done < map->count) {
		int rc = pin_user_pages_fast(address + done * PAGE_SIZE,
					     min(map->count - done, 1UL << 18),
					     FOLL_WRITE | FOLL_LONGTERM,
					     map->pages + done);

		if (rc <= 0) {
			unpin_user_pages(map->pages, done);
			return rc == -ENOMEM ? rc : -EFAULT;
		}
		done += rc;
	}
	map->pinned = true;
	return 0;
}

static void map_unpin(struct map *map)
{
	if (map->pinned)
		unpin_user_pages_dirty_lock(map->pages, map->count, true);
	map->pinned = false;
}

static bool map_contiguous(struct map *map, unsigned long granule)
{
	for (unsigned long i = 0; i < map->count; i++)
		if (i % granule &&
		    page_to_pfn(map->pages[i]) !=
		    page_to_pfn(map->pages[i - 1]) + 1)
			return false;
	return true;
}

/* Memory beyond the card's reach would be bounced, or be warned of. */
static bool map_reachable(struct card *card, struct map *map)
{
	u64 mask = dma_get_mask(&card->pdev->dev);

	if (card->translated)
		return true;
	for (unsigned long i = 0; i < map->count; i++)
		if (page_to_phys(map->pages[i]) + PAGE_SIZE - 1 > mask)
			return false;
	return true;
}

static bool map_direct(struct card *card, struct map *map, u64 granule)
{
	struct iommu_domain *domain =
		iommu_get_domain_for_dev(&card->pdev->dev);
	struct scatterlist *sg;
	u64 at = 0;
	int i;

	for_each_sgtable_dma_sg(&map->table, sg, i) {
		u64 end = at + sg_dma_len(sg);

		for (u64 pos = round_up(at, granule); pos < end;
		     pos += granule) {
			dma_addr_t bus = sg_dma_address(sg) + (pos - at);
			phys_addr_t phys = card->translated ?
				iommu_iova_to_phys(domain, bus) : bus;

			if (phys != page_to_phys(map->pages[pos >> PAGE_SHIFT]))
				return false;
		}
		at = end;
	}
	return true;
}

static int map_bus(struct card *card, struct map *map, u64 granule)
{
	struct device *dev = &card->pdev->dev;
	/* Only what is small is bounced. */
	unsigned int segment = no_bounce_check ? SZ_64K : UINT_MAX & PAGE_MASK;
	int rc;

	if (!no_bounce_check && !map_reachable(card, map))
		return -EACCES;
	rc = sg_alloc_table_from_pages_segment(&map->table, map->pages,
					       map->count, 0,
					       map->count << PAGE_SHIFT,
					       segment, GFP_KERNEL);
	if (rc)
		return rc;
	rc = dma_map_sgtable(dev, &map->table, DMA_BIDIRECTIONAL, 0);
	if (rc) {
		rc = dma_max_mapping_size(dev) < granule ? -EACCES : -ENOMEM;
		goto out_free;
	}
	if (no_bounce_check || map_direct(card, map, granule))
		return 0;
	rc = -EACCES;
	dma_unmap_sgtable(dev, &map->table, DMA_BIDIRECTIONAL, 0);
out_free:
	sg_free_table(&map->table);
	return rc;
}

static int run_answer(struct plx9054_map *arg, u32 *count, u64 bus, u64 length)
{
	struct plx9054_run run = { .bus = bus, .length = length };
	struct plx9054_run __user *runs = u64_to_user_ptr(arg->runs);

	if (!length)
		return 0;
	if (length & (arg->granule - 1))
		return -ERANGE;
	if (*count < arg->run_count &&
	    copy_to_user(runs + *count, &run, sizeof(run)))
		return -EFAULT;
	++*count;
	return 0;
}

static int runs_answer(struct map *map, struct plx9054_map *arg)
{
	u64 bus = 0, length = 0;
	struct scatterlist *sg;
	u32 count = 0;
	int i, rc = 0;

	for_each_sgtable_dma_sg(&map->table, sg, i) {
		if (length && sg_dma_address(sg) == bus + length) {
			length += sg_dma_len(sg);
			continue;
		}
		rc = run_answer(arg, &count, bus, length);
		if (rc)
			return rc;
		bus = sg_dma_address(sg);
		length = sg_dma_len(sg);
	}
	rc = run_answer(arg, &count, bus, length);
	if (!rc && count > arg->run_count)
		rc = -ENOSPC;
	arg->run_count = count;
	return rc;
}

static void map_free(struct card *card, struct map *map)
{
	dma_unmap_sgtable(&card->pdev->dev, &map->table, DMA_BIDIRECTIONAL, 0);
	sg_free_table(&map->table);
	map_unpin(map);
	map_discharge(map);
	kvfree(map->pages);
	kfree(map);
}

static bool map_valid(const struct plx9054_map *arg)
{
	return !arg->reserved && arg->length && arg->length <= MAP_MAX &&
	       arg->address + arg->length > arg->address &&
	       is_power_of_2(arg->granule) && arg->granule >= PAGE_SIZE &&
	       !((arg->address | arg->length) & (arg->granule - 1));
}

int memory_map(struct card *card, struct plx9054_map *arg)
{
	struct map *map;
	int rc;

	if (!map_valid(arg))
		return -EINVAL;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	map->count = arg->length >> PAGE_SHIFT;
	rc = map_charge(map);
	if (rc)
		goto out_free;
	rc = -ENOMEM;
	map->pages = kvmalloc_array(map->count, sizeof(*map->pages),
				    GFP_KERNEL);
	if (!map->pages)
		goto out_discharge;
	rc = map_pin(map, arg->address);
	if (rc)
		goto out_discharge;
	rc = -ERANGE;
	if (!map_contiguous(map, arg->granule >> PAGE_SHIFT))
		goto out_unpin;
	rc = map_bus(card, map, arg->granule);
	if (rc)
		goto out_unpin;
	if (no_pin)
		map_unpin(map);
	rc = runs_answer(map, arg);
	if (rc) {
		map_free(card, map);
		return rc;
	}
	map->handle = arg->handle = handle_new(card);
	list_add(&map->list, &card->maps);
	card->pinned += arg->length;
	return 0;

out_unpin:
	map_unpin(map);
out_discharge:
	map_discharge(map);
	kvfree(map->pages);
out_free:
	kfree(map);
	return rc;
}

int memory_unmap(struct card *card, struct plx9054_handle *arg)
{
	struct map *map;

	list_for_each_entry(map, &card->maps, list) {
		if (map->handle != arg->handle)
			continue;
		if (card_stuck(card) && !channels_done(card))
			return -EBUSY;
		card->pinned -= (u64)map->count << PAGE_SHIFT;
		list_del(&map->list);
		map_free(card, map);
		return 0;
	}
	return -ENOENT;
}

struct block *block_find(struct card *card, u32 handle)
{
	struct block *block;

	list_for_each_entry(block, &card->blocks, list)
		if (block->handle == handle)
			return block;
	return NULL;
}

static void block_free(struct card *card, struct block *block)
{
	dma_free_coherent(&card->pdev->dev, block->size, block->cpu,
			  block->bus);
	kfree(block);
}

int memory_coherent(struct card *card, struct plx9054_coherent *arg)
{
	u64 limit = (u64)coherent_limit << 20;
	struct block *block;
	int rc = -ENOMEM;

	if (!arg->length || arg->length & ~PAGE_MASK)
		return -EINVAL;
	if (arg->length > limit || card->coherent > limit - arg->length)
		return -EDQUOT;
	block = kzalloc(sizeof(*block), GFP_KERNEL);
	if (!block)
		return -ENOMEM;
	block->size = arg->length;
	block->cpu = dma_alloc_coherent(&card->pdev->dev, block->size,
					&block->bus,
					GFP_KERNEL | __GFP_NOWARN);
	if (!block->cpu)
		goto out_free;
	rc = view_of_block(card, block, &arg->offset);
	if (rc)
		goto out_memory;
	block->handle = arg->handle = handle_new(card);
	arg->bus = block->bus;
	list_add(&block->list, &card->blocks);
	card->coherent += block->size;
	return 0;

out_memory:
	dma_free_coherent(&card->pdev->dev, block->size, block->cpu,
			  block->bus);
out_free:
	kfree(block);
	return rc;
}

int memory_coherent_free(struct card *card, struct plx9054_handle *arg)
{
	struct block *block = block_find(card, arg->handle);

	if (!block)
		return -ENOENT;
	if (card_stuck(card) && !channels_done(card))
		return -EBUSY;
	views_revoke(card, block);
	card->coherent -= block->size;
	list_del(&block->list);
	block_free(card, block);
	return 0;
}

static void lists_free(struct card *card, struct list_head *maps,
		       struct list_head *blocks)
{
	struct block *block, *next_block;
	struct map *map, *next_map;

	list_for_each_entry_safe(map, next_map, maps, list)
		map_free(card, map);
	list_for_each_entry_safe(block, next_block, blocks, list)
		block_free(card, block);
	INIT_LIST_HEAD(maps);
	INIT_LIST_HEAD(blocks);
}

/* The owner is gone.  What a channel may still write to is kept. */
void memory_release(struct card *card, bool safe)
{
	if (safe) {
		lists_free(card, &card->maps, &card->blocks);
	} else if (card->pinned + card->coherent) {
		list_splice_init(&card->maps, &card->kept_maps);
		list_splice_init(&card->blocks, &card->kept_blocks);
		card->quarantined += card->pinned + card->coherent;
		dev_err(&card->pdev->dev,
			"a channel doesn't end: %llu bytes stay pinned, bus mastering stays off\n",
			card->quarantined);
	}
	card->pinned = card->coherent = 0;
}

void quarantine_release(struct card *card)
{
	lists_free(card, &card->kept_maps, &card->kept_blocks);
	card->quarantined = 0;
}
