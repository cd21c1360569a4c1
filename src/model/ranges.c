/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which bus addresses lead to memory: ranges, sorted, that don't overlap.
 *
 * Neighbours that continue each other on the bus and in memory are one, so
 * that data moves in pieces as long as the memory allows.  Taking part of a
 * range away waits for the piece that may be on its way there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/card.h"

#define LOW_IOVA 0x01000000

static uint64_t range_end(const struct range *r)
{
	return r->bus + r->size;
}

/* The first range that ends above @bus. */
static size_t ranges_position(const struct ranges *r, uint64_t bus)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (range_end(&r->v[middle]) - 1 >= bus)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct range *ranges_find(struct ranges *r, uint64_t bus)
{
	size_t at = r->last;

	if (at >= r->count || bus < r->v[at].bus ||
	    bus - r->v[at].bus >= r->v[at].size)
		at = ranges_position(r, bus);
	if (at >= r->count || bus < r->v[at].bus)
		return NULL;
	r->last = at;
	return &r->v[at];
}

static int ranges_grow(struct ranges *r)
{
	size_t room = r->room ? r->room * 2 : 16;
	struct range *v;

	if (r->count + 1 < r->room)
		return 0;
	v = realloc(r->v, room * sizeof(*v));
	if (!v)
		return -ENOMEM;
	r->v = v;
	r->room = room;
	return 0;
}

static void ranges_insert(struct ranges *r, size_t at, struct range range)
{
	memmove(&r->v[at + 1], &r->v[at], (r->count - at) * sizeof(*r->v));
	r->v[at] = range;
	r->count++;
}

static void ranges_remove(struct ranges *r, size_t at)
{
	r->count--;
	memmove(&r->v[at], &r->v[at + 1], (r->count - at) * sizeof(*r->v));
}

static bool continues(const struct range *a, const struct range *b)
{
	return range_end(a) == b->bus && a->cpu + a->size == b->cpu &&
	       a->access == b->access;
}

static void ranges_merge(struct ranges *r, size_t at)
{
	if (at + 1 < r->count && continues(&r->v[at], &r->v[at + 1])) {
		r->v[at].size += r->v[at + 1].size;
		ranges_remove(r, at + 1);
	}
	if (at > 0 && continues(&r->v[at - 1], &r->v[at])) {
		r->v[at - 1].size += r->v[at].size;
		ranges_remove(r, at);
	}
}

static int ranges_add(struct ranges *r, uint64_t bus, void *cpu, size_t size,
		      unsigned int access)
{
	size_t at = ranges_position(r, bus);
	int ret;

	if (at < r->count && r->v[at].bus < bus + size)
		return -EEXIST;
	ret = ranges_grow(r);
	if (ret)
		return ret;
	ranges_insert(r, at, (struct range){ bus, size, cpu, access });
	ranges_merge(r, at);
	return 0;
}

/* The lowest free stretch from @start on, or MODEL_NEVER. */
static uint64_t ranges_gap(const struct ranges *r, uint64_t start, size_t size)
{
	for (size_t at = ranges_position(r, start); at < r->count; at++) {
		if (r->v[at].bus >= start && r->v[at].bus - start >= size)
			break;
		start = (range_end(&r->v[at]) + 4095) & ~4095ull;
	}
	return start + size < start ? MODEL_NEVER : start;
}

static bool valid(uint64_t bus, const void *cpu, size_t size,
		  unsigned int access)
{
	return cpu && size && bus + size > bus && access &&
	       !(access & ~(unsigned int)(MODEL_READ | MODEL_WRITE));
}

int model_map(struct model *m, uint64_t bus, void *cpu, size_t size,
	      unsigned int access)
{
	int ret;

	if (!valid(bus, cpu, size, access))
		return -EINVAL;
	model_enter(m);
	ret = ranges_add(&m->ranges, bus, cpu, size, access);
	model_leave(m);
	return ret;
}

int model_iommu_map(struct model *m, void *cpu, size_t size,
		    unsigned int access, int low, uint64_t *bus)
{
	uint64_t start;
	int ret = -ENOSPC;

	if (!m->iommu)
		return -EOPNOTSUPP;
	if (!valid(0, cpu, size, access))
		return -EINVAL;
	model_enter(m);
	start = ranges_gap(&m->ranges, low ? LOW_IOVA : m->ranges.iova, size);
	if (start != MODEL_NEVER && (!low || start + size <= 1ull << 32))
		ret = ranges_add(&m->ranges, start, cpu, size, access);
	if (!ret)
		*bus = start;
	model_leave(m);
	return ret;
}

static bool overlaps(const struct channel *ch, uint64_t bus, size_t size)
{
	return ch->flying && ch->flight_bus < bus + size &&
	       bus < ch->flight_bus + ch->flight_size;
}

/* A channel at Done = 0 may still go there, whatever keeps it from it now. */
static bool in_use(const struct channel *ch, uint64_t bus, size_t size)
{
	uint64_t first = ch->pci - ch->moved;

	return !ch->done && ch->state != CHANNEL_FETCH &&
	       first < bus + size && bus < ch->pci + ch->left;
}

/* Takes [bus, bus + size) out.  Return: 0, or -ENOENT if nothing was there. */
static int ranges_cut(struct ranges *r, uint64_t bus, size_t size)
{
	size_t at = ranges_position(r, bus);
	int ret = -ENOENT;

	while (at < r->count && r->v[at].bus < bus + size) {
		struct range old = r->v[at], left = old, right = old;

		ret = 0;
		ranges_remove(r, at);
		if (range_end(&old) > bus + size) {
			right.bus = bus + size;
			right.cpu += right.bus - old.bus;
			right.size = range_end(&old) - right.bus;
			ranges_insert(r, at, right);
		}
		if (old.bus < bus) {
			left.size = bus - old.bus;
			ranges_insert(r, at, left);
			at++;
		}
	}
	return ret;
}

/* After the range is gone no new piece can start there: the wait ends. */
int model_unmap(struct model *m, uint64_t bus, size_t size)
{
	int ret;

	if (!size || bus + size < bus)
		return -EINVAL;
	model_enter(m);
	memory_drain(m);
	ret = ranges_grow(&m->ranges);
	if (!ret)
		ret = ranges_cut(&m->ranges, bus, size);
	for (unsigned int n = 0; n < 2; n++) {
		struct channel *ch = &m->channel[n];

		if (in_use(ch, bus, size))
			model_violate(m, MODEL_VIOLATION_EXIT_BUSY);
		while (overlaps(ch, bus, size))
			engine_await_landing(m);
	}
	model_leave(m);
	return ret;
}
