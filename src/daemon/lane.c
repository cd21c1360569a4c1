/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries of a client's ring become transfers; each entry is answered once.
 *
 * Whatever an entry says, it can only touch slots of this lane, memory of this
 * client and the turns of this channel.
 */
#include "lane.h"

#include <errno.h>

#include "bell.h"
#include "client.h"
#include "publication.h"
#include "server.h"
#include "tenant.h"
#include "wire/request.h"

#define BATCH 32		/* entries a turn: others wait meanwhile */

static void answer(struct lane *lane, struct wire_completion *completion)
{
	ring_server_complete(&lane->ring, completion);
	lane->posted = 1;
}

static void refused(struct lane *lane, const struct slot *slot,
		    unsigned int direction, int error)
{
	passage_refused(lane, slot, direction, error);
	tally_refused(&lane->tenant->card->tallies[lane->index],
		      &lane->tenant->client->tally, error);
}

static void enter(struct slot *slot, int needs)
{
	struct tenant *tenant = slot->lane->tenant;

	slot->needs = needs != 0;
	slot->started = 0;
	slot->lane->under_way++;
	tenant->client->user->in_flight++;
	claims_started(&tenant->card->claims, &tenant->claimant.party,
		       slot->lane->index, needs);
	slot->trace.entered = 0;
	passage_enter(slot);
}

static void leave(struct slot *slot)
{
	struct tenant *tenant = slot->lane->tenant;

	slot->lane->under_way--;
	tenant->client->user->in_flight--;
	claims_ended(&tenant->card->claims, &tenant->claimant.party,
		     slot->lane->index, slot->needs);
}

/* What ends for the daemon's own end says so, as it does if that is killed. */
static uint8_t status_told(const struct slot *slot, uint32_t status)
{
	const struct server *server = slot->lane->tenant->client->server;

	if (status == PLXDMA_CANCELLED && server->stop)
		return PLXDMA_GONE;
	return (uint8_t)status;
}

void lane_ended(struct slot *slot, const struct plxdma_result *result)
{
	struct wire_completion completion = {
		.cookie = slot->cookie,
		.slot = (uint16_t)slot->number,
		.op = WIRE_SUBMIT,
		.status = status_told(slot, result->status),
		.bytes = result->bytes,
		.bytes_exact = result->bytes_exact != 0,
		.time_ns = result->time_ns,
	};
	struct tenant *tenant = slot->lane->tenant;

	tally_ended(&tenant->card->tallies[slot->lane->index],
		    &tenant->client->tally, slot->entry.direction, result);
	passage_ended(slot, result->status, result->bytes);
	publication_ended(slot->lane, slot, result);
	leave(slot);
	slot_values_tell(slot);
	answer(slot->lane, &completion);
}

static void refusal_tell(struct lane *lane, int error)
{
	const char *name = lane->tenant->card->name;

	switch (error) {
	case -EFAULT:
		error_set(&lane->text, error, "card %s: a page of the "
			  "transfer's memory has moved since it was prepared, "
			  "and is in quarantine: use other memory", name);
		return;
	case -ENODEV:
		error_set(&lane->text, error, "card %s takes no transfers: it "
			  "is gone", name);
		break;
	default:
		error_set(&lane->text, error, "card %s takes no transfers: it "
			  "is out of service", name);
	}
	if (error == -ENODEV || error == -ESHUTDOWN)
		ring_server_state(&lane->ring, error);
}

void lane_refused(struct slot *slot, int error, const char *why)
{
	struct wire_completion completion = {
		.cookie = slot->cookie,
		.slot = (uint16_t)slot->number,
		.op = WIRE_SUBMIT,
		.error = (int16_t)error,
		.bytes = slot->done,
		.bytes_exact = 1,
	};

	if (*why)
		error_set(&slot->lane->text, error, "%s", why);
	else
		refusal_tell(slot->lane, error);
	refused(slot->lane, slot, slot->entry.direction, error);
	leave(slot);
	slot_values_tell(slot);
	answer(slot->lane, &completion);
}

