/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena below 4 GiB, of the stub's coherent blocks.
 *
 * Run-time hugepages lie above 4 GiB wherever there is memory there, and a
 * chip or path without dual-address cycles doesn't reach them.  Where no IOMMU
 * translates, the kernel's coherent memory is what such a card can have.  Its
 * blocks are at most 4 MiB, the page allocator's largest; they are mapped in
 * the order of their addresses, so that neighbours become one run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mem/arena.h"
#include "transport/uio_transport.h"

#define BLOCK_MAX ((size_t)4 << 20)
#define BLOCK_MIN ((size_t)64 << 10)

struct below {
	struct arena arena;	/* first: what its users have */
	struct uio_card *card;
	size_t count;		/* of blocks that are there */
	struct plx9054_coherent blocks[];
};

static void blocks_free(struct below *below)
{
	while (below->count) {
		struct plx9054_handle argument = {
			.size = sizeof(argument),
			.handle = below->blocks[--below->count].handle,
		};

		(void)uio_ioctl(below->card, PLX9054_FREE, &argument);
	}
}

static void below_release(struct arena *arena)
{
	struct below *below = (struct below *)arena;

	if (arena->base)
		munmap(arena->base, arena->size);
	blocks_free(below);
	free(arena->frames);
	free(arena->quarantine);
	free(below);
}

static int by_address(const void *a, const void *b)
{
	const struct plx9054_coherent *one = a, *other = b;

	return one->bus < other->bus ? -1 : one->bus > other->bus;
}

static int blocks_alloc(struct below *below)
{
	struct plx9054_coherent *block;
	int result;

	while (below->count < below->arena.pages) {
		block = &below->blocks[below->count];
		*block = (struct plx9054_coherent){
			.size = sizeof(*block),
			.length = below->arena.page_size,
		};
		result = uio_ioctl(below->card, PLX9054_COHERENT, block);
		if (result)
			return result;
		below->count++;
	}
	qsort(below->blocks, below->count, sizeof(*block), by_address);
	return 0;
}

static int blocks_map(struct below *below)
{
	struct arena *arena = &below->arena;
	void *base, *at;
	size_t page;

	base = mmap(NULL, arena->size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	arena->base = base;
	for (page = 0; page < arena->pages; page++) {
		at = mmap(arena->base + page * arena->page_size,
			  arena->page_size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_FIXED, below->card->fd,
			  (off_t)below->blocks[page].offset);
		if (at == MAP_FAILED)
			return -errno;
		arena->frames[page] = below->blocks[page].bus;
	}
	(void)madvise(base, arena->size, MADV_DONTFORK);
	return 0;
}

static int below_try(struct uio_card *card, size_t size, size_t block,
		     struct arena **made)
{
	const size_t count = (size - 1) / block + 1;
	struct below *below;
	int result;

	below = calloc(1, sizeof(*below) + count * sizeof(below->blocks[0]));
	if (!below)
		return -ENOMEM;
	below->card = card;
	below->arena = (struct arena){
		.size = count * block,
		.page_size = block,
		.page_shift = (unsigned int)__builtin_ctzl(block),
		.pages = count,
		.fd = -1,
		.node = card->info.numa_node,
		.pin = PLXDMA_PIN_OWNER,
		.frames_known = 1,
		.frames = calloc(count, sizeof(uint64_t)),
		.quarantine = calloc(count, 1),
		.owner = card,
		.release = below_release,
	};
	result = below->arena.frames && below->arena.quarantine ? 0 : -ENOMEM;
	if (!result)
		result = blocks_alloc(below);
	if (!result)
		result = blocks_map(below);
	if (result)
		below_release(&below->arena);
	else
		*made = &below->arena;
	return result;
}

int uio_arena_below(struct transport *transport, size_t size,
		    struct arena **arena, struct error *error)
{
	struct uio_card *card = uio_card_of(transport);
	size_t block;
	int result = -ENOMEM;

	for (block = BLOCK_MAX; result == -ENOMEM && block >= BLOCK_MIN;
	     block /= 2)
		result = below_try(card, size, block, arena);
	if (!result)
		return 0;
	return error_set(error, result, "uio:%s: chip or path don't reach "
			 "memory above 4 GiB, and %zu MiB below can't be had: "
			 "%s; give arena= less, raise the module's "
			 "coherent_limit, or boot with intel_iommu=on or "
			 "amd_iommu=on", card->address, size >> 20,
			 strerror(-result));
}

/* It is revoked with its block. */
int uio_below_lend(struct transport *transport, const struct arena *arena,
		   size_t page, int *fd)
{
	const struct below *below = (const struct below *)arena;
	struct plx9054_window window = {
		.size = sizeof(window),
		.kind = PLX9054_WINDOW_COHERENT,
	};
	int result;

	if (arena->owner != uio_card_of(transport) || page >= arena->pages)
		return -EINVAL;
	window.what = below->blocks[page].handle;
	result = uio_ioctl(below->card, PLX9054_WINDOW, &window);
	*fd = window.fd;
	return result;
}

int uio_below_map(struct uio_card *card, const struct arena *arena,
		  uint64_t *bus, struct error *error)
{
	if (arena->owner != card)
		return error_set(error, -EOPNOTSUPP, "uio:%s: the memory below "
				 "4 GiB belongs to another card: open each "
				 "with memory of its own", card->address);
	memcpy(bus, arena->frames, arena->pages * sizeof(*bus));
	return 0;
}
