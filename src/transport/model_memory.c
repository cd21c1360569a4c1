/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which bus addresses lead the software card to memory.
 *
 * With the model's IOMMU an arena is one mapping, as it is with VFIO: it hands
 * out contiguous bus addresses, so a linear arena is one run however its
 * frames lie.  Without, the bus addresses are the true frames, each stretch of
 * adjacent ones a mapping.
 *
 * Descriptors need bus addresses below 4 GiB.  Without an IOMMU these are
 * invented, since their memory has no frames that anybody asked for: they are
 * taken from the top 256 MiB below 4 GiB, where a PC has its bridges' windows,
 * interrupt controllers and flash and never RAM.  No arena's frame can lie
 * there, and one that does is refused rather than mixed up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mem/arena.h"
#include "transport/model_transport.h"

#define HOLE_BEGIN UINT64_C(0xf0000000)
#define HOLE_END   UINT64_C(0x100000000)
#define PAGE	   UINT64_C(4096)

struct coherent_block {
	struct coherent_block *next;
	uint64_t bus;
	uint64_t size;
};

static int frames_check(const struct arena *arena, struct error *error)
{
	size_t page;

	if (!arena->frames_known)
		return error_set(error, -EPERM,
				 "model: iommu=off needs the frames of the "
				 "arena, and /proc/self/pagemap doesn't tell: "
				 "run as root, or open the card with iommu=on");
	for (page = 0; page < arena->pages; page++) {
		uint64_t frame = arena->frames[page];

		if (!frame)
			return error_set(error, -ENODATA,
					 "model: page %zu of the arena has no "
					 "known frame: open the card with "
					 "iommu=on",
					 page);
		if (frame < HOLE_END && frame + arena->page_size > HOLE_BEGIN)
			return error_set(error, -EADDRINUSE,
					 "model: the arena's frame %#llx lies "
					 "where the card's descriptors are: "
					 "open the card with iommu=on",
					 (unsigned long long)frame);
	}
	return 0;
}

/* Pages from first on that are adjacent on the bus. */
static size_t run_pages(const struct arena *arena, const uint64_t *bus,
			size_t first)
{
	size_t n = 1;

	while (first + n < arena->pages &&
	       bus[first + n] == bus[first] + n * arena->page_size)
		n++;
	return n;
}

static void frames_unmap(struct model *model, const struct arena *arena,
			 const uint64_t *bus, size_t end)
{
	size_t first, n;

	for (first = 0; first < end; first += n) {
		n = run_pages(arena, bus, first);
		model_unmap(model, bus[first], n * arena->page_size);
	}
}

static int frames_map(struct model *model, const struct arena *arena,
		      const uint64_t *bus, struct error *error)
{
	size_t first, n;
	int result;

	for (first = 0; first < arena->pages; first += n) {
		n = run_pages(arena, bus, first);
		result = model_map(model, bus[first],
				   arena->base + first * arena->page_size,
				   n * arena->page_size,
				   MODEL_READ | MODEL_WRITE);
		if (result) {
			frames_unmap(model, arena, bus, first);
			return error_set(error, result,
					 "model: can't map frame %#llx: %s",
					 (unsigned long long)bus[first],
					 strerror(-result));
		}
	}
	return 0;
}

static int iommu_map(struct model *model, const struct arena *arena,
		     uint64_t *bus, struct error *error)
{
	uint64_t base;
	size_t page;
	int result;

	result = model_iommu_map(model, arena->base, arena->size,
				 MODEL_READ | MODEL_WRITE, 0, &base);
	if (result)
		return error_set(error, result,
				 "model: its IOMMU can't map %zu bytes: %s",
				 arena->size, strerror(-result));
	for (page = 0; page < arena->pages; page++)
		bus[page] = base + page * arena->page_size;
	return 0;
}

int model_memory_map(struct transport *transport, const struct arena *arena,
		     uint64_t *bus, struct error *error)
{
	struct model *model = model_transport_of(transport)->model;
	int result;

	if (transport->info.iommu)
		return iommu_map(model, arena, bus, error);
	result = frames_check(arena, error);
	if (result)
		return result;
	memcpy(bus, arena->frames, arena->pages * sizeof(*bus));
	return frames_map(model, arena, bus, error);
}

void model_memory_unmap(struct transport *transport, const struct arena *arena,
			const uint64_t *bus)
{
	struct model *model = model_transport_of(transport)->model;

	frames_unmap(model, arena, bus, arena->pages);
}

/* First stretch of the hole that nobody has, or 0. */
static uint64_t hole_take(struct model_transport *card, uint64_t size)
{
	struct coherent_block **link = &card->coherent, *block;
	uint64_t bus = HOLE_BEGIN;

	for (; *link && (*link)->bus - bus < size; link = &(*link)->next)
		bus = (*link)->bus + (*link)->size;
	if (HOLE_END - bus < size)
		return 0;
	block = malloc(sizeof(*block));
	if (!block)
		return 0;
	*block = (struct coherent_block){*link, bus, size};
	*link = block;
	return bus;
}

static void hole_give(struct model_transport *card, uint64_t bus)
{
	struct coherent_block **link = &card->coherent, *block;

	while (*link && (*link)->bus != bus)
		link = &(*link)->next;
	block = *link;
	if (!block)
		return;
	*link = block->next;
	free(block);
}

static int hole_map(struct model_transport *card, void *cpu, size_t size,
		    uint64_t *bus)
{
	int result;

	*bus = hole_take(card, size);
	if (!*bus)
		return -ENOMEM;
	result = model_map(card->model, *bus, cpu, size,
			   MODEL_READ | MODEL_WRITE);
	if (result)
		hole_give(card, *bus);
	return result;
}

static size_t whole_pages(size_t size)
{
	return (size + PAGE - 1) & ~(PAGE - 1);
}

int model_memory_coherent_alloc(struct transport *transport, size_t size,
				void **cpu, uint64_t *bus, struct error *error)
{
	struct model_transport *card = model_transport_of(transport);
	int result;

	size = whole_pages(size);
	*cpu = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*cpu == MAP_FAILED)
		return error_set(error, -errno,
				 "model: no memory for %zu bytes of "
				 "descriptors: %s",
				 size, strerror(errno));
	pthread_mutex_lock(&card->coherent_lock);
	if (transport->info.iommu)
		result = model_iommu_map(card->model, *cpu, size,
					 MODEL_READ | MODEL_WRITE, 1, bus);
	else
		result = hole_map(card, *cpu, size, bus);
	pthread_mutex_unlock(&card->coherent_lock);
	if (result) {
		munmap(*cpu, size);
		return error_set(error, result,
				 "model: no %zu bytes of bus addresses below "
				 "4 GiB for descriptors: %s",
				 size, strerror(-result));
	}
	return 0;
}

void model_memory_coherent_free(struct transport *transport, size_t size,
				void *cpu, uint64_t bus)
{
	struct model_transport *card = model_transport_of(transport);

	size = whole_pages(size);
	pthread_mutex_lock(&card->coherent_lock);
	model_unmap(card->model, bus, size);
	hole_give(card, bus);
	pthread_mutex_unlock(&card->coherent_lock);
	munmap(cpu, size);
}
