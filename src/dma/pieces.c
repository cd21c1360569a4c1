/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walking a request piece by piece, without memory of its own: thousands of
 * pieces are looked at twice, once to check and once to write.
 */
#include "dma/pieces.h"

#include <errno.h>

#include "chip/family.h"
#include "chip/mode.h"
#include "chip/plx9054.h"
#include "dma/card.h"

#define FOUR_GIB (UINT64_C(1) << 32)
#define CUT 4096u
#define INNER_MAX (PLX_DMA_MAX + 1 - CUT)

struct span {
	uint64_t offset;
	uint64_t length;
	uint32_t local;
};

static int memory_check(const struct dma_map *map, const struct span *span,
			struct error *error)
{
	const struct arena *arena = map->arena;
	uint64_t page, last;

	if (span->offset > map->translate.size ||
	    span->length > map->translate.size - span->offset)
		return error_set(error, -ERANGE,
				 "transfer: [%#llx, +%llu) lies outside the "
				 "%llu bytes of memory",
				 (unsigned long long)span->offset,
				 (unsigned long long)span->length,
				 (unsigned long long)map->translate.size);
	if (!span->length || !arena_moved(arena) || !arena->quarantine)
		return 0;
	last = (span->offset + span->length - 1) >> arena->page_shift;
	for (page = span->offset >> arena->page_shift; page <= last; page++)
		if (arena->quarantine[page])
			return error_set(error, -EFAULT,
					 "transfer: page %llu has moved since "
					 "it was mapped and is in quarantine; "
					 "use other memory",
					 (unsigned long long)page);
	return 0;
}

static int alignment_check(const struct span *span,
			   const struct plxdma_mode *mode,
			   const struct family *family, struct error *error)
{
	if (!((span->offset | span->length | span->local) & 3))
		return 0;
	if (mode->constant)
		return error_set(error, -EINVAL,
				 "transfer: with a constant local address, "
				 "memory, local address and length must be "
				 "multiples of 4: a cut inside an Lword loses "
				 "FIFO bytes");
	if (mode->big_endian && family->errata_9080)
		return error_set(error, -EINVAL,
				 "transfer: a %s corrupts unaligned big-endian "
				 "data (erratum 4): use multiples of 4",
				 family->name);
	return 0;
}

static int span_check(const struct dma_request *request,
		      const struct span *span, const struct plxdma_mode *mode,
		      const struct family *family, struct error *error)
{
	int result = memory_check(request->map, span, error);

	if (!result)
		result = alignment_check(span, mode, family, error);
	if (!result && !mode->constant &&
	    span->length > FOUR_GIB - span->local)
		result = error_set(error, -ERANGE,
				   "transfer: %llu bytes from local address "
				   "%08xh go beyond 4 GiB",
				   (unsigned long long)span->length,
				   span->local);
	return result;
}

static int list_check(struct pieces *pieces, const struct dma_request *request,
		      const struct plxdma_mode *mode,
		      const struct family *family, struct error *error)
{
	uint32_t i;
	int result;

	for (i = 0; i < request->segment_count; i++) {
		const struct dma_segment *segment = &request->segments[i];
		struct span span = {
			.offset = segment->offset,
			.length = segment->length,
			.local = segment->local,
		};

		result = span_check(request, &span, mode, family, error);
		if (result)
			return result;
		pieces->total += segment->length;
	}
	pieces->segments = request->segments;
	pieces->count = request->segment_count;
	return 0;
}

static int whole_check(struct pieces *pieces,
		       const struct dma_request *request,
		       const struct plxdma_mode *mode,
		       const struct family *family, struct error *error)
{
	struct span span = {
		.offset = request->offset,
		.length = request->length,
		.local = request->local,
	};

	pieces->total = request->length;
	return span_check(request, &span, mode, family, error);
}

int pieces_init(struct pieces *pieces, const struct dma_request *request,
		const struct plxdma_mode *mode, const struct family *family,
		struct error *error)
{
	int result;

