/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one loop of it.  What is odd about a segment is gathered and asked once
 * at the end, so that the loop branches only where it must: before it reads a
 * table, and at neighbours.
 */
#include "dma/lists.h"

#include "chip/family.h"
#include "chip/mode.h"
#include "dma/card.h"

/* What is constant during the loop. */
struct walk {
	const struct translate *translate;
	const struct dma_segment *first;
	const struct dma_segment *end;
	uint32_t step;		/* of the local address: 0 or all ones */
	uint32_t flags;
	struct pool_block *block;
};

/* A segment, or neighbours merged. */
struct stretched {
	uint64_t bus;
	uint64_t size;
	uint32_t local;
};

/* Where the loop is, and what it has seen. */
struct seen {
	char *at;
	uint32_t pointer;
	uint32_t numbers;	/* or of offsets, lengths, local addresses */
	uint64_t odd;		/* not 0: a case for pieces.c */
	uint64_t high;		/* or of all bus addresses */
	uint64_t total;
};

#define INLINE static inline __attribute__((always_inline))

INLINE int segment_inside(const struct translate *translate,
			  const struct dma_segment *segment)
{
	return segment->offset < translate->size &&
	       segment->length <= translate->size - segment->offset;
}

INLINE void segment_look(const struct walk *walk,
			 const struct dma_segment *segment,
			 struct stretched *stretched, struct seen *seen)
{
	uint64_t run = 0;

	stretched->bus = translate_bus(walk->translate, segment->offset, &run);
	stretched->size = segment->length;
	stretched->local = segment->local;
	seen->numbers |= (uint32_t)segment->offset | segment->length |
			 segment->local;
	/* No bytes, beyond its run, or beyond 4 GiB of the local bus. */
	seen->odd |= !stretched->size | (run < stretched->size);
	seen->odd |= (stretched->local +
		      ((stretched->size - 1) & walk->step)) >> 32;
	seen->total += stretched->size;
}

INLINE int neighbours(const struct walk *walk, const struct stretched *a,
		      const struct stretched *b)
{
	return a->bus + a->size == b->bus &&
	       a->local + ((uint32_t)a->size & walk->step) == b->local;
}

INLINE void stretched_write(const struct walk *walk,
			    enum descriptor_format format,
			    const struct stretched *stretched,
			    struct seen *seen)
{
	/* More than a descriptor takes, or over a 4 GiB boundary. */
	seen->odd |= stretched->size > PLX_DMA_MAX;
	seen->odd |= ((stretched->bus & UINT32_MAX) + stretched->size - 1) >>
		     32;
	seen->high |= stretched->bus;
	seen->pointer += descriptor_size(format);
	descriptor_encode(format, seen->at, stretched->bus, stretched->local,
			  (uint32_t)stretched->size,
			  seen->pointer | walk->flags);
	seen->at += descriptor_size(format);
}

/* The format is known at compile time where this is inlined.  Return: the last
 * one written; one of no bytes if a segment lies outside. */
INLINE struct stretched write_all(const struct walk *walk,
				  enum descriptor_format format,
				  struct seen *out)
{
	const struct dma_segment *segment = walk->first;
	struct seen seen = {
		.at = walk->block->cpu,
		.pointer = walk->block->bus,
	};
	struct stretched now, next;

	if (!segment_inside(walk->translate, segment))
		return (struct stretched){ 0 };
	segment_look(walk, segment, &now, &seen);
	while (++segment < walk->end) {
		if (!segment_inside(walk->translate, segment))
			return (struct stretched){ 0 };
		segment_look(walk, segment, &next, &seen);
		if (neighbours(walk, &now, &next)) {
			now.size += next.size;
			continue;
		}
		stretched_write(walk, format, &now, &seen);
		now = next;
	}
	stretched_write(walk, format, &now, &seen);
	*out = seen;
	return now;
}

static struct stretched written(const struct walk *walk,
				enum descriptor_format format,
				struct seen *seen)
{
	return format == DESCRIPTOR_DAC
		       ? write_all(walk, DESCRIPTOR_DAC, seen)
		       : write_all(walk, DESCRIPTOR_PLAIN, seen);
}

/* Bits that must be 0 in all numbers, see pieces.c. */
static uint32_t must_align(const struct plxdma_mode *mode,
			   const struct family *family)
{
	return mode->constant || (mode->big_endian && family->errata_9080)
		       ? 3
		       : 0;
}

static void list_fill(struct list *list, const struct walk *walk,
		      const struct stretched *last, const struct seen *seen)
{
	const size_t bytes = (size_t)(seen->at - (char *)walk->block->cpu);

	list->survey = (struct survey){
		.last = { last->bus, last->local, (uint32_t)last->size },
		.count = bytes / descriptor_size(list->format),
		.high = (uint32_t)(seen->high >> 32),
	};
	list->total = seen->total;
	list->block = walk->block;
}

/* With descriptors of the list's format. */
static int list_try(struct dma_card *card, struct walk *walk, uint32_t aligned,
		    struct list *list)
{
	const uint64_t size = (uint64_t)(walk->end - walk->first) *
			      descriptor_size(list->format);
	struct stretched last;
	struct seen seen = { 0 };

	if (pool_take(&card->pool, size, &walk->block, NULL))
		return 0;
	last = written(walk, list->format, &seen);
	if (last.size && !seen.odd && !(seen.numbers & aligned)) {
		list_fill(list, walk, &last, &seen);
		/* One format for all of it. */
		if (!list->survey.high ||
		    (card->dac && list->format == DESCRIPTOR_DAC))
			return 1;
	}
	pool_give(&card->pool, walk->block);
	return 0;
}

/* What the first has all of them have, mostly. */
static enum descriptor_format format_guess(const struct translate *translate,
					   uint64_t offset)
{
	uint64_t bus = translate_bus(translate, offset, NULL);

	return bus != TRANSLATE_NONE && bus >> 32 ? DESCRIPTOR_DAC
						  : DESCRIPTOR_PLAIN;
}

static int list_suits(const struct dma_request *request,
		      const struct plxdma_mode *mode)
{
	return request->segments && request->segment_count > 1 &&
	       request->form != PLXDMA_FORM_BLOCK && !mode->eot &&
	       !arena_moved(request->map->arena);
}

int list_write(struct dma_channel *channel, const struct dma_request *request,
	       const struct plxdma_mode *mode, uint32_t flags,
	       struct list *list)
{
	struct dma_card *card = channel->card;
	struct walk walk = {
		.translate = &request->map->translate,
		.step = mode->constant ? 0 : UINT32_MAX,
		.flags = flags,
	};

	if (!list_suits(request, mode))
		return 0;
	walk.first = request->segments;
	walk.end = request->segments + request->segment_count;
	list->format = format_guess(walk.translate, walk.first->offset);
	return list_try(card, &walk, must_align(mode, card->family), list);
}
