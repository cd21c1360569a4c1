/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which bus addresses lead a card on the stub to memory.
 *
 * The stub pins an arena's pages and maps them by the kernel's DMA API, page
 * by page of the arena's own size; what it answers is compared with the frames
 * that pagemap shows, where nothing translates and they can be seen.  Frames
 * stand in for it only where the user said `unpinned`: their owner's death
 * then frees them while the card may still write.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem/arena.h"
#include "transport/uio_transport.h"

struct uio_map {
	struct uio_map *next;
	const uint64_t *bus;	/* by which its owner knows it */
	uint32_t handle;	/* 0: the stub doesn't have it */
	int over;		/* unmapped, but for the stub */
};

struct uio_coherent {
	struct uio_coherent *next;
	void *cpu;
	uint32_t handle;
};

static void runs_expand(const struct plx9054_run *runs, uint32_t count,
			const struct arena *arena, uint64_t *bus)
{
	size_t page = 0;
	uint64_t at;
	uint32_t i;

	for (i = 0; i < count; i++)
		for (at = 0; at < runs[i].length && page < arena->pages;
		     at += arena->page_size)
			bus[page++] = runs[i].bus + at;
}

static int map_failure(const struct uio_card *card, const struct arena *arena,
		       int code, struct error *error)
{
	switch (code) {
	case -EACCES:
		return error_set(error, code, "uio:%s: the kernel would copy "
				 "this arena through bounce buffers (swiotlb): "
				 "%s", card->address,
				 card->info.flags & PLX9054_DAC
					 ? "boot without swiotlb=force, or "
					   "with intel_iommu=on or amd_iommu=on"
					 : "its pages lie above 4 GiB, which "
					   "chip or path don't reach; boot "
					   "with intel_iommu=on or "
					   "amd_iommu=on, or reserve its "
					   "hugepages below");
	case -ENOMEM:
		return error_set(error, code, "uio:%s: %zu KiB can't be "
				 "pinned: RLIMIT_MEMLOCK (ulimit -l %zu, "
				 "LimitMEMLOCK= in a unit, "
				 "/etc/security/limits.d), or the machine's "
				 "memory is used up", card->address,
				 arena->size >> 10, arena->size >> 10);
	case -ERANGE:
		return error_set(error, code, "uio:%s: a page of the arena "
				 "isn't contiguous on the bus: boot with "
				 "iommu=pt", card->address);
	case -ENODEV:
		return error_set(error, code, "uio:%s: the card is gone",
				 card->address);
	default:
		return error_set(error, code, "uio:%s: the arena can't be "
				 "mapped for the card: %s; the kernel's log "
				 "may tell more (dmesg)", card->address,
				 strerror(-code));
	}
}

/* 0, with a handle of the stub's. */
static int stub_map(struct uio_card *card, const struct arena *arena,
		    uint64_t *bus, uint32_t *handle, struct error *error)
{
	struct plx9054_run *runs = calloc(arena->pages, sizeof(*runs));
	struct plx9054_map map = {
		.size = sizeof(map),
		.address = (uintptr_t)arena->base,
		.length = arena->size,
		.granule = arena->page_size,
		.runs = (uintptr_t)runs,
		.run_count = (uint32_t)arena->pages,
	};
	int result;

	if (!runs)
		return error_set(error, -ENOMEM, "uio:%s: out of memory",
				 card->address);
	result = uio_ioctl(card, PLX9054_MAP, &map);
	if (result) {
		result = map_failure(card, arena, result, error);
	} else {
		runs_expand(runs, map.run_count, arena, bus);
		*handle = map.handle;
	}
	free(runs);
	return result;
}

static int stub_unmap(struct uio_card *card, uint32_t handle)
{
	struct plx9054_handle argument = {
		.size = sizeof(argument),
		.handle = handle,
	};

	return uio_ioctl(card, PLX9054_FREE, &argument);
}

/* Frames and bus addresses are the same where nothing translates. */
static int frames_compare(const struct uio_card *card,
			  const struct arena *arena, const uint64_t *bus,
			  struct error *error)
{
	size_t page;

	if (card->transport.info.iommu || !arena->frames_known)
		return 0;
	for (page = 0; page < arena->pages; page++)
		if (arena->frames[page] && arena->frames[page] != bus[page])
			return error_set(error, -EIO, "uio:%s: page %zu of the "
					 "arena lies at %#llx, but the kernel "
					 "gave the card %#llx: it moved "
					 "meanwhile, or something translates; "
					 "try again, boot with iommu=pt",
					 card->address, page,
					 (unsigned long long)
						 arena->frames[page],
					 (unsigned long long)bus[page]);
	return 0;
}

/* What `unpinned` allows: frames as addresses. */
static int frames_stand_in(struct uio_card *card, const struct arena *arena,
			   uint64_t *bus)
{
	size_t page;

	if (!card->transport.info.unpinned || card->transport.info.iommu ||
	    !arena->frames_known)
		return 0;
	for (page = 0; page < arena->pages; page++) {
		if (!arena->frames[page])
			return 0;
		bus[page] = arena->frames[page];
	}
	card->transport.info.pin = PLXDMA_PIN_NONE;
	card->transport.info.by_frame = 1;
	return 1;
}

