/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's only way to host memory: one copy function, behind the ranges,
 * with the bridge's habits of posting writes and reading ahead.
 *
 * Posting: the last bytes written stay here until newer ones push them on,
 * until the host reads anything of the card, or until POST_NS passed.  INTx
 * overtakes them, which is what a driver must not be surprised by.
 */
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "model/card.h"

#define POST_NS	 1000000
#define UNLOCKED 4096 /* larger copies don't hold up register accesses */

/*
 * Lwords are whole on a bus: what fits is copied by Lwords that a program
 * which watches memory can't see torn.
 */
static int copy_plainly(void *to, const void *from, size_t size)
{
	if (size > 64 || ((uintptr_t)to | (uintptr_t)from | size) & 3) {
		memcpy(to, from, size);
		return 0;
	}
	for (size_t i = 0; i < size / 4; i++) {
		uint32_t lword = __atomic_load_n((const uint32_t *)from + i,
						 __ATOMIC_RELAXED);
		__atomic_store_n((uint32_t *)to + i, lword, __ATOMIC_RELAXED);
	}
	return 0;
}

/* Set once, before any card is made (model.h). */
static model_copy_fn *copy = copy_plainly;

void model_set_copy(model_copy_fn *fn)
{
	copy = fn ? fn : copy_plainly;
}

/*
 * How many of @size bytes at @bus one copy can take, and where they are.
 * 0: nothing answers (-ENXIO), or not to this kind of access (-EACCES).
 */
static size_t reach(struct model *m, uint64_t bus, size_t size,
		    unsigned int access, uint8_t **cpu, int *why)
{
	const struct range *range = ranges_find(&m->ranges, bus);
	uint64_t left;

	if (!range || !(range->access & access)) {
		*why = range ? -EACCES : -ENXIO;
		return 0;
	}
	left = range->bus + range->size - bus;
	*cpu = range->cpu + (bus - range->bus);
	return left < size ? (size_t)left : size;
}

/* How far the ranges go without a gap: 0 with the reason, or up to @size. */
size_t memory_reach(struct model *m, uint64_t bus, size_t size,
		    unsigned int access, int *why)
{
	size_t total = 0, n;
	uint8_t *cpu;

	while (total < size) {
		n = reach(m, bus + total, size - total, access, &cpu, why);
		if (!n)
			break;
		total += n;
	}
	return total;
}

/* One copy, without the lock if it takes long. */
static int fly(struct model *m, struct channel *ch, uint64_t bus, void *to,
	       const void *from, size_t size)
{
	int ret;

	if (!ch || size <= UNLOCKED)
		return copy(to, from, size);
	ch->flying = true;
	ch->flight_bus = bus;
	ch->flight_size = size;
	model_unlock(m);
	ret = copy(to, from, size);
	model_lock(m);
	ch->flying = false;
	engine_landed(m);
	return ret;
}

/* Writes what is held back; a failure then is nobody's any more. */
void memory_drain(struct model *m)
{
	struct posted *p = &m->posted;
	size_t done = 0;

	while (done < p->size) {
		uint8_t *cpu;
		int why;
		size_t n = reach(m, p->bus + done, p->size - done,
				 MODEL_WRITE, &cpu, &why);

		if (!n || copy(cpu, p->data + done, n))
			break;
		done += n;
	}
	p->size = 0;
}

int memory_read(struct model *m, struct channel *ch, uint64_t bus, void *to,
		size_t size)
{
	/* A read pushes the writes before it. */
	memory_drain(m);
	while (size) {
		uint8_t *cpu;
		int ret = 0;
		size_t n = reach(m, bus, size, MODEL_READ, &cpu, &ret);

		if (!n)
			return ret;
		ret = fly(m, ch, bus, to, cpu, n);
		if (ret)
			return -EFAULT;
		bus += n;
		to = (uint8_t *)to + n;
		size -= n;
	}
	return 0;
}

/* A hole in the host's memory ends the transfer now, not when it drains. */
static int probe(struct model *m, uint64_t bus, size_t size)
{
	uint8_t scratch[POST_SIZE], *cpu;
	int ret = 0;

	while (size) {
		size_t n = reach(m, bus, size, MODEL_WRITE, &cpu, &ret);

		if (!n || copy(scratch, cpu, n))
			return -EFAULT;
		bus += n;
		size -= n;
	}
	return 0;
}

/*
 * Holds the last bytes back; the caller knows that ranges are there for all.
 * Return: how many are left to write now, or -EFAULT.
 */
static ssize_t post(struct model *m, uint64_t bus, const void *from,
		    size_t size)
{
	struct posted *p = &m->posted;
	size_t tail = size < POST_SIZE ? size : POST_SIZE;

	memory_drain(m);
	if (probe(m, bus + size - tail, tail))
		return -EFAULT;
	p->bus = bus + size - tail;
	memcpy(p->data, (const uint8_t *)from + size - tail, tail);
	p->size = (unsigned int)tail;
	p->due = timing_now(m) + POST_NS;
	return (ssize_t)(size - tail);
}

int memory_write(struct model *m, struct channel *ch, uint64_t bus,
		 const void *from, size_t size)
{
	int ret = 0;

	if (memory_reach(m, bus, size, MODEL_WRITE, &ret) < size)
		return ret;
	if (m->posted.on && size) {
		ssize_t left = post(m, bus, from, size);

		if (left < 0)
			return -EFAULT;
		size = (size_t)left;
	}
	while (size) {
		uint8_t *cpu;
		size_t n = reach(m, bus, size, MODEL_WRITE, &cpu, &ret);

		/* The range may have gone while data was on its way. */
		if (!n)
			return ret;
		if (fly(m, ch, bus, cpu, from, n))
			return -EFAULT;
		bus += n;
		from = (const uint8_t *)from + n;
		size -= n;
	}
	return 0;
}

/*
 * A bridge fetches on behind a read's end, up to the end of the page, and
 * drops what it got.
 */
void memory_prefetch(struct model *m, uint64_t bus)
{
	uint64_t page = 4096 - (bus & 4095);
	size_t left = m->prefetch < page ? m->prefetch : (size_t)page;
	uint8_t scratch[256];

	if (!(bus & 4095))
		return;
	while (left) {
		uint8_t *cpu;
		int why;
		size_t n = left < sizeof(scratch) ? left : sizeof(scratch);

		n = reach(m, bus, n, MODEL_READ, &cpu, &why);
		if (!n || copy(scratch, cpu, n))
			return;
		m->counters.prefetched += n;
		bus += n;
		left -= n;
	}
}