/* The slot that an entry is about, made if need be. */
static int slot_find(struct lane *lane, const struct wire_submission *entry,
		     struct slot **slot)
{
	struct slot **place = &lane->slots[entry->slot];
	int makes = entry->op == WIRE_SUBMIT || entry->op == WIRE_PREPARE;

	if (!*place && makes)
		*place = slot_new(lane, entry->slot);
	*slot = *place;
	if (*slot)
		return 0;
	if (makes)
		return error_set(&lane->text, -ENOMEM, "plxdmad has no memory "
				 "for a transfer");
	return error_set(&lane->text, -EINVAL, "slot %u has no transfer",
			 entry->slot);
}

/* A FIFO that two read from is lost data; and what the board may end can't be
 * cut, for EOT# at the end of a part can't be told from none. */
static int needs_claim(const struct lane *lane,
		       const struct wire_submission *entry)
{
	const struct plxdma_mode *mode = lane->modes[entry->mode];

	if (entry->flags & WIRE_RECIPE)
		return 1;
	return mode && (plxdma_mode_get(mode, PLXDMA_MODE_CONSTANT) == 1 ||
			plxdma_mode_get(mode, PLXDMA_MODE_DEMAND) == 1 ||
			plxdma_mode_get(mode, PLXDMA_MODE_EOT) == 1);
}

static int prepare(struct lane *lane, struct slot *slot,
		   const struct wire_submission *entry)
{
	const struct tenant *tenant = lane->tenant;
	int err = claims_permit_prepare(&tenant->card->claims,
					&tenant->claimant.party, lane->index,
					needs_claim(lane, entry), &lane->text);

	return err ? err : slot_prepare(slot, entry, &lane->text);
}

static int submit(struct lane *lane, struct slot *slot,
		  const struct wire_submission *entry)
{
	const struct tenant *tenant = lane->tenant;
	int err, needs = needs_claim(lane, entry);

	if (lane->under_way >= WIRE_DEPTH)
		return error_set(&lane->text, -EAGAIN, "%d transfers are under "
				 "way on this channel: wait for one",
				 WIRE_DEPTH);
	err = user_check_transfer(tenant->client->user, &tenant->grant,
				  &lane->text);
	if (err)
		return err;
	err = claims_permit_transfer(&tenant->card->claims,
				     &tenant->claimant.party, lane->index,
				     needs, tenant->client->server->now,
				     &lane->text);
	if (!err)
		err = slot_prepare(slot, entry, &lane->text);
	if (!err)
		err = slot_recipe_check(slot, &lane->text);
	if (err)
		return err;
	slot->cookie = entry->cookie;
	enter(slot, needs);
	engine_queue(lane->engine, slot);
	return 0;
}

/* What a cancel's answer says. */
static int cancel_error(int err)
{
	/* The engine has let go of it; its recipe's last steps go on. */
	return err == -EAGAIN ? 0 : err;
}

/* As entry_run(). */
static int cancel(struct lane *lane, struct slot *slot,
		  const struct wire_submission *entry)
{
	int err = engine_cancel(lane->engine, slot,
				(enum plxdma_status)entry->status);

	if (err == -EBUSY)
		return error_set(&lane->text, err, "the engine is at the "
				 "transfer, or too near");
	if (err != -EINPROGRESS)
		return cancel_error(err);
	slot->asked = 1;
	slot->cancel_cookie = entry->cookie;
	return 1;
}

void lane_cancelled(struct slot *slot, int error)
{
	struct wire_completion completion = {
		.cookie = slot->cancel_cookie,
		.slot = (uint16_t)slot->number,
		.op = WIRE_CANCEL,
		.error = (int16_t)cancel_error(error),
	};

	if (slot->lane->ends)
		slot->lane->stuck = completion.error;
	if (!slot->asked)
		return;
	slot->asked = 0;
	if (completion.error)
		refused(slot->lane, NULL, slot->entry.direction,
			completion.error);
	answer(slot->lane, &completion);
}

