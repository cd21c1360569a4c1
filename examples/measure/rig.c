/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pattern.h"

#define WAIT_NS	   20000000000ll
#define ROOM_LEAST (64u << 10)

uint64_t rig_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int rig_fail(struct rig *rig, int code, const char *what)
{
	const char *text = plxdma_error(rig->card);

	(void)snprintf(rig->why, sizeof(rig->why), "%.60s: %.170s", what,
		       text && *text ? text : strerror(-code));
	return code;
}

/* One Lword pair through local memory. */
static int touch(struct rig *rig, enum plxdma_direction direction,
		 uint32_t local)
{
	struct lane *lane = &rig->lanes[0];
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = direction,
		.local = local,
		.handle = lane->handle,
		.length = 8,
	};

	return plxdma_transfer_once(lane->channel, &request, WAIT_NS, NULL);
}

/* Does local memory reach from the start to this far, without repeating? */
static bool reaches(struct rig *rig, uint64_t span)
{
	struct lane *lane = &rig->lanes[0];
	uint32_t ends[2] = { lane->local,
			     (uint32_t)(lane->local + span - 8) };
	uint32_t nonces[2] = { pattern_nonce(), pattern_nonce() };
	bool good = true;
	unsigned int i;

	for (i = 0; i < 2 && good; i++) {
		pattern_fill(lane->host, 8, nonces[i]);
		good = touch(rig, PLXDMA_TO_CARD, ends[i]) == 0;
	}
	for (i = 0; i < 2 && good; i++) {
		pattern_fill_complement(lane->host, 8, nonces[i]);
		good = touch(rig, PLXDMA_TO_HOST, ends[i]) == 0 &&
		       pattern_check(lane->host, 8, nonces[i]) == 0;
	}
	return good;
}

/* How much of local memory is there for each lane: asked of the card, since a
 * board doesn't say. */
static int find_room(struct rig *rig, uint64_t wanted)
{
	uint64_t room = wanted;
	unsigned int i;

	while (room >= ROOM_LEAST && !reaches(rig, 2 * room))
		room /= 2;
	if (room < ROOM_LEAST)
		return rig_fail(rig, -ENXIO,
				"no local memory there (--local tells where)");
	for (i = 0; i < LANES_MAX; i++) {
		rig->lanes[i].room = room;
		rig->lanes[i].local += (uint32_t)(i * room);
	}
	return 0;
}

static int lane_open(struct rig *rig, const struct plan *plan,
		     const struct plxdma_card_info *info, unsigned int index)
{
	struct lane *lane = &rig->lanes[index];
	int code;

	lane->card = rig->card;
	lane->local = plan->has_local ? plan->local : info->bars[2].local;
	lane->window = info->bars[2].local;
	lane->window_size = info->bars[2].io ? 0 : info->bars[2].size;
	code = plxdma_channel_open(rig->card, index, &lane->channel);
	if (code)
		return rig_fail(rig, code, "channel");
	lane->host = plxdma_alloc_coherent(rig->card, plan->room,
					   &lane->handle);
	if (!lane->host)
		return rig_fail(rig, -ENOMEM, "memory");
	return 0;
}

int rig_open(struct rig *rig, const struct plan *plan,
	     const struct source *source)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	unsigned int i;
	int code;

	*rig = (struct rig){ .depth = plan->depth };
	rig->latencies_ns = calloc(LATENCIES_MAX, sizeof(uint64_t));
	if (!rig->latencies_ns)
		return rig_fail(rig, -ENOMEM, "memory");
	code = plxdma_open(source->full, &rig->card);
	if (code) {
		rig->card = NULL;
		(void)rig_fail(rig, code, source->full);
		goto out_close;
	}
	code = plxdma_card_info(rig->card, &info);
	if (code) {
		(void)rig_fail(rig, code, source->full);
		goto out_close;
	}
	for (i = 0; i < LANES_MAX && !code; i++)
		code = lane_open(rig, plan, &info, i);
	if (!code)
		code = find_room(rig, plan->room);
	if (!code)
		return 0;
out_close:
	rig_close(rig);
	return code;
}

