/* SPDX-License-Identifier: MIT */
#include "lane.h"

#include <errno.h>
#include <string.h>

#include "pattern.h"

#define BATCH_BYTES (4ull << 20)
#define STAGE_NS    60000000000ll
#define ALIGNMENT   64u
#define WINDOW_LOOKS 8u

static struct plxdma_request slot_request(const struct lane *lane,
					  const struct cell *cell,
					  unsigned int slot)
{
	uint64_t offset = slot * lane->stride;

	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request),
		.direction = lane->direction,
		.form = cell->form,
		.local = lane->local + (uint32_t)offset,
		.handle = lane->handle + offset,
		.length = cell->size,
	};
}

static unsigned int slots_wanted(const struct lane *lane, unsigned int most)
{
	uint64_t bytes = BATCH_BYTES;
	uint64_t count;

	/* Two at least, so that one can be queued behind another. */
	if (bytes < 2 * lane->stride)
		bytes = 2 * lane->stride;
	if (bytes > lane->room)
		bytes = lane->room;
	count = bytes / lane->stride;
	return count < most ? (unsigned int)count : most;
}

int lane_prepare(struct lane *lane, const struct cell *cell,
		 enum plxdma_direction direction, unsigned int slots)
{
	unsigned int i, wanted;
	int code;

	lane->direction = direction;
	lane->size = cell->size;
	lane->stride = (cell->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	lane->slot_count = 0;
	if (lane->stride > lane->room)
		return -EMSGSIZE;
	code = plxdma_channel_set_waiting(lane->channel, cell->waiting);
	if (code)
		return code;
	wanted = slots_wanted(lane, slots);
	for (i = 0; i < wanted; i++) {
		struct plxdma_request request = slot_request(lane, cell, i);

		code = plxdma_transfer_new(lane->channel, &request,
					   &lane->slots[i].transfer);
		/* Chains over small pages are long: fewer slots will do. */
		if (code && i)
			return 0;
		if (code)
			return code;
		lane->slot_count++;
	}
	return 0;
}

void lane_clear(struct lane *lane)
{
	unsigned int i;

	for (i = 0; i < lane->slot_count; i++)
		plxdma_transfer_free(lane->slots[i].transfer);
	lane->slot_count = 0;
}

/* All slots at once, not timed. */
static int move_all(struct lane *lane, enum plxdma_direction direction)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = direction,
		.local = lane->local,
		.handle = lane->handle,
		.length = lane->slot_count * lane->stride,
	};
	int code = plxdma_transfer_once(lane->channel, &request, STAGE_NS,
					&result);

	return code ? code : result.status == PLXDMA_DONE ? 0 : -EIO;
}

typedef void fill_fn(void *memory, uint64_t size, uint32_t nonce);

static void fill_all(struct lane *lane, fill_fn *fill)
{
	unsigned int i;

	for (i = 0; i < lane->slot_count; i++)
		fill(lane->host + i * lane->stride, lane->size,
		     lane->slots[i].nonce);
}

/* One transfer of the kind that comes next: what the channel has to be told
 * after the staging, which is of another kind, isn't charged to the first. */
static int prime(struct lane *lane)
{
	int code = plxdma_submit(lane->slots[0].transfer);

	return code ? code :
		      plxdma_wait(lane->slots[0].transfer, STAGE_NS, NULL);
}

int lane_stage(struct lane *lane)
{
	bool to_host = lane->direction == PLXDMA_TO_HOST;
	unsigned int i;
	int code;

	lane->submitted = 0;
	lane->taken = 0;
	for (i = 0; i < lane->slot_count; i++)
		lane->slots[i].nonce = pattern_nonce();
	/* First what local memory shall hold, then what the host's. */
	fill_all(lane, to_host ? pattern_fill : pattern_fill_complement);
	code = move_all(lane, PLXDMA_TO_CARD);
	/* Either way this moves what is there already, or overwritten below. */
	if (!code)
		code = prime(lane);
	if (code)
		return code;
	fill_all(lane, to_host ? pattern_fill_complement : pattern_fill);
	return 0;
}

/* First, last and some Lwords in between, as BAR2 shows them. */
static int64_t check_window(const struct lane *lane, unsigned int slot)
{
	uint64_t start = lane->local + slot * lane->stride - lane->window;
	uint64_t lwords = lane->size / 4, i, wrong = 0;

	for (i = 0; i < WINDOW_LOOKS && lwords; i++) {
		uint64_t position = 4 * ((lwords - 1) * i / (WINDOW_LOOKS - 1));
		uint32_t value;

		if (lane->local < lane->window ||
		    start + position + 4 > lane->window_size)
			break;
		if (plxdma_peek(lane->card, 2, start + position, 32, &value))
			break;
		wrong += value != pattern_lword(lane->slots[slot].nonce,
						position);
	}
	return (int64_t)wrong;
}

int64_t lane_check(struct lane *lane)
{
	int64_t wrong = 0;
	unsigned int i;
	int code;

	for (i = 0; i < lane->slot_count; i++)
		wrong += check_window(lane, i);
	if (lane->direction == PLXDMA_TO_CARD) {
		fill_all(lane, pattern_fill_complement);
		code = move_all(lane, PLXDMA_TO_HOST);
		if (code)
			return code;
	}
	plxdma_sync_for_cpu(lane->card, lane->host,
			    lane->slot_count * lane->stride);
	for (i = 0; i < lane->slot_count; i++)
		wrong += (int64_t)pattern_check(lane->host + i * lane->stride,
						lane->size,
						lane->slots[i].nonce);
	return wrong;
}
