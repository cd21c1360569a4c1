/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See passage.h. */
#include "passage.h"

#include <errno.h>
#include <stdlib.h>

#include "client.h"
#include "dma/report.h"
#include "json.h"
#include "lane.h"
#include "server.h"
#include "tell.h"
#include "tenant.h"

#define PATIENCE_NS UINT64_C(10000000000)

static struct passage *passage_of(const struct lane *lane)
{
	return &lane->tenant->client->server->passage;
}

void passage_enter(struct slot *slot)
{
	const struct lane *lane = slot->lane;

	if (!passage_of(lane)->records)
		return;
	slot->trace.entered = loop_now();
	slot->trace.begun = 0;
	slot->trace.parts = 0;
	/* It counts itself. */
	slot->trace.own = lane->under_way > 1;
	slot->trace.behind = lane->engine->running ? lane->engine->pid : 0;
	if (slot->trace.behind == lane->tenant->client->peer.pid)
		slot->trace.behind = 0;
}

void passage_start(struct slot *slot)
{
	if (!slot->trace.entered)
		return;
	if (!slot->trace.begun)
		slot->trace.begun = loop_now();
	if (slot->part.bytes && slot->trace.parts < UINT8_MAX)
		slot->trace.parts++;
}

static uint8_t card_number(const struct server *server, const struct card *card)
{
	unsigned int i = 0;

	while (i < server->card_count && server->cards[i] != card)
		i++;
	return (uint8_t)i;
}

/* The next record, with whose it is. */
static struct passage_record *record_new(const struct lane *lane)
{
	struct passage *passage = passage_of(lane);
	const struct client *client = lane->tenant->client;
	struct passage_record *record;

	record = &passage->records[passage->count++ % PASSAGE_RECORDS];
	*record = (struct passage_record){
		.number = passage->count,
		.ended = loop_now(),
		.pid = client->peer.pid,
		.uid = client->peer.uid,
		.card = card_number(client->server, lane->tenant->card),
		.channel = (uint8_t)lane->index,
	};
	return record;
}

static void slot_take(struct passage_record *record, const struct slot *slot)
{
	record->direction = slot->entry.direction;
	/* It was accepted before anybody looked. */
	if (!slot->trace.entered)
		return;
	record->entered = slot->trace.entered;
	record->started = slot->trace.begun;
	record->behind = slot->trace.behind;
	record->own = slot->trace.own;
	record->parts = slot->trace.parts;
}

void passage_ended(const struct slot *slot, unsigned int status, uint64_t bytes)
{
	struct passage_record *record;

	if (!passage_of(slot->lane)->records)
		return;
	record = record_new(slot->lane);
	slot_take(record, slot);
	record->status = (uint8_t)status;
	record->bytes = bytes;
}

void passage_refused(const struct lane *lane, const struct slot *slot,
		     unsigned int direction, int error)
{
	const struct claim_hold *hold;
	struct passage_record *record;

	if (!passage_of(lane)->records)
		return;
	record = record_new(lane);
	record->error = error;
	record->direction = (uint8_t)direction;
	if (slot)
		slot_take(record, slot);
	hold = claims_holder(&lane->tenant->card->claims,
			     (enum plxdma_claimed)lane->index);
	if (error == -EBUSY && hold)
		record->behind = hold->party->pid;
}

static const char *wait_name(const struct passage_record *record)
{
	static const char *const refusals[TALLY_REFUSALS] = {
		[TALLY_AGAIN] = "queue full",
		[TALLY_QUOTA] = "quota",
		[TALLY_CLAIMED] = "claim",
		[TALLY_POLICY] = "policy",
		[TALLY_SERVICE] = "out of service",
		[TALLY_NONSENSE] = "invalid",
	};

	if (record->error)
		return refusals[tally_refusal(record->error)];
	if (record->behind)
		return "turn";
	return record->own ? "own" : "none";
}

static const char *status_name(const struct passage_record *record)
{
	return record->error ? "refused" :
	       report_status((enum plxdma_status)record->status);
}

static void record_tell(struct json *json, const struct server *server,
			const struct passage_record *record)
{
	json_begin(json, NULL, '{');
	json_number(json, "number", record->number);
	json_number(json, "ended_ns", record->ended);
	json_number(json, "pid", (uint64_t)record->pid);
	json_number(json, "uid", record->uid);
	json_text(json, "card", record->card < server->card_count ?
		  server->cards[record->card]->name : "?");
	json_number(json, "channel", record->channel);
	json_text(json, "direction", record->direction == PLXDMA_TO_HOST ?
		  "to-host" : "to-card");
	json_text(json, "status", status_name(record));
	json_number(json, "bytes", record->bytes);
	if (record->started)
		json_number(json, "waited_ns",
			    record->started - record->entered);
	if (record->started)
		json_number(json, "ran_ns", record->ended - record->started);
	json_text(json, "wait", wait_name(record));
	if (record->behind)
		json_number(json, "behind_pid", (uint64_t)record->behind);
	if (record->parts)
		json_number(json, "parts", record->parts);
	json_end(json, '}');
}

static int ring_open(struct passage *passage)
{
	if (!passage->records)
		passage->records = calloc(PASSAGE_RECORDS,
					  sizeof(*passage->records));
	if (!passage->records)
		return -ENOMEM;
	passage->until = loop_now() + PATIENCE_NS;
	return 0;
}

int passage_tell(struct client *client, uint64_t after, FILE *file)
{
	const struct server *server = client->server;
	struct passage *passage = &client->server->passage;
	const int all = tell_permits(client);
	struct json json = { .file = file };
	uint64_t first = after < passage->count ? after : passage->count;

	/* What was counted before this ring was made isn't in it. */
	if (!passage->records)
		first = passage->count;
	if (ring_open(passage))
		return -ENOMEM;
	json_begin(&json, NULL, '{');
	json_text(&json, "schema", "plxdma.trace/1");
	json_number(&json, "last", passage->count);
	json_number(&json, "lost", passage->count - first > PASSAGE_RECORDS ?
		    passage->count - first - PASSAGE_RECORDS : 0);
	json_begin(&json, "requests", '[');
	if (passage->count - first > PASSAGE_RECORDS)
		first = passage->count - PASSAGE_RECORDS;
	for (; first < passage->count; first++) {
		const struct passage_record *record =
			&passage->records[first % PASSAGE_RECORDS];

		if (record->number && (all || record->uid == client->peer.uid))
			record_tell(&json, server, record);
	}
	json_end(&json, ']');
	json_end(&json, '}');
	fputc('\n', file);
	return 0;
}

void passage_turn(struct passage *passage, uint64_t now)
{
	if (!passage->records || now < passage->until)
		return;
	free(passage->records);
	passage->records = NULL;
}
