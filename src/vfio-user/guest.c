/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be taken from a stranger is a regular file (guest memory is a memfd
 * or a file in a tmpfs or hugetlbfs), as long as the range says; that it stays
 * so long nobody can promise, so the card copies by guard_copy().
 */
#include "vfio-user/guest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "vfio-user/version.h"

#define VIEWS	   256
#define VIEWED_MAX (UINT64_C(1) << 44) /* of 2^47 that a process has */

struct view {
	struct view *next;
	dev_t device;
	ino_t inode;
	bool writable;
	uint8_t *base;
	uint64_t size;
	size_t users;
};

void guest_init(struct guest *guest, struct model *model)
{
	*guest = (struct guest){ .model = model };
}

static struct view *view_find(const struct guest *guest, const struct stat *st,
			      uint64_t end, bool writable)
{
	struct view *view = guest->views;

	while (view && (view->device != st->st_dev ||
			view->inode != st->st_ino || view->size < end ||
			(writable && !view->writable)))
		view = view->next;
	return view;
}

static int view_new(struct guest *guest, const struct stat *st, int fd,
		    bool writable, struct view **made)
{
	int protection = PROT_READ | (writable ? PROT_WRITE : 0);
	uint64_t size = (uint64_t)st->st_size;
	struct view *view;
	void *base;

	if (guest->view_count == VIEWS || size > VIEWED_MAX - guest->viewed)
		return -ENOSPC;
	view = calloc(1, sizeof(*view));
	if (!view)
		return -ENOMEM;
	/* Pages are the client's to provide, not to be reserved here. */
	base = mmap(NULL, size, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (base == MAP_FAILED) {
		free(view);
		return -errno;
	}
	*view = (struct view){
		.next = guest->views,
		.device = st->st_dev,
		.inode = st->st_ino,
		.writable = writable,
		.base = base,
		.size = size,
	};
	guest->views = view;
	guest->view_count++;
	guest->viewed += size;
	*made = view;
	return 0;
}

static int view_get(struct guest *guest, int fd, uint64_t end, bool writable,
		    struct view **view)
{
	struct stat st;
	int ret = 0;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size < end)
		return -EINVAL;
	*view = view_find(guest, &st, end, writable);
	if (!*view)
		ret = view_new(guest, &st, fd, writable, view);
	if (!ret)
		(*view)->users++;
	return ret;
}

static void view_put(struct guest *guest, struct view *view)
{
	struct view **place = &guest->views;

	if (!view || --view->users)
		return;
	while (*place != view)
		place = &(*place)->next;
	*place = view->next;
	guest->view_count--;
	guest->viewed -= view->size;
	munmap(view->base, view->size);
	free(view);
}

static uint64_t mapping_end(const struct mapping *mapping)
{
	return mapping->address + mapping->size;
}

/* The first mapping that ends above @address. */
static size_t position(const struct guest *guest, uint64_t address)
{
	size_t low = 0, high = guest->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mapping_end(&guest->mappings[middle]) > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int make_room(struct guest *guest)
{
	size_t room = guest->room ? guest->room * 2 : 16;
	struct mapping *mappings;

	if (guest->count == VERSION_DMA_MAPS)
		return -ENOSPC;
	if (guest->count < guest->room)
		return 0;
	mappings = realloc(guest->mappings, room * sizeof(*mappings));
	if (!mappings)
		return -ENOMEM;
	guest->mappings = mappings;
	guest->room = room;
	return 0;
}

static void insert(struct guest *guest, size_t at, struct mapping mapping)
{
	memmove(&guest->mappings[at + 1], &guest->mappings[at],
		(guest->count - at) * sizeof(mapping));
	guest->mappings[at] = mapping;
	guest->count++;
}

static unsigned int card_access(uint32_t flags)
{
	return (flags & MESSAGE_MAP_READ ? MODEL_READ : 0) |
	       (flags & MESSAGE_MAP_WRITE ? MODEL_WRITE : 0);
}

static int map_reachable(struct guest *guest,
			 const struct message_dma_map *map, int fd,
			 struct view **view)
{
	int ret = view_get(guest, fd, map->offset + map->size,
			   map->flags & MESSAGE_MAP_WRITE, view);

	if (ret)
		return ret;
	ret = model_map(guest->model, map->address,
			(*view)->base + map->offset, map->size,
			card_access(map->flags));
	if (ret)
		view_put(guest, *view);
	return ret;
}

int guest_map(struct guest *guest, const struct message_dma_map *map, int fd)
{
	struct mapping mapping = { .address = map->address, .size = map->size };
	size_t at = position(guest, map->address);
	int ret;

	if (at < guest->count &&
	    guest->mappings[at].address < mapping_end(&mapping))
		return -EEXIST;
	ret = make_room(guest);
	if (!ret && fd >= 0)
		ret = map_reachable(guest, map, fd, &mapping.view);
	if (ret)
		return ret;
	insert(guest, at, mapping);
	guest->mapped++;
	guest->unreachable += fd < 0;
	return 0;
}

static void mapping_release(struct guest *guest, const struct mapping *mapping)
{
	if (!mapping->view)
		return;
	/* Where the card can't let go (no memory), the view has to stay. */
	if (!model_unmap(guest->model, mapping->address, mapping->size))
		view_put(guest, mapping->view);
}

/* Mappings [first, last) are taken away. */
static void release(struct guest *guest, size_t first, size_t last)
{
	if (first == last)
		return;
	for (size_t i = first; i < last; i++)
		mapping_release(guest, &guest->mappings[i]);
	memmove(&guest->mappings[first], &guest->mappings[last],
		(guest->count - last) * sizeof(*guest->mappings));
	guest->count -= last - first;
	guest->unmapped += last - first;
}

int guest_unmap(struct guest *guest, const struct message_dma_unmap *unmap)
{
	uint64_t end = unmap->address + unmap->size;
	size_t first, last;

	if (unmap->flags & MESSAGE_UNMAP_ALL) {
		release(guest, 0, guest->count);
		return 0;
	}
	first = position(guest, unmap->address);
	last = position(guest, end);
	if (first < guest->count &&
	    guest->mappings[first].address < unmap->address)
		return -EINVAL;
	if (last < guest->count && guest->mappings[last].address < end)
		return -EINVAL;
	if (first == last)
		return -ENOENT;
	release(guest, first, last);
	return 0;
}

void guest_release(struct guest *guest)
{
	release(guest, 0, guest->count);
	free(guest->mappings);
	guest->mappings = NULL;
	guest->room = 0;
}
