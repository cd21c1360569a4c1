/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trains: short transfers of a lane that wait one behind the other go as one
 * chain, since starting and ending each by itself costs more than its bytes.
 *
 * Only memory-like ones on a channel that nobody has claimed: where a chain is
 * cut short, a transfer of whose bytes not all are known to have moved is done
 * again from its beginning, which a FIFO wouldn't bear. A client sees of all
 * this that its transfers end by the handful.
 */
#include "engine_inner.h"

#include <string.h>

#include "lane.h"
#include "tenant.h"

/* Longer ones gain nothing, and each waits for the end of the whole. */
#define LONGEST UINT64_C(16384)
#define TRAIN_BYTES UINT64_C(65536)

static int mode_same(const struct slot *a, const struct slot *b)
{
	if (a->has_mode != b->has_mode)
		return 0;
	return !a->has_mode || mode_equal(&a->mode, &b->mode);
}

static int fits_a_train(const struct slot *slot)
{
	return slot->bytes && slot->bytes <= LONGEST && !slot->done &&
	       !slot->segments && slot->entry.form == PLXDMA_FORM_AUTO &&
	       !engine_alone(slot);
}

static int alike(const struct slot *a, const struct slot *b)
{
	return fits_a_train(b) && a->entry.direction == b->entry.direction &&
	       a->entry.flags == b->entry.flags && mode_same(a, b);
}

uint64_t engine_train_plan(const struct slot *lead, unsigned int *count)
{
	const struct slot *slot = lead;
	uint64_t bytes = slot_left(lead);

	*count = 1;
	if (!fits_a_train(lead))
		return bytes;
	while (*count < ENGINE_TRAIN && (slot = TAILQ_NEXT(slot, link)) &&
	       alike(lead, slot) && bytes + slot_left(slot) <= TRAIN_BYTES) {
		bytes += slot_left(slot);
		++*count;
	}
	return bytes;
}

static int train_build(const struct engine_part *train,
		       struct dma_channel *channel,
		       struct dma_transfer **transfer, struct error *error)
{
	const struct slot *lead = train->slots[0];
	struct dma_segment segments[ENGINE_TRAIN];
	const struct dma_request request = {
		.map = lead->lane->tenant->map,
		.direction = lead->entry.direction,
		.quiet = (lead->entry.flags & WIRE_SPINS) != 0,
		.segments = segments,
		.segment_count = train->count,
		.mode = lead->has_mode ? &lead->mode : NULL,
	};

	for (unsigned int i = 0; i < train->count; i++) {
		const struct wire_submission *entry = &train->slots[i]->entry;

		segments[i] = (struct dma_segment){
			.offset = entry->offset,
			.length = (uint32_t)entry->length,
			.local = entry->local,
		};
	}
	if (*transfer)
		return dma_transfer_change(*transfer, &request, error);
	return dma_transfer_new(channel, &request, transfer, error);
}

int engine_train_submit(struct engine *engine, struct engine_part *train,
			struct error *error)
{
	struct slot *lead = train->slots[0];
	int err = train_build(train, engine->channel, &train->transfer, error);

	if (!err) {
		dma_transfer_set_user(train->transfer, lead);
		err = dma_transfer_submit(train->transfer);
	}
	if (err)
		return err;
	for (unsigned int i = 0; i < train->count; i++)
		train->slots[i]->active = train->transfer;
	lead->silent = (lead->entry.flags & WIRE_SPINS) != 0;
	return 0;
}

/* Was it ended because somebody wanted one of them to end? */
static int on_demand(const struct slot *const *slots, unsigned int count,
		     uint32_t status)
{
	for (unsigned int i = 0; i < count; i++) {
		if (slots[i]->ends_as != PLXDMA_DONE &&
		    slots[i]->ends_as == status)
			return 1;
	}
	return 0;
}

void engine_train_over(struct engine *engine, struct engine_part *train,
		       const struct plxdma_result *whole)
{
	struct slot *slots[ENGINE_TRAIN], *again[ENGINE_TRAIN];
	const unsigned int count = train->count;
	const int wanted = on_demand((const struct slot *const *)train->slots,
				     count, whole->status);
	unsigned int left = 0, faults = !wanted;
	uint64_t bytes = whole->bytes;
	struct plxdma_result result;

	memcpy(slots, train->slots, count * sizeof(slots[0]));
	train->count = 0;
	for (unsigned int i = 0; i < count; i++) {
		struct slot *slot = slots[i];

		slot->state = SLOT_IDLE;
		result = *whole;
		if (whole->status == PLXDMA_DONE || bytes >= slot->bytes) {
			result.status = PLXDMA_DONE;
			result.bytes = slot->bytes;
			result.bytes_exact = 1;
		} else if (slot->ends_as != PLXDMA_DONE) {
			result.status = slot->ends_as;
			result.bytes = bytes;
		} else if (faults) {
			result.bytes = bytes;
			faults = 0;
		} else {
			again[left++] = slot;
			bytes = 0;
			continue;
		}
		bytes -= result.bytes;
		engine_conclude(engine, slot, &result);
	}
	while (left)
		engine_requeue(engine, again[--left]);
}