/* 0 if the entry was done and is to be answered, 1 if its answer comes later,
 * or a negative errno. */
static int entry_run(struct lane *lane, const struct wire_submission *entry)
{
	struct slot *slot;
	int err = wire_submission_check(entry,
					lane->tenant->client->arena->size);

	if (err)
		return error_set(&lane->text, err, err == -ERANGE ?
				 "the range lies outside the card's memory" :
				 "an entry of the ring makes no sense: library "
				 "and daemon must be of one version");
	err = slot_find(lane, entry, &slot);
	if (err)
		return err;
	if (entry->op == WIRE_CANCEL)
		return slot->state == SLOT_IDLE ? -EINVAL :
			cancel(lane, slot, entry);
	if (slot->state != SLOT_IDLE)
		return error_set(&lane->text, -EBUSY, "slot %u is under way",
				 entry->slot);
	if (entry->op == WIRE_PREPARE)
		return prepare(lane, slot, entry);
	if (entry->op == WIRE_SUBMIT) {
		err = submit(lane, slot, entry);
		return err ? err : 1;
	}
	lane->slots[entry->slot] = NULL;
	slot_free(slot);
	return 0;
}

void lane_tell_claim(struct lane *lane)
{
	const struct claims *claims = &lane->tenant->card->claims;
	const struct claim_party *party = &lane->tenant->claimant.party;
	uint32_t claim = WIRE_UNCLAIMED;

	if (claims_permit_transfer(claims, party, lane->index, 0, 0, NULL))
		claim = WIRE_FOREIGN;
	else if (!claims_permit_prepare(claims, party, lane->index, 1, NULL))
		claim = WIRE_OWN;
	if (claim == lane->claim)
		return;
	lane->claim = claim;
	ring_server_claim(&lane->ring, claim);
}

/* While its channel is being stopped its users wait, and nobody else. */
static int waits(const struct lane *lane)
{
	return lane->ends || lane->engine->stopping;
}

int lane_pending(const struct lane *lane)
{
	return !waits(lane) && ring_server_pending(&lane->ring);
}

/* Which way an entry that is refused was to go: it says so itself, or means a
 * transfer that did. */
static unsigned int direction(const struct lane *lane,
			      const struct wire_submission *entry)
{
	const struct slot *slot = entry->slot < WIRE_SLOTS ?
				  lane->slots[entry->slot] : NULL;

	if (slot && (entry->op == WIRE_CANCEL || entry->op == WIRE_RELEASE))
		return slot->entry.direction;
	return entry->direction;
}

int lane_turn(struct lane *lane)
{
	struct wire_submission entry;
	struct wire_completion completion;
	int taken, got = 0, err;

	for (taken = 0; taken < BATCH && !waits(lane); taken++) {
		got = ring_server_take(&lane->ring, &entry);
		if (got <= 0)
			break;
		err = entry_run(lane, &entry);
		if (err == 1)
			continue;
		if (err && !(entry.op == WIRE_CANCEL && err == -EBUSY))
			refused(lane, NULL, direction(lane, &entry), err);
		completion = (struct wire_completion){
			.cookie = entry.cookie,
			.slot = (uint16_t)entry.slot,
			.op = entry.op,
			.error = (int16_t)err,
		};
		answer(lane, &completion);
	}
	return got < 0 ? got : taken;
}

void lane_wake(struct lane *lane)
{
	if (lane->publication)
		publication_wake(lane->publication);
	if (!lane->posted)
		return;
	lane->posted = 0;
	if (ring_server_must_wake(&lane->ring) &&
	    bell_ring(lane->wakes_client, 1) == -EINTR)
		lane->tenant->client->dead = 1;
}
