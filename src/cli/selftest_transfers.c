/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * selftest: block and chain, both channels, both directions, unaligned.
 *
 * Each case writes a pattern to local memory and reads it back into memory
 * that holds the pattern's complement; what lies around the bytes on either
 * side must stay as it was. Where BAR2 shows the same local memory, single
 * Lwords are compared through it as well: a driver that mixes up addresses in
 * the same way in both directions would else go unseen.
 */
#include "cli/selftest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

#define AREA	   (128u << 10) /* bytes used on either side */
#define MARGIN	   64u
#define TIMEOUT_NS 5000000000ll

struct trip {
	struct selftest *test;
	struct plxdma_channel *channel;
	unsigned int index;
	enum plxdma_form form;
	uint8_t *area;
	plxdma_handle handle;
	char why[200];
};

struct shape {
	const char *name;
	uint32_t length;
	uint8_t host;  /* misalignment */
	uint8_t local; /* misalignment */
};

static const struct shape shapes[] = {
	{ "64 KiB", 65536, 0, 0 },
	{ "4 bytes", 4, 0, 0 },
	{ "4097 bytes, unaligned in the host", 4097, 3, 0 },
	{ "4095 bytes, unaligned on the card", 4095, 0, 1 },
	{ "65537 bytes, unaligned on both sides", 65537, 1, 2 },
};

/* Byte of the pattern: depends on its position and on the case. */
static uint8_t pattern(uint32_t salt, uint32_t position)
{
	uint32_t word = (position / 4 + 1) * 2654435761u ^ salt;

	return (uint8_t)(word >> 8 * (position % 4));
}

static void fill(uint8_t *at, uint32_t length, uint32_t salt, uint8_t flip)
{
	uint32_t i;

	for (i = 0; i < length; i++)
		at[i] = pattern(salt, i) ^ flip;
}

/* Positions @from to @to of a pattern whose position 0 is at @zero. */
static int differs(struct trip *trip, const uint8_t *zero, uint32_t from,
		   uint32_t to, uint32_t salt, uint8_t flip, const char *where)
{
	uint32_t i;

	for (i = from; i < to; i++) {
		uint8_t want = pattern(salt, i) ^ flip;

		if (zero[i] == want)
			continue;
		(void)snprintf(trip->why, sizeof(trip->why),
			       "%s: byte %u is %02x instead of %02x", where, i,
			       zero[i], want);
		return 1;
	}
	return 0;
}

/* The area holds the bytes from @start on, and @around everywhere else. */
static int area_differs(struct trip *trip, uint32_t start, uint32_t length,
			uint32_t salt, uint32_t around, const char *where)
{
	return differs(trip, trip->area + start, 0, length, salt, 0, where) ||
	       differs(trip, trip->area, 0, start, around, 0xff, where) ||
	       differs(trip, trip->area, start + length, AREA, around, 0xff,
		       where);
}

static int go(struct trip *trip, enum plxdma_direction direction,
	      uint32_t offset, uint32_t local, uint32_t length)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = direction,
		.form = trip->form,
		.local = local,
		.handle = trip->handle + offset,
		.length = length,
	};
	int code = plxdma_transfer_once(trip->channel, &request, TIMEOUT_NS,
					&result);

	if (!code && result.status == PLXDMA_DONE)
		return 0;
	(void)snprintf(trip->why, sizeof(trip->why),
		       "%s: code %d, status %u: %s",
		       direction == PLXDMA_TO_HOST ? "to host" : "to card",
		       code, result.status, plxdma_error(trip->test->card));
	return -1;
}