/* With the lock held: what the stub wouldn't let go at its time. */
static void late_unmap(struct uio_card *card)
{
	struct uio_map **link = &card->maps, *map;

	while ((map = *link)) {
		if (!map->over ||
		    (map->handle &&
		     stub_unmap(card, map->handle) == -EBUSY)) {
			link = &map->next;
			continue;
		}
		*link = map->next;
		free(map);
	}
}

static void map_keep(struct uio_card *card, struct uio_map *map)
{
	pthread_mutex_lock(&card->lock);
	late_unmap(card);
	map->next = card->maps;
	card->maps = map;
	pthread_mutex_unlock(&card->lock);
}

int uio_memory_map(struct transport *transport, const struct arena *arena,
		   uint64_t *bus, struct error *error)
{
	struct uio_card *card = uio_card_of(transport);
	struct uio_map *map;
	int result;

	if (arena->release)
		return uio_below_map(card, arena, bus, error);
	map = calloc(1, sizeof(*map));
	if (!map)
		return error_set(error, -ENOMEM, "uio:%s: out of memory",
				 card->address);
	map->bus = bus;
	result = stub_map(card, arena, bus, &map->handle, error);
	if (!result)
		result = frames_compare(card, arena, bus, error);
	else if (frames_stand_in(card, arena, bus))
		result = 0;
	if (result)
		goto out_unmap;
	map_keep(card, map);
	return 0;

out_unmap:
	if (map->handle)
		(void)stub_unmap(card, map->handle);
	free(map);
	return result;
}

void uio_memory_unmap(struct transport *transport, const struct arena *arena,
		      const uint64_t *bus)
{
	struct uio_card *card = uio_card_of(transport);
	struct uio_map *map;

	(void)arena;
	pthread_mutex_lock(&card->lock);
	for (map = card->maps; map; map = map->next)
		if (map->bus == bus && !map->over)
			break;
	if (map) {
		map->over = 1;
		map->bus = NULL;
	}
	late_unmap(card);
	pthread_mutex_unlock(&card->lock);
}

static size_t whole_pages(size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) & ~(page - 1);
}

static void block_free(struct uio_card *card, uint32_t handle)
{
	struct plx9054_handle argument = {
		.size = sizeof(argument),
		.handle = handle,
	};

	/* What the stub keeps goes when the file is closed. */
	(void)uio_ioctl(card, PLX9054_FREE, &argument);
}

static int block_map(struct uio_card *card, size_t size,
		     const struct plx9054_coherent *got, void **cpu)
{
	struct uio_coherent *block = calloc(1, sizeof(*block));

	if (!block)
		return -ENOMEM;
	*cpu = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, card->fd,
		    (off_t)got->offset);
	if (*cpu == MAP_FAILED) {
		free(block);
		return -errno;
	}
	(void)madvise(*cpu, size, MADV_DONTFORK);
	block->cpu = *cpu;
	block->handle = got->handle;
	pthread_mutex_lock(&card->lock);
	block->next = card->coherent;
	card->coherent = block;
	pthread_mutex_unlock(&card->lock);
	return 0;
}

int uio_coherent_alloc(struct transport *transport, size_t size, void **cpu,
		       uint64_t *bus, struct error *error)
{
	struct uio_card *card = uio_card_of(transport);
	struct plx9054_coherent got = { .size = sizeof(got) };
	int result;

	size = whole_pages(size);
	got.length = size;
	result = uio_ioctl(card, PLX9054_COHERENT, &got);
	if (!result) {
		result = block_map(card, size, &got, cpu);
		if (result)
			block_free(card, got.handle);
	}
	if (result)
		return error_set(error, result, "uio:%s: no %zu KiB of memory "
				 "below 4 GiB for descriptors: %s%s",
				 card->address, size >> 10, strerror(-result),
				 result == -EDQUOT
					 ? "; raise the module's "
					   "coherent_limit"
					 : "");
	*bus = got.bus;
	return 0;
}

void uio_coherent_free(struct transport *transport, size_t size, void *cpu,
		       uint64_t bus)
{
	struct uio_card *card = uio_card_of(transport);
	struct uio_coherent **link, *block;

	(void)bus;
	pthread_mutex_lock(&card->lock);
	link = &card->coherent;
	while (*link && (*link)->cpu != cpu)
		link = &(*link)->next;
	block = *link;
	if (block)
		*link = block->next;
	pthread_mutex_unlock(&card->lock);
	munmap(cpu, whole_pages(size));
	if (block)
		block_free(card, block->handle);
	free(block);
}

void uio_memory_end(struct uio_card *card)
{
	struct uio_map *map;
	struct uio_coherent *block;

	while ((map = card->maps)) {
		card->maps = map->next;
		free(map);
	}
	while ((block = card->coherent)) {
		card->coherent = block->next;
		free(block);
	}
}