void rig_close(struct rig *rig)
{
	/* Channels and memory go with the card. */
	plxdma_close(rig->card);
	free(rig->latencies_ns);
	rig->card = NULL;
	rig->latencies_ns = NULL;
}

int rig_prepare(struct rig *rig, const struct cell *cell, unsigned int slots)
{
	unsigned int i;
	int code;

	rig->lane_count = cell->side == SIDE_BOTH ? 2 : 1;
	rig->latency_count = 0;
	for (i = 0; i < rig->lane_count; i++) {
		bool to_card = cell->side == SIDE_TO_CARD || i == 1;

		code = lane_prepare(&rig->lanes[i], cell,
				    to_card ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
				    slots);
		if (code == -EMSGSIZE && !rig->lanes[i].slot_count &&
		    cell->size > rig->lanes[i].room) {
			(void)snprintf(rig->why, sizeof(rig->why),
				       "the card's local memory is too small");
			return code;
		}
		if (code)
			return rig_fail(rig, code, "prepare");
	}
	return 0;
}

void rig_clear(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < LANES_MAX; i++)
		lane_clear(&rig->lanes[i]);
}

int rig_stage(struct rig *rig)
{
	unsigned int i;
	int code = 0;

	for (i = 0; i < rig->lane_count && !code; i++)
		code = lane_stage(&rig->lanes[i]);
	return code ? rig_fail(rig, code, "stage") : 0;
}

static int submit_next(struct lane *lane, uint64_t now)
{
	struct slot *slot = &lane->slots[lane->submitted];
	int code;

	slot->submitted_ns = now;
	code = plxdma_submit(slot->transfer);
	if (!code)
		lane->submitted++;
	return code;
}

static int take_oldest(struct rig *rig, struct lane *lane, uint64_t *now)
{
	struct slot *slot = &lane->slots[lane->taken];
	struct plxdma_result result = { .size = sizeof(result) };
	int code = plxdma_wait(slot->transfer, WAIT_NS, &result);

	if (code)
		return code;
	lane->taken++;
	*now = rig_now();
	rig->latencies_ns[rig->latency_count++ % LATENCIES_MAX] =
		*now - slot->submitted_ns;
	return result.status == PLXDMA_DONE ? 0 : -EIO;
}

/* Nothing of a batch may be under way when its memory is looked at. */
static void abandon(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < rig->lane_count; i++) {
		struct lane *lane = &rig->lanes[i];

		for (; lane->taken < lane->submitted; lane->taken++) {
			struct plxdma_transfer *transfer =
				lane->slots[lane->taken].transfer;

			(void)plxdma_cancel(transfer);
			(void)plxdma_wait(transfer, WAIT_NS, NULL);
		}
	}
}

/* Takes the oldest of a lane and puts the next behind the others. */
static int turn(struct rig *rig, struct lane *lane)
{
	uint64_t now;
	int code = take_oldest(rig, lane, &now);

	if (!code && lane->submitted < lane->slot_count)
		code = submit_next(lane, now);
	return code;
}

static int start(struct rig *rig)
{
	unsigned int i, n;
	int code = 0;

	for (i = 0; i < rig->lane_count; i++)
		for (n = 0; n < rig->depth && !code &&
			    n < rig->lanes[i].slot_count; n++)
			code = submit_next(&rig->lanes[i], rig_now());
	return code;
}

int rig_run(struct rig *rig)
{
	int code = start(rig);
	bool busy = true;
	unsigned int i;

	while (busy && !code) {
		busy = false;
		for (i = 0; i < rig->lane_count && !code; i++) {
			struct lane *lane = &rig->lanes[i];

			if (lane->taken == lane->submitted)
				continue;
			busy = true;
			code = turn(rig, lane);
		}
	}
	if (!code)
		return 0;
	(void)rig_fail(rig, code, "transfer");
	abandon(rig);
	return code;
}

int64_t rig_check(struct rig *rig)
{
	int64_t wrong = 0;
	unsigned int i;

	for (i = 0; i < rig->lane_count; i++) {
		int64_t found = lane_check(&rig->lanes[i]);

		if (found < 0)
			return rig_fail(rig, (int)found, "check");
		wrong += found;
	}
	return wrong;
}
