/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a program's request to the driver's: handles become offsets in the
 * card's memory, or are refused.  The driver checks the numbers themselves.
 */
#include <errno.h>
#include <stdlib.h>

#include "dma/front.h"

static int bad_handle(const struct direct_card *card, plxdma_handle handle,
		      uint64_t length, struct error *error)
{
	return error_set(error, -ERANGE,
			 "%s: handle %#llx and %llu bytes from it are not the "
			 "card's memory: use the handle that "
			 "plxdma_alloc_coherent() gave",
			 card->name, (unsigned long long)handle,
			 (unsigned long long)length);
}

static int segments_resolve(const struct direct_card *card,
			    const struct plxdma_request *request,
			    struct dma_segment *segments, struct error *error)
{
	uint32_t i;

	for (i = 0; i < request->segment_count; i++) {
		const struct plxdma_segment *from = &request->segments[i];
		uint64_t offset =
			front_offset(&card->shared->memory, from->handle, from->length);

		if (offset == UINT64_MAX)
			return bad_handle(card, from->handle, from->length,
					  error);
		segments[i] = (struct dma_segment){
			.offset = offset,
			.length = from->length,
			.local = from->local,
		};
	}
	return 0;
}

static int list_resolve(struct direct_card *card,
			const struct plxdma_request *from,
			struct dma_request *request,
			struct dma_segment **segments, struct error *error)
{
	*segments = calloc(from->segment_count, sizeof(**segments));
	if (!*segments)
		return error_set(error, -ENOMEM, "no memory for %u segments",
				 from->segment_count);
	request->segments = *segments;
	request->segment_count = from->segment_count;
	return segments_resolve(card, from, *segments, error);
}

/* Nothing moves, so no memory is named. */
static int range_resolve(struct direct_card *card,
			 const struct plxdma_request *from,
			 struct dma_request *request, struct error *error)
{
	request->local = from->local;
	request->length = from->length;
	if (!from->length && !from->handle)
		return 0;
	request->offset =
		front_offset(&card->shared->memory, from->handle, from->length);
	if (request->offset == UINT64_MAX)
		return bad_handle(card, from->handle, from->length, error);
	return 0;
}

int direct_request_resolve(struct direct_channel *channel,
			   const struct plxdma_request *from,
			   struct dma_request *request,
			   struct dma_segment **segments, struct error *error)
{
	struct direct_card *card = channel->card;
	int result = direct_memory(&card->card, error);

	*segments = NULL;
	if (result)
		return result;
	*request = (struct dma_request){
		.map = card->map,
		.direction = (uint8_t)from->direction,
		.form = (uint8_t)from->form,
		.recipe = from->recipe,
	};
	return from->segments
		       ? list_resolve(card, from, request, segments, error)
		       : range_resolve(card, from, request, error);
}