/* Lwords of local memory through BAR2, where that shows it. */
static int bar_differs(struct trip *trip, uint32_t local, uint32_t length,
		       uint32_t salt)
{
	const struct plxdma_bar_info *bar = &trip->test->info.bars[2];
	uint32_t first = (4 - local % 4) % 4;
	uint32_t position;

	if (bar->io || bar->local > local ||
	    local - bar->local + (uint64_t)length > bar->size)
		return 0;
	for (position = first; position + 4 <= length; position += 1021 * 4) {
		uint32_t value, byte;

		if (plxdma_peek(trip->test->card, 2,
				local - bar->local + position, 32, &value))
			return 0;
		for (byte = 0; byte < 4; byte++)
			if ((uint8_t)(value >> 8 * byte) !=
			    pattern(salt, position + byte))
				break;
		if (byte == 4)
			continue;
		(void)snprintf(trip->why, sizeof(trip->why),
			       "BAR2 shows %08x at byte %u", value, position);
		return 1;
	}
	return 0;
}

/* The bytes go to a card whose memory holds something else. */
static int to_card(struct trip *trip, const struct shape *shape, uint32_t salt)
{
	uint32_t start = MARGIN + shape->host;
	uint32_t there = MARGIN + shape->local;
	uint32_t local = trip->test->local + there;

	fill(trip->area, AREA, ~salt, 0xff);
	if (go(trip, PLXDMA_TO_CARD, 0, trip->test->local, AREA))
		return -1;
	fill(trip->area + start, shape->length, salt, 0);
	if (go(trip, PLXDMA_TO_CARD, start, local, shape->length) ||
	    bar_differs(trip, local, shape->length, salt))
		return -1;
	fill(trip->area, AREA, salt, 0x55);
	if (go(trip, PLXDMA_TO_HOST, 0, trip->test->local, AREA) ||
	    area_differs(trip, there, shape->length, salt, ~salt,
			 "on the card"))
		return -1;
	return 0;
}

/* They come back into memory that holds their complement. */
static int to_host(struct trip *trip, const struct shape *shape, uint32_t salt)
{
	uint32_t start = MARGIN + shape->host;
	uint32_t local = trip->test->local + MARGIN + shape->local;

	fill(trip->area, AREA, ~salt, 0xff);
	fill(trip->area + start, shape->length, salt, 0xff);
	if (go(trip, PLXDMA_TO_HOST, start, local, shape->length) ||
	    area_differs(trip, start, shape->length, salt, ~salt,
			 "in the host"))
		return -1;
	return 0;
}

static void run_shapes(struct trip *trip)
{
	unsigned int i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		uint32_t salt = 0x9e3779b9u * (i + 1) ^
				trip->index << 8 ^ trip->form << 16;
		char name[96];
		int bad;

		trip->why[0] = '\0';
		(void)snprintf(name, sizeof(name),
			       "channel %u, %s: %s there and back",
			       trip->index,
			       trip->form == PLXDMA_FORM_BLOCK ? "block" :
								 "chain",
			       shapes[i].name);
		bad = to_card(trip, &shapes[i], salt) ||
		      to_host(trip, &shapes[i], salt);
		tap_ok(&trip->test->tap, !bad, name, "%s", trip->why);
	}
}

static void run_channel(struct selftest *test, unsigned int index)
{
	struct trip trip = { .test = test, .index = index };
	char name[40];
	int code;

	(void)snprintf(name, sizeof(name), "channel %u can be opened", index);
	code = plxdma_channel_open(test->card, index, &trip.channel);
	tap_ok(&test->tap, !code, name, "%s", plxdma_error(test->card));
	if (code)
		return;
	trip.area = plxdma_alloc_coherent(test->card, AREA, &trip.handle);
	if (trip.area) {
		trip.form = PLXDMA_FORM_BLOCK;
		run_shapes(&trip);
		trip.form = PLXDMA_FORM_CHAIN;
		run_shapes(&trip);
	} else {
		tap_ok(&test->tap, false, "memory for the transfers", "%s",
		       plxdma_error(test->card));
	}
	plxdma_channel_close(trip.channel);
	plxdma_free_coherent(test->card, AREA, trip.area, trip.handle);
}

void selftest_transfers(struct selftest *test)
{
	unsigned int index;

	if (test->local_size < AREA) {
		tap_skip(&test->tap, "transfers",
			 "no 128 KiB of local memory: --local tells where");
		return;
	}
	for (index = 0; index < PLXDMA_CHANNELS; index++)
		run_channel(test, index);
}
