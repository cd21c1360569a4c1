// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of the owner's own that the card reaches.
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

#include "card.h"

#define MAP_MAX (1ULL << 38)

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

/* A kill leaves no current->mm to credit, so it is kept. */
static int map_charge(struct holding *map)
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

static int map_pin(struct holding *map, unsigned long address)
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

static void map_unpin(struct holding *map)
{
	if (map->pinned)
		unpin_user_pages_dirty_lock(map->pages, map->count, true);
	map->pinned = false;
}

static bool map_contiguous(struct holding *map, unsigned long granule)
{
	for (unsigned long i = 0; i < map->count; i++)
		if (i % granule &&
		    page_to_pfn(map->pages[i]) !=
		    page_to_pfn(map->pages[i - 1]) + 1)
			return false;
	return true;
}

/* Memory beyond the card's reach would be bounced, or be warned of. */
static bool map_reachable(struct card *card, struct holding *map)
{
	u64 mask = dma_get_mask(&card->pdev->dev);

	if (card->translated)
		return true;
	for (unsigned long i = 0; i < map->count; i++)
		if (page_to_phys(map->pages[i]) + PAGE_SIZE - 1 > mask)
			return false;
	return true;
}

static bool map_direct(struct card *card, struct holding *map, u64 granule)
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

static int map_bus(struct card *card, struct holding *map, u64 granule)
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
		sg_free_table(&map->table);
		return dma_max_mapping_size(dev) < granule ? -EACCES : -ENOMEM;
	}
	return no_bounce_check || map_direct(card, map, granule) ? 0 : -EACCES;
}

static int run_answer(struct plx9054_map *arg, u32 *count, u64 bus, u64 length)
{
	struct plx9054_run run = { .bus = bus, .length = length };
	struct plx9054_run __user *runs = u64_to_user_ptr(arg->runs);

	if (!length)
		return 0;
	if (*count < arg->run_count &&
	    copy_to_user(runs + *count, &run, sizeof(run)))
		return -EFAULT;
	++*count;
	return 0;
}

static int runs_answer(struct holding *map, struct plx9054_map *arg)
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

/* However much of it was made. */
void map_free(struct card *card, struct holding *map)
{
	if (map->table.sgl) {
		dma_unmap_sgtable(&card->pdev->dev, &map->table,
				  DMA_BIDIRECTIONAL, 0);
		sg_free_table(&map->table);
	}
	map_unpin(map);
	if (map->mm) {
		atomic64_sub(map->count, &map->mm->pinned_vm);
		mmdrop(map->mm);
	}
	kvfree(map->pages);
}

static bool map_valid(const struct plx9054_map *arg)
{
	return !arg->reserved && arg->length && arg->length <= MAP_MAX &&
	       arg->address + arg->length > arg->address &&
	       is_power_of_2(arg->granule) && arg->granule >= PAGE_SIZE &&
	       !((arg->address | arg->length) & (arg->granule - 1));
}

static int map_make(struct card *card, struct holding *map,
		    struct plx9054_map *arg)
{
	int rc = map_charge(map);

	if (rc)
		return rc;
	map->pages = kvmalloc_array(map->count, sizeof(*map->pages),
				    GFP_KERNEL);
	if (!map->pages)
		return -ENOMEM;
	rc = map_pin(map, arg->address);
	if (rc)
		return rc;
	if (!map_contiguous(map, arg->granule >> PAGE_SHIFT))
		return -ERANGE;
	rc = map_bus(card, map, arg->granule);
	if (rc)
		return rc;
	if (no_pin)
		map_unpin(map);
	return runs_answer(map, arg);
}

int owner_map(struct card *card, void *data)
{
	struct plx9054_map *arg = data;
	struct holding *map;
	int rc;

	if (!map_valid(arg))
		return -EINVAL;
	map = holding_new(card, MAP, arg->length);
	if (!map)
		return -ENOMEM;
	map->count = arg->length >> PAGE_SHIFT;
	rc = map_make(card, map, arg);
	if (rc) {
		holding_free(card, map);
		return rc;
	}
	arg->handle = holding_add(card, map);
	return 0;
}
