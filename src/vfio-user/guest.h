/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client's memory, as far as it has been mapped for DMA.
 *
 * Each file that the client passes is mapped once, as a whole; a DMA mapping
 * is a stretch of such a view that the card is told of.  So a guest with an
 * IOMMU, which maps page by page, costs no mapping of this process each, and
 * files of hugepages need no alignment of the stretches.
 */
#ifndef VFIO_USER_GUEST_H
#define VFIO_USER_GUEST_H

#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "vfio-user/message.h"

struct view;

struct mapping {
	uint64_t address;
	uint64_t size;
	struct view *view; /* NULL: announced without a descriptor */
};

/* Mappings are sorted by address. */
struct guest {
	struct model *model;
	struct view *views;
	size_t view_count;
	uint64_t viewed; /* bytes of address space */
	struct mapping *mappings;
	size_t count, room;
	uint64_t mapped, unmapped, unreachable; /* so far */
};

void guest_init(struct guest *guest, struct model *model);
/* @fd stays the caller's; -1: memory that can't be mapped, which the card finds
 * nobody at. -EEXIST over what is mapped, -EINVAL if @fd is no file that long,
 * -ENOSPC beyond what one client may have. */
int guest_map(struct guest *guest, const struct message_dma_map *map, int fd);
/* When it returns the card no longer touches the range, which is whole
 * mappings: -EINVAL where it would cut one, -ENOENT where nothing is. */
int guest_unmap(struct guest *guest, const struct message_dma_unmap *unmap);
/* Everything, and what the array took. */
void guest_release(struct guest *guest);

#endif