	*pieces = (struct pieces){
		.translate = &request->map->translate,
		.whole = { .offset = request->offset,
			   .local = request->local },
		.whole_left = request->length,
		.constant = mode->constant,
		.tail = mode->eot && request->form != PLXDMA_FORM_BLOCK,
	};
	result = request->segments
			 ? list_check(pieces, request, mode, family, error)
			 : whole_check(pieces, request, mode, family, error);
	if (!result)
		pieces_rewind(pieces);
	return result;
}

void pieces_rewind(struct pieces *pieces)
{
	pieces->index = 0;
	pieces->left = 0;
	pieces->ahead.left = 0;
	pieces->now.left = 0;
	pieces->done = 0;
	if (!pieces->segments) {
		pieces->offset = pieces->whole.offset;
		pieces->local = pieces->whole.local;
		pieces->left = pieces->whole_left;
	}
}

/* The next segment that isn't empty. */
static int segment_next(struct pieces *pieces)
{
	const struct dma_segment *segment;

	while (pieces->index < pieces->count) {
		segment = &pieces->segments[pieces->index++];
		if (!segment->length)
			continue;
		pieces->offset = segment->offset;
		pieces->local = segment->local;
		pieces->left = segment->length;
		return 1;
	}
	return 0;
}

/* What is contiguous on the bus, up to the segment's end. */
static int stretch_next(struct pieces *pieces, struct stretch *stretch)
{
	uint64_t run = 0;

	if (!pieces->left && !segment_next(pieces))
		return 0;
	stretch->bus = translate_bus(pieces->translate, pieces->offset, &run);
	stretch->local = pieces->local;
	stretch->left = run < pieces->left ? run : pieces->left;
	pieces->offset += stretch->left;
	pieces->left -= stretch->left;
	if (!pieces->constant)
		pieces->local += (uint32_t)stretch->left;
	return 1;
}

static int adjacent(const struct pieces *pieces, const struct stretch *a,
		    const struct stretch *b)
{
	uint32_t local = pieces->constant ? a->local
					  : a->local + (uint32_t)a->left;

	return a->bus + a->left == b->bus && local == b->local;
}

/* Fills now with as many stretches as are adjacent. */
static int stretch_merge(struct pieces *pieces)
{
	if (!pieces->ahead.left && !stretch_next(pieces, &pieces->ahead))
		return 0;
	pieces->now = pieces->ahead;
	pieces->ahead.left = 0;
	while (stretch_next(pieces, &pieces->ahead)) {
		if (!adjacent(pieces, &pieces->now, &pieces->ahead))
			return 1;
		pieces->now.left += pieces->ahead.left;
		pieces->ahead.left = 0;
	}
	return 1;
}

/* Whether EOT# came can be told from which descriptor was loaded last, so the
 * last Lword gets one of its own. */
static uint64_t tail_cut(const struct pieces *pieces, uint64_t size)
{
	uint32_t tail;

	if (!pieces->tail || pieces->done + size != pieces->total)
		return size;
	tail = pieces->constant
		       ? 4
		       : (pieces->now.local + (uint32_t)size) & 3;
	tail = tail ? tail : 4;
	return size > tail ? size - tail : size;
}

static uint32_t piece_size(const struct pieces *pieces)
{
	const struct stretch *now = &pieces->now;
	const uint64_t edge = FOUR_GIB - (now->bus & (FOUR_GIB - 1));
	uint32_t position = pieces->constant ? (uint32_t)pieces->done
					     : now->local;
	uint64_t size = now->left;

	if (size > PLX_DMA_MAX)
		size = INNER_MAX - position % CUT;
	if (size > edge)
		size = edge;
	return (uint32_t)tail_cut(pieces, size);
}

int pieces_next(struct pieces *pieces, struct piece *piece)
{
	struct stretch *now = &pieces->now;

	if (!now->left && !stretch_merge(pieces))
		return 0;
	piece->bus = now->bus;
	piece->local = now->local;
	piece->size = piece_size(pieces);
	now->bus += piece->size;
	now->left -= piece->size;
	if (!pieces->constant)
		now->local += piece->size;
	pieces->done += piece->size;
	return 1;
}
